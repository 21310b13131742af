"""Records that leave the stage whose entering started an approval: it has nothing to decide any more, and ends."""

from dougong.derive.moves import StageRules
from dougong.runtime.approvals import locks, telling
from dougong.runtime.approvals.former import definition_of
from dougong.runtime.approvals.rows import Started, running_of, tasks_of
from dougong.runtime.approvals.steps import stop
from dougong.runtime.gate.draft import Draft


def after(draft: Draft) -> None:
    """End what the record moved away from, as withdrawn; `on_withdrawn` is for people who take theirs back, and does not follow."""
    unit, name, old = draft.unit, draft.rules.name, draft.old
    left = [] if old is None else [t for t in draft.rules.tracks if draft.row[t.field] != old[t.field]]
    if old is None or not left or not locks.concern(unit, name):
        return
    for approval in running_of(unit, name, draft.row["id"]):
        track = next((t for t in left if _is_started_by(draft, approval, t)), None)
        if track is not None:
            stage = old[track.field] or track.start
            title = track.stages[stage].title
            asked = [t.user_id for t in tasks_of(unit, approval.id) if t.state == "open"]
            stop(unit, approval, "withdrawn", stage)
            people = dict.fromkeys([*asked, *([] if approval.owner is None else [approval.owner])])
            telling.left(unit, approval, people, (title.zh, title.en))


def _is_started_by(draft: Draft, approval: Started, track: StageRules) -> bool:
    """Whether entering a stage of this pipeline started an approval that does not go on without it."""
    definition = definition_of(draft.unit, approval)
    start = None if definition is None or definition.goes_on else definition.start
    return start is not None and start.kind == "entered" and start.column == track.field
