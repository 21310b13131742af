"""Which fields an app uses, and where: forms, views, rules, formulas, triggers, grants, stages."""

from collections.abc import Iterable, Iterator

from dougong_dsl.expression import Expression
from dougong_dsl.expression.typed import Children, Get, walk

from dougong.model.actions import Action, every, gaps
from dougong.model.app import App, Object
from dougong.model.documents import expressions as in_documents
from dougong.model.dues import Moment
from dougong.model.flow import Pipeline, Trigger
from dougong.model.memory import Verdicts

Use = tuple[str, str]  # object, field


def used_fields(app: App, known: Verdicts) -> set[Use]:
    """Every (object, field) that something uses; the fields of an object without a form of its own all stand on the one it gets."""
    found: set[Use] = set()
    for owner in app.objects.values():
        found |= known.of(_used_by, owner)
    for trigger in app.triggers.values():
        found.update(_of_trigger(trigger))
    for channel in app.channels.values():
        named = (channel.address, channel.consent, channel.opt_out)
        found.update((owner, name) for owner in channel.objects for name in named if name is not None)
    for pool in app.pools.values():
        found.update((pool.object, name) for name in (*pool.shows, pool.field))
        found.update(use for event in pool.recycle if event.moment is not None for use in _of_moment(event.moment))
    found.update((table.object, name) for table in app.tables.values() for row in table.rows for name in row.when)
    found.update((score.object, name) for score in app.scores.values() for name in (score.name, score.band_field))
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


def _used_by(owner: Object) -> frozenset[Use]:
    return frozenset(_own(owner)).union(*(read_by(each) for group in _expressions_of(owner) for each in group if each is not None))


def read_by(expression: Expression) -> frozenset[Use]:
    """The fields that an expression reads, of whatever object."""
    nodes = list(walk(expression.root))
    named = {(node.row.object, node.name) for node in nodes if isinstance(node, Get)}
    return frozenset(named | {(node.object, node.through) for node in nodes if isinstance(node, Children)})


def _own(owner: Object) -> Iterator[Use]:
    """What an object says of its fields beside their place on a form: its record title, search, uniqueness, the list at a link's other end."""
    yield owner.name, owner.record_title
    for field in owner.fields.values():
        if field.unique or field.searchable or field.is_kept or field.pipeline or getattr(field.type, "reverse", None):
            yield owner.name, field.name
    for pipeline in owner.pipelines:
        yield from ((owner.name, name) for name in _of_pipeline(pipeline))
        if pipeline.splits is not None:
            yield from ((pipeline.splits.into, name) for name in (pipeline.splits.by, *pipeline.splits.sums))
        for stage in pipeline.stages.values():
            for action in every(stage.actions):
                yield from action.writes(owner.name)


def _of_pipeline(pipeline: Pipeline) -> Iterator[str]:
    for stage in pipeline.stages.values():
        for gate in (stage.to_enter, stage.to_leave):
            yield from (*gate.fields, *(e.field for e in gate.evidence))
        yield from (d.field for d in (stage.overdue, stage.review) if d is not None and d.field is not None)
    for move in pipeline.moves:
        yield from move.asks
    yield from () if pipeline.under is None else (pipeline.under,)
    yield from () if pipeline.splits is None else pipeline.splits.sums


def _of_trigger(trigger: Trigger) -> Iterator[Use]:
    for event in trigger.events:
        if event.field is not None:
            yield event.object, event.field
        if event.moment is not None:
            yield from _of_moment(event.moment)
    for action in every(trigger.actions):
        yield from action.writes(trigger.events[0].object)


def _of_moment(moment: Moment) -> Iterator[Use]:
    if moment.field is not None:
        yield moment.child or moment.object, moment.field
    if moment.child is not None and moment.through is not None:
        yield moment.child, moment.through


def _expressions_of(owner: Object) -> list[Iterable[Expression | None]]:
    """Every expression of an object."""
    found: list[Iterable[Expression | None]] = [(f.formula, f.default, f.required_when, f.show_when) for f in owner.fields.values()]
    found += [(check.rule, *gaps(check.message)) for check in owner.checks]
    for pipeline in owner.pipelines:
        found += [(move.when,) for move in pipeline.moves]
        found += [each for stage in pipeline.stages.values() for each in _asked_by(stage.actions)]
        stages = pipeline.stages.values()
        gates = [gate for stage in stages for gate in (stage.to_enter, stage.to_leave)]
        found += [(evidence.version,) for gate in gates for evidence in gate.evidence]
        found += [(d.calendar_of,) for stage in stages for d in (stage.overdue, stage.review) if d is not None]
    return found


def _expressions(app: App) -> Iterator[Expression]:
    """Every expression of an app beside those of its objects."""
    found: list[Iterable[Expression | None]] = []
    found += [(pool.where, pool.unless, pool.holder) for pool in app.pools.values()]
    found += [(webhook.find,) for webhook in app.webhooks.values()]
    found += [(grant.where,) for role in app.roles.values() for grant in role.grants]
    found += [(section.show_when,) for form in app.forms.values() for section in form.sections]
    found += [(view.where, *(view.highlight or {}).values()) for view in app.views.values()]
    found += [tuple(in_documents(document.pieces)) for document in app.documents.values()]
    for trigger in app.triggers.values():
        found.append((trigger.when, *(e.moment.where for e in trigger.events if e.moment is not None)))
        found += _asked_by(trigger.actions)
    return (each for group in found for each in group if each is not None)


def _asked_by(actions: Iterable[Action]) -> list[Iterable[Expression | None]]:
    return [group for action in every(actions) for group in ((action.when,), action.expressions())]
