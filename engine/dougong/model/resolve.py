"""Definition → model: names bound, types built, expressions typed, everything frozen.

Each step adds to a draft and reports what is wrong; the model is made even then, from what is sound, so that the checks
can go on. Whoever runs an app asks first whether there were errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dougong_dsl.codes import names as codes
from dougong_dsl.diagnostics import Diagnostic, nearest
from dougong_dsl.expression.types import Boolean, Text
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.fields import plain
from dougong.fields.base import BuildContext, OptionsError
from dougong.fields.choice import read_choices
from dougong.fields.currencies import CURRENCIES, currency_meant
from dougong.model.app import App, Check, Field, Object
from dougong.model.channels import received_as
from dougong.model.drafts import BUILT_IN, USER, Draft, DraftObject
from dougong.model.due_fields import draft_due_fields, has_deadlines
from dougong.model.gate_fields import UNSUPPORTED, draft_gate_fields
from dougong.model.memory import Memory, Recall, Shape
from dougong.model.names import check_name
from dougong.model.past import Pasts
from dougong.model.pool_fields import draft_pool_fields, pools_of
from dougong.model.resolve_approvals import resolve_approvals
from dougong.model.resolve_calendars import resolve_calendars
from dougong.model.resolve_channels import resolve_channels, resolve_connectors, resolve_webhooks
from dougong.model.resolve_documents import resolve_documents
from dougong.model.resolve_dues import resolve_deadlines
from dougong.model.resolve_faces import resolve_forms, resolve_views
from dougong.model.resolve_fields import resolve_fields
from dougong.model.resolve_flow import draft_pipelines, resolve_pipelines
from dougong.model.resolve_journeys import resolve_journeys
from dougong.model.resolve_objects import draft_objects
from dougong.model.resolve_pools import resolve_pools
from dougong.model.resolve_rights import resolve_roles
from dougong.model.resolve_scenarios import resolve_scenarios
from dougong.model.resolve_scores import resolve_scores
from dougong.model.resolve_splits import resolve_splits
from dougong.model.resolve_tables import resolve_tables
from dougong.model.resolve_triggers import resolve_stage_actions, resolve_triggers
from dougong.model.score_fields import draft_score_fields, scores_of

DEFAULT_ZONE = "Asia/Shanghai"
DEFAULT_CURRENCY = "CNY"
DEFAULT_VERSION = "0.1.0"
_NAMES = frozenset(("name", "title", "名称", "姓名", "标题"))  # fields that name a record


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a definition means, as far as it is sound. `unsound` are the (section, name) of parts with an error inside."""

    app: App
    diagnostics: list[Diagnostic]
    unsound: frozenset[tuple[str, str]]


def resolve(
    definition: AppDefinition, files: Mapping[str, str], broken: frozenset[str], memory: Memory | None = None, pasts: Pasts | None = None
) -> Resolved:
    """The app that a definition means. `broken` are names that were written but left out; `memory` is what the last build left, `pasts` what
    earlier releases called things."""
    context, found, spoilt = _context(definition)
    draft = Draft(context, broken | spoilt, pasts)
    if memory is not None:
        draft.known_fields = memory.fields if memory.context == context else {}
        memory.fields = draft.kept_fields
        draft.known_pipelines, memory.pipelines = memory.pipelines, draft.kept_pipelines
    draft.report(*found, *check_name(definition.app))
    draft_objects(draft, definition)
    draft_pipelines(draft, definition)
    draft_due_fields(draft, definition)
    draft_pool_fields(draft, definition)
    draft_gate_fields(draft, definition)
    draft_score_fields(draft, definition)
    if memory is not None:
        draft.recall = Recall(memory, context, _shapes(draft, definition))
    resolve_fields(draft)
    resolve_pipelines(draft, definition)
    resolve_splits(draft, definition)
    draft.channels, draft.webhooks = resolve_channels(draft, definition), resolve_webhooks(draft, definition)
    draft.connectors = resolve_connectors(draft, definition)
    resolve_stage_actions(draft, definition)
    resolve_deadlines(draft, definition)
    resolve_journeys(draft, definition)
    roles = resolve_roles(draft, definition)
    triggers = resolve_triggers(draft, definition)
    approvals = resolve_approvals(draft, definition)
    forms, views = resolve_forms(draft, definition), resolve_views(draft, definition)
    app = App(
        name=str(definition.app),
        version=str(definition.version or DEFAULT_VERSION),
        title=definition.title or Title.same(str(definition.app)),
        zone=context.zone,
        currency=context.currency,
        objects=_objects(draft, memory),
        roles=roles,
        triggers=triggers,
        approvals=approvals,
        tables=resolve_tables(draft, definition),
        pools=resolve_pools(draft, definition),
        channels=draft.channels,
        webhooks=draft.webhooks,
        connectors=draft.connectors,
        forms=forms,
        views=views,
        files=dict(files),
        calendar=context.calendar,
        calendars=context.calendars,
        scores=resolve_scores(draft, definition),
        documents=resolve_documents(draft, definition),
        scenarios=resolve_scenarios(draft, definition),
        pasts=draft.pasts,
    )
    return Resolved(app, draft.diagnostics, frozenset(draft.unsound))


