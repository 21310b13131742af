"""Fields that nobody changes while an approval runs, and records that nobody deletes."""

from dougong.runtime.approvals import refusals as codes
from dougong.runtime.approvals.rows import running_of
from dougong.runtime.gate.draft import Draft


def against_change(draft: Draft) -> None:
    """Refuse changes of locked fields; an object without such approvals costs nothing."""
    unit, name = draft.unit, draft.rules.name
    if draft.old is None or not any(a.object == name and a.lock for a in unit.compiled.app.approvals.values()):
        return
    changed = set(draft.changed())
    for approval in running_of(unit, name, draft.row["id"]) if changed else ():
        for field in sorted(changed.intersection(approval.locked)):
            rule = draft.rules.fields.get(field)
            title = ("阶段", "the stage") if rule is None else rule.spoken
            draft.refuse(codes.LOCKED, field=field, approval=spoken(draft, approval.name), title=title)


def against_deletion(draft: Draft) -> None:
    """Refuse to delete what is being decided upon."""
    unit, name = draft.unit, draft.rules.name
    if draft.old is None or not any(a.object == name for a in unit.compiled.app.approvals.values()):
        return
    for approval in running_of(unit, name, draft.old["id"]):
        draft.refuse(codes.RUNS_WHILE_DELETED, approval=spoken(draft, approval.name))


def spoken(draft: Draft, name: str) -> tuple[str, str]:
    """An approval's title; its name when the definition has it no more."""
    found = draft.unit.compiled.app.approvals.get(name)
    return (name, name) if found is None else (found.title.zh, found.title.en)
