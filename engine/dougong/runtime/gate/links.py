"""What stands against deleting a record: others that link to it, told only as far as the actor may see them."""

from dougong.definition.builtin import USER
from dougong.runtime import refusals as codes
from dougong.runtime.gate.draft import Draft
from dougong.runtime.people.refusals import STILL_AT_WORK
from dougong.runtime.people.texts import STILL_OPEN, text


def against_deletion(draft: Draft) -> None:
    """Note every kind of record that still points to this one."""
    unit, record_id = draft.unit, draft.row["id"]
    unseen = False
    for child, through in draft.rules.linked_from:
        found = unit.connection.one(unit.compiled.writes(child).linked(through), {"dg_key": record_id})
        total = found[0] if found else 0
        if not total:
            continue
        seen = sum(1 for row in unit.children(child, through, record_id) if unit.matching(child, "read", row))
        if seen:
            draft.refuse(codes.STILL_LINKED, count=seen, target=unit.compiled.rules(child).spoken)
        unseen = unseen or seen < total
    if unseen and not draft.refusals:
        draft.refuse(codes.STILL_LINKED_UNSEEN)
    if draft.rules.name == USER:
        _against_leaving(draft)


def _against_leaving(draft: Draft) -> None:
    """Note what waits for a user: with them it would be lost."""
    found = draft.unit.connection.one(text(STILL_OPEN, draft.unit.compiled.dialect), {"user_id": draft.row["id"]})
    if found is not None and found[0]:
        draft.refuse(STILL_AT_WORK, count=found[0])
