"""What a refusal may tell its reader: of a field that they may neither read nor write, neither the name nor what is in it."""

from collections.abc import Iterable

from dougong.refusals import Refusal
from dougong.runtime import refusals as codes
from dougong.runtime.gate.draft import Draft

MISSING = (codes.REQUIRED, codes.ASKED_ON_MOVE, codes.NEEDED_TO_LEAVE, codes.NEEDED_TO_ENTER)


def knows(draft: Draft, name: str) -> bool:
    """Whether the actor may know that there is such a field: they may see or fill it on some record, or they named it themselves."""
    access, object_name = draft.unit.access, draft.rules.name
    seen = access.reads(object_name)
    if name in draft.values or name in seen.clear or name in seen.masked or name not in draft.rules.fields:
        return True
    return any(name in access.rights(object_name, action).clear for action in ("create", "update"))


def told(draft: Draft, refusals: Iterable[Refusal]) -> list[Refusal]:
    """The refusals of a write as the actor may hear them; the words of checks are the definition's own and stay."""
    found: list[Refusal] = []
    for refusal in refusals:
        if refusal.field is None or knows(draft, refusal.field):
            found.append(refusal)
        elif refusal.code is codes.CHECK_FAILED:
            found.append(Refusal(refusal.code, refusal.params, None, refusal.clause))
        else:
            unseen = Refusal(codes.UNSEEN_MISSING if refusal.code in MISSING else codes.UNSEEN_WRONG)
            found += [unseen] if unseen not in found else []
    return found
