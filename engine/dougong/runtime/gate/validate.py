"""Step 4: required fields, checks, uniqueness and links. Everything is looked at; nothing stops at the first refusal."""

from dougong.derive.rules import FieldRule
from dougong.refusals import Refusal
from dougong.runtime import refusals as codes
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gate.files import refuse_files
from dougong.runtime.gate.lookups import is_taken, link_exists


def validate(draft: Draft) -> None:
    """Note whatever the rules of the object have against the row."""
    require(draft)
    check(draft)
    for rule in draft.rules.unique:
        if touched(draft, rule.name) and is_taken(draft, rule.name):
            refuse_taken(draft, rule)
    for rule in draft.rules.links:
        if rule.name in draft.given and touched(draft, rule.name) and not link_exists(draft, rule):
            target = draft.unit.compiled.rules(str(rule.target)).spoken
            draft.refuse(codes.NO_SUCH_LINK, field=rule.name, clause=rule.clause, title=rule.spoken, id=draft.row[rule.name], target=target)

    for rule in draft.rules.files:
        if rule.name in draft.given:
            refuse_files(draft, rule)


def require(draft: Draft) -> None:
    """Required fields; a field that its form would not show (`show_when` is not true) is not asked for and keeps its value."""
    row = draft.row
    for rule in draft.rules.demanding:
        name = rule.name
        if row[name] is not None or name in draft.wrong:
            continue
        if is_shown(draft, rule) and is_demanded(draft, rule):
            draft.refuse(codes.REQUIRED, field=name, clause=rule.clause, title=rule.spoken)


def is_shown(draft: Draft, rule: FieldRule) -> bool:
    """Whether a form would show the field."""
    return rule.show_when is None or rule.show_when(draft.row, draft.context) is True


def is_demanded(draft: Draft, rule: FieldRule) -> bool:
    """Whether the field must have a value, as the record stands."""
    if rule.is_required:
        return True
    return rule.required_when is not None and rule.required_when(draft.row, draft.context) is True


def check(draft: Draft) -> None:
    """Checks fail only when they are false, never when a blank leaves them open."""
    if not draft.rules.checks:
        return
    context = draft.context
    for rule in draft.rules.checks:
        if rule.program(draft.row, context) is False:
            message = rule.message(draft.row, context)
            if rule.is_error:
                draft.refuse(codes.CHECK_FAILED, field=rule.field, clause=rule.clause, message=message)
            else:
                draft.warnings.append(Refusal(codes.CHECK_FAILED, {"message": message}, rule.field, rule.clause))


def touched(draft: Draft, name: str) -> bool:
    """Whether this write gives the field a new value that is not blank."""
    value = draft.row[name]
    return value is not None and (draft.old is None or value != draft.old[name])


def refuse_taken(draft: Draft, rule: FieldRule) -> None:
    """Note that the value of a unique field is somebody else's already."""
    value = rule.field.type.format(draft.row[rule.name], draft.unit.reading)
    draft.refuse(codes.NOT_UNIQUE, field=rule.name, clause=rule.clause, title=rule.spoken, value=value)
