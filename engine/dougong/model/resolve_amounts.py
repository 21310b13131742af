"""Written durations as amounts that calendars count."""

from dougong_dsl.codes import names as name_codes
from dougong_dsl.working import Amount

from dougong.definition.durations import DurationDefinition
from dougong.model.drafts import Draft

MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "weeks": 10080, "months": 43830}
LONGEST = 100 * 365 * 1440  # minutes; beyond the calendar nobody waits for it
LONGEST_WORKING = LONGEST // 10  # work may be done for half an hour a week: dates have four digits

WORKING = ("工作日、工作小时或工作分钟", "working days, working hours or working minutes")
TOO_LONG = ("不超过 100 年的时长（工作时间不超过 10 年）", "at most 100 years, or 10 of working time")


def amount_of(draft: Draft, written: DurationDefinition, *, is_wait: bool = False) -> Amount | None:
    """A written duration; `working weeks` and the like are reported, and what nobody lives to see. `is_wait`: it must not be nothing."""
    found = read_amount(int(written.amount), str(written.unit), bool(written.working))
    if isinstance(found, Amount) and found.count == 0 and is_wait:
        found = ("大于零的时长", "more than nothing")
    if isinstance(found, Amount):
        return found
    place, key, value = (
        (written.unit.place, "`unit`", str(written.unit)) if found == WORKING else (written.place, "`amount`", str(written.amount))
    )
    draft.report(name_codes.WRONG_VALUE.at(place, key=key, value=value, expected=found))
    return None


def read_amount(count: int, unit: str, is_working: bool) -> Amount | tuple[str, str]:
    """An amount, or what is expected instead."""
    if count * MINUTES.get(unit, 0) > (LONGEST_WORKING if is_working else LONGEST):
        return TOO_LONG
    try:
        return Amount(count, unit, is_working)
    except ValueError:
        return WORKING


def length_of(written: DurationDefinition) -> int:
    """About how many minutes, the day at 24 hours and the month at a twelfth of a year."""
    return int(written.amount) * MINUTES.get(str(written.unit), 0)
