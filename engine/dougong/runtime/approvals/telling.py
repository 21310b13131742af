"""Who hears what of an approval: those who are asked, and the submitter when it ends."""

from dougong.runtime.approvals.rows import Started
from dougong.runtime.people.inbox import notify
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
    _tell(unit, approval, user_id, (f"请审批：{zh}", f"Please decide: {en}"), f"approval:{approval.id}:task:{task_id}")


def ended(unit: Unit, approval: Started, state: str) -> None:
    """The submitter hears how it ended, unless it was the submitter who ended it."""
    if approval.submitted_by is None or state == "withdrawn":
        return
    zh, en = approval.text
    word = _ENDS[state]
    _tell(unit, approval, approval.submitted_by, (f"{zh} {word[0]}", f"{en} was {word[1]}"), f"approval:{approval.id}:end")


def title(unit: Unit, approval: Started) -> tuple[str, str]:
    """The approval's title."""
    found = unit.compiled.app.approvals.get(approval.name)
    return (approval.name, approval.name) if found is None else (found.title.zh, found.title.en)


def _tell(unit: Unit, approval: Started, user_id: int, spoken: tuple[str, str], key: str) -> None:
    notify(unit, [user_id], spoken, key=key, kind="approval", object=approval.object, record_id=approval.record_id)
