"""Who hears what of an approval: those who are asked, and the submitter when it ends."""

from collections.abc import Iterable

from dougong.runtime.approvals.rows import Started
from dougong.runtime.people.inbox import notify, settle
from dougong.runtime.unit import Unit

_ENDS = {
    "approved": ("已通过", "approved"),
    "rejected": ("被驳回", "rejected"),
    "returned": ("被退回", "returned to you"),
    "withdrawn": ("已撤回", "withdrawn"),
}


def asked(unit: Unit, approval: Started, user_id: int, task_id: int) -> None:
    """Somebody is asked to decide."""
    zh, en = approval.text
    _tell(unit, approval, user_id, (f"请审批：{zh}", f"Please decide: {en}"), f"{_prefix(approval)}{task_id}")


def settled(unit: Unit, approval: Started) -> None:
    """Nobody has to look at it any more who was asked."""
    settle(unit, approval.object, approval.record_id, _prefix(approval), "approval")


def ended(unit: Unit, approval: Started, state: str) -> None:
    """The submitter hears how it ended, unless it was the submitter who ended it."""
    if approval.owner is None or state == "withdrawn":
        return
    zh, en = approval.text
    word = _ENDS[state]
    _tell(unit, approval, approval.owner, (f"{zh} {word[0]}", f"{en} was {word[1]}"), f"approval:{approval.id}:end")


def left(unit: Unit, approval: Started, people: Iterable[int], stage: tuple[str, str]) -> None:
    """Those who were asked, and the submitter, hear that the record has left the stage; not whoever moved it."""
    zh, en = approval.text
    spoken = (f"{zh} 已撤回：记录离开了“{stage[0]}”", f"{en} was withdrawn: the record has left “{stage[1]}”")
    others = [user_id for user_id in people if user_id != unit.person.id]
    notify(unit, others, spoken, key=f"approval:{approval.id}:end", kind="approval", object=approval.object, record_id=approval.record_id)


def title(unit: Unit, approval: Started) -> tuple[str, str]:
    """The approval's title."""
    found = unit.compiled.app.approvals.get(approval.name)
    return (approval.name, approval.name) if found is None else (found.title.zh, found.title.en)


def _tell(unit: Unit, approval: Started, user_id: int, spoken: tuple[str, str], key: str) -> None:
    notify(unit, [user_id], spoken, key=key, kind="approval", object=approval.object, record_id=approval.record_id)


def _prefix(approval: Started) -> str:
    return f"approval:{approval.id}:task:"
