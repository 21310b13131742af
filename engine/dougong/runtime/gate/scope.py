"""Steps 1 and 6: is there a grant, does it cover the record as it is, and does it still cover it as it will be. Exact to the cell."""

from collections.abc import Iterable

from dougong.access.grants import Rights, Share
from dougong.derive.rules import ObjectRules
from dougong.model.flow import Pipeline
from dougong.model.rights import ActionName
from dougong.refusals import RefusalCode, Refused, refuse
from dougong.runtime import refusals as codes
from dougong.runtime.gate import explain
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Row, Unit


def granted(unit: Unit, rules: ObjectRules, action: ActionName, pipeline: Pipeline | None = None) -> Rights:
    """The actor's rights for the action (to move: along a pipeline); `Refused` R401 when there are none."""
    rights = unit.access.rights(rules.name, action)
    if not any(_is_along(share, pipeline) for share in rights.shares):
        raise no_grant(rules, action, pipeline)
    return rights


def no_grant(rules: ObjectRules, action: ActionName, pipeline: Pipeline | None = None) -> Refused:
    """There is no grant for this at all; where records go several ways, the refusal names the pipeline."""
    zh, en = rules.spoken
    if pipeline is not None and len(rules.tracks) > 1:
        zh, en = f"{zh}（{pipeline.title.zh}）", f"{en} ({pipeline.title.en})"
    return refuse(codes.NO_GRANT, action=codes.ACTIONS[action], object=(zh, en))


def load(unit: Unit, rules: ObjectRules, record_id: int, action: ActionName) -> Row:
    """The record, locked; one that the actor may neither see nor act on is answered like one that does not exist."""
    row = unit.locked(rules.name, record_id)
    if row is None or not (unit.matching(rules.name, "read", row) or unit.matching(rules.name, action, row)):
        raise refuse(codes.NOT_FOUND, object=rules.spoken)
    return row


def not_stale(unit: Unit, row: Row, version: int | None, rules: ObjectRules) -> None:
    """`Refused` R501 when somebody else changed the record since `version`; what this transaction did itself does not count."""
    first = unit.first_versions.setdefault((rules.name, row["id"]), row["version"])
    if version is not None and not first <= version <= row["version"]:
        raise refuse(codes.STALE_VERSION, object=rules.spoken)


def before(draft: Draft, action: ActionName, names: Iterable[str], pipeline: Pipeline | None = None) -> None:
    """The record as it is must be within the actor's rows, each of the fields by a grant that gives it."""
    assert draft.old is not None
    if not covers(draft, action, draft.old, names, pipeline):
        _outside(draft, codes.OUTSIDE_BEFORE, action, draft.old)


def after(draft: Draft, action: ActionName, names: Iterable[str]) -> None:
    """The record as it will be must be within the actor's rows too."""
    if not covers(draft, action, draft.row, names):
        _outside(draft, codes.OUTSIDE_AFTER, action, draft.row)


def _outside(draft: Draft, code: RefusalCode, action: ActionName, row: Row) -> None:
    why, field, clause = explain.scope(draft, action, row)
    draft.refuse(
        code,
        field=field if code is codes.OUTSIDE_AFTER else None,
        clause=clause,
        object=draft.rules.spoken,
        action=codes.ACTIONS[action],
        why=why,
    )


def covers(draft: Draft, action: ActionName, row: Row, names: Iterable[str], pipeline: Pipeline | None = None) -> bool:
    """Whether the grants that match the row give all these fields (and moves along the pipeline)."""
    unit = draft.unit
    rights = unit.access.rights(draft.rules.name, action)
    matching = [i for i in unit.matching(draft.rules.name, action, row) if _is_along(rights.shares[i], pipeline)]
    if not matching:
        return False
    return len(rights.shares) == 1 or set(names) <= rights.fields_of(matching)[0]


def _is_along(share: Share, pipeline: Pipeline | None) -> bool:
    return pipeline is None or share.along in (None, pipeline.name)