def _shapes(draft: Draft, definition: AppDefinition) -> dict[str, Shape]:
    """What the names of every object come from, and those of what webhooks take in."""
    received = {received_as("webhook", str(name)): tuple(each.payload.items()) for name, each in definition.webhooks.items()}
    return {**{str(name): _shape(definition, owner) for name, owner in draft.objects.items()}, **received}


def _shape(definition: AppDefinition, owner: DraftObject) -> Shape:
    """What the names of an object and their types come from."""
    roles = tuple((role, each.title) for role, each in definition.roles.items()) if owner.name == USER else ()
    ways = tuple((p.name, p.field, p.title, *((s.name, s.title, s.was) for s in p.stages.values())) for p in owner.pipelines)
    return (
        owner.definition,
        pools_of(owner),
        tuple(owner.reverses.values()),
        ways,
        owner.approvals,
        scores_of(definition, owner),
        roles,
        tuple(p.field for p in owner.pipelines if has_deadlines(owner, p)),
        UNSUPPORTED in owner.fields,
    )


def _context(definition: AppDefinition) -> tuple[BuildContext, list[Diagnostic], set[str]]:
    """Currency, time zone, calendars and option lists, with defaults in place of wrong ones."""
    found: list[Diagnostic] = []
    spoilt: set[str] = set()
    currency = str(definition.currency or DEFAULT_CURRENCY)
    if currency not in CURRENCIES and definition.currency:
        found.append(codes.UNKNOWN_CURRENCY.at(definition.currency.place, name=currency, nearest=currency_meant(currency)))
        currency = DEFAULT_CURRENCY
    lists = {}
    for name, written in definition.lists.items():
        try:
            read_choices(plain(written))
            lists[str(name)] = plain(written)
        except OptionsError as error:
            spoilt.add(str(name))
            found.append(codes.WRONG_OPTION.at(name.place, key=f"`{name}`", problem=(error.zh, error.en), nearest=error.nearest))
    zone = _zone(definition.timezone, found)
    return BuildContext(currency, lists, zone, *resolve_calendars(definition, zone, found)), found, spoilt


def _zone(name: Word | None, found: list[Diagnostic]) -> ZoneInfo:
    try:
        return ZoneInfo(str(name or DEFAULT_ZONE))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        assert name is not None
        found.append(codes.UNKNOWN_ZONE.at(name.place, name=str(name)))
        return ZoneInfo(DEFAULT_ZONE)


def _objects(draft: Draft, memory: Memory | None) -> dict[str, Object]:
    """Every object; one that is the same as in the last build is the one of the last build, so that what was found out about it holds."""
    made = [_object(draft, owner) for owner in draft.objects.values()]
    if memory is None:
        return {each.name: each for each in made}
    former = memory.objects
    memory.objects = {each.name: former[each.name] if each == former.get(each.name) else each for each in made}
    return dict(memory.objects)


def _object(draft: Draft, owner: DraftObject) -> Object:
    written = owner.definition
    fields = {field.built.name: field.built for field in owner.fields.values() if field.built is not None}
    scope = draft.scope(str(owner.name), has_old=True)
    checks = []
    for each in written.checks if written else ():
        rule = draft.expression(each.rule, scope, Boolean())
        message = draft.template(each.message, scope)
        if rule is not None:
            checks.append(Check(rule, message, str(each.severity), each.place))
    return Object(
        name=str(owner.name),
        title=owner.title,
        table=BUILT_IN.get(owner.name, str(owner.name)),
        record_title=_record_title(draft, owner, fields),
        fields=fields,
        place=owner.place,
        reverses=owner.reverses,
        checks=tuple(checks),
        pipeline=owner.pipeline,
        tracks=tuple(owner.tracks.values()),
        icon=str(written.icon) if written and written.icon else "folder",
        was=str(written.was) if written and written.was else None,
        retired=frozenset(owner.retired),
        is_system=owner.name in BUILT_IN,
    )


def _record_title(draft: Draft, owner: DraftObject, fields: Mapping[str, Field]) -> str:
    """The field that names a record: the declared one, else `name` or `title`, else the first text, else the first field."""
    written = owner.definition.record_title if owner.definition else None
    if written is not None:
        field = fields.get(written)
        if field is None:
            if written not in draft.broken:
                near = nearest(written, fields)
                draft.report(codes.UNKNOWN_FIELD.at(written.place, object=str(owner.name), name=str(written), nearest=near))
        elif field.type.is_link or not field.type.is_sortable or not field.is_stored:
            draft.report(codes.LIST_IN_RECORD_TITLE.at(written.place, name=str(written)))
        return str(written)
    text = first = None
    for name, field in fields.items():
        if field.is_stored and field.type.is_sortable and not field.type.is_link:
            if isinstance(field.type.type, Text):
                if name in _NAMES:
                    return name
                text = text or name
            first = first or name
    return text or first or "id"
