"""Written durations as amounts that calendars count."""

from dougong_dsl.codes import names as name_codes
from dougong_dsl.working import Amount

from dougong.definition.durations import DurationDefinition
from dougong.model.drafts import Draft


def amount_of(draft: Draft, written: DurationDefinition) -> Amount | None:
    """A written duration; `working weeks` and the like are reported."""
    try:
        return Amount(int(written.amount), str(written.unit), bool(written.working))
    except ValueError:
        expected = ("工作日、工作小时或工作分钟", "working days, working hours or working minutes")
        draft.report(name_codes.WRONG_VALUE.at(written.unit.place, key="`unit`", value=str(written.unit), expected=expected))
        return None
