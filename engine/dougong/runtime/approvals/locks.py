"""Fields that nobody changes while an approval runs, and records that nobody deletes."""

from dougong.runtime.approvals import refusals as codes
from dougong.runtime.approvals.rows import params, running_of, texts
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Unit


def against_change(draft: Draft) -> None:
    """Refuse changes of locked fields; an object without such approvals costs nothing."""
    unit, name = draft.unit, draft.rules.name
    if draft.old is None or not (any(a.object == name and a.lock for a in unit.compiled.app.approvals.values()) or _older(unit, name)):
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
    if draft.old is None or not concern(unit, name):
        return
    for approval in running_of(unit, name, draft.old["id"]):
        draft.refuse(codes.RUNS_WHILE_DELETED, approval=spoken(draft, approval.name))


def concern(unit: Unit, object_name: str) -> bool:
    """Whether records of an object can have approvals that run; the answer costs nothing."""
    return any(a.object == object_name for a in unit.compiled.app.approvals.values()) or _older(unit, object_name)


def _older(unit: Unit, object_name: str) -> bool:
    """Whether approvals that began in an earlier release ran when this one was first asked: they lock what they locked then."""

    def read() -> tuple[bool]:
        found = unit.connection.one(texts(unit).older, params(object=object_name, release=unit.compiled.release_id))
        return (found is not None,)

    return unit.compiled.question(("older approvals", object_name), read)[0]


def spoken(draft: Draft, name: str) -> tuple[str, str]:
    """An approval's title; its name when the definition has it no more."""
    found = draft.unit.compiled.app.approvals.get(name)
    return (name, name) if found is None else (found.title.zh, found.title.en)
