"""Which fields an app uses, and where: forms, views, rules, formulas, triggers, grants, stages."""

from collections.abc import Iterable, Iterator

from dougong_dsl.expression import Expression
from dougong_dsl.expression.typed import Children, Get, walk

from dougong.model.app import App, Object
from dougong.model.flow import AssignAction, CreateAction, Pipeline, SetAction, TodoAction, Trigger
from dougong.model.memory import Verdicts
from dougong.model.text import Template

Use = tuple[str, str]  # object, field


def used_fields(app: App, known: Verdicts) -> set[Use]:
    """Every (object, field) that something uses. Without a form of its own an object's fields all stand on the one it gets."""
    with_form = {form.object for form in app.forms.values()}
    found = {(o.name, f) for o in app.objects.values() if o.is_system or o.name not in with_form for f in o.fields}
    for owner in app.objects.values():
        found.update(_own(owner))
    for trigger in app.triggers.values():
        found.update(_of_trigger(trigger))
    for role in app.roles.values():
        for grant in role.grants:
            found.update((grant.object, name) for name in (grant.fields or frozenset()) | grant.hide | grant.mask)
    for form in app.forms.values():
        found.update((form.object, item.field) for section in form.sections for item in section.items)
    for view in app.views.values():
        found.update((view.object, name) for name in (*view.columns, *(name for name, _ in view.order)))
    for expression in _expressions(app):
        found |= known.of(read_by, expression)
    return found


def read_by(expression: Expression) -> frozenset[Use]:
    """The fields that an expression reads, of whatever object."""
    nodes = list(walk(expression.root))
    named = {(node.row.object, node.name) for node in nodes if isinstance(node, Get)}
    return frozenset(named | {(node.object, node.through) for node in nodes if isinstance(node, Children)})


def _own(owner: Object) -> Iterator[Use]:
    """What an object says of its fields beside their place on a form: its record title, search, uniqueness, the list at a link's other end."""
    yield owner.name, owner.record_title
    for field in owner.fields.values():
        if field.unique or field.searchable or getattr(field.type, "reverse", None):
            yield owner.name, field.name
    if owner.pipeline:
        yield from ((owner.name, name) for name in _of_pipeline(owner.pipeline))


def _of_pipeline(pipeline: Pipeline) -> Iterator[str]:
    for stage in pipeline.stages.values():
        yield from (*stage.to_enter, *stage.to_leave)
    for move in pipeline.moves:
        yield from move.asks


def _of_trigger(trigger: Trigger) -> Iterator[Use]:
    for event in trigger.events:
        if event.field is not None:
            yield event.object, event.field
    for action in trigger.actions:
        target = action.object if isinstance(action, CreateAction) else trigger.events[0].object
        if isinstance(action, SetAction | CreateAction):
            yield from ((target, name) for name in action.values)
        elif isinstance(action, AssignAction):
            yield target, action.field


def _expressions(app: App) -> Iterator[Expression]:
    """Every expression of an app."""
    found: list[Iterable[Expression | None]] = []
    for owner in app.objects.values():
        found += [(f.formula, f.default, f.required_when, f.show_when) for f in owner.fields.values()]
        found += [(check.rule, *_gaps(check.message)) for check in owner.checks]
        found += [(move.when,) for move in owner.pipeline.moves] if owner.pipeline else []
    found += [(grant.where,) for role in app.roles.values() for grant in role.grants]
    found += [(section.show_when,) for form in app.forms.values() for section in form.sections]
    found += [(view.where, *(view.highlight or {}).values()) for view in app.views.values()]
    for trigger in app.triggers.values():
        found.append((trigger.when,))
        for action in trigger.actions:
            found.append((action.when,))
            if isinstance(action, SetAction | CreateAction):
                found.append(action.values.values())
            elif isinstance(action, AssignAction):
                found.append((action.candidates,))
            elif isinstance(action, TodoAction):
                found += [_gaps(action.text), [recipient.user for recipient in action.recipients]]
    return (each for group in found for each in group if each is not None)


def _gaps(text: Template) -> list[Expression]:
    return [part for part in (*text.parts, *(text.en or ())) if isinstance(part, Expression)]
