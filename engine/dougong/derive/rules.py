"""Everything the write gate asks about an object, compiled once per release: no step of a write looks at the model's expressions again.

`object_rules` takes an object of the model and gives an immutable `ObjectRules` whose parts are in the order in which the gate uses them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from dougong_dsl.expression import Expression

from dougong.derive.codec import Codec
from dougong.derive.due_rules import ObjectDues, object_dues
from dougong.derive.facts import all_fields
from dougong.derive.moves import StageRules, clause, stage_rules
from dougong.derive.programs import Program, TextProgram, compile_program, compile_template
from dougong.derive.splits import SplitRule, part_rules, whole_rules
from dougong.derive.triggers import TriggerRule, by_kind, trigger_rules
from dougong.fields.base import Dialect, FieldType
from dougong.fields.file import FileField
from dougong.model.app import App, Field, Object
from dougong.model.dispatch import Pool
from dougong.model.gates import GateAction


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field: how its value is read, and when it must be there. `spoken` is its title as a (zh, en) pair for refusals."""

    name: str
    field: Field
    spoken: tuple[str, str]
    parse: Callable[..., Any]
    parse_options: Callable[..., Any]
    clause: str
    target: str | None
    default: Program | None
    required_when: Program | None
    show_when: Program | None
    is_required: bool


@dataclass(frozen=True, slots=True)
class Formula:
    """A stored formula; `needs` are the fields of the record it reads."""

    name: str
    program: Program
    parse: Callable[..., Any]
    needs: frozenset[str]
    asks_more: bool


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A rule that must not be false, and what is said when it is. `field` is set when it speaks of one field only."""

    program: Program
    message: TextProgram
    is_error: bool
    field: str | None
    clause: str


@dataclass(frozen=True, slots=True)
class ObjectRules:
    """The rules of one object.

    `columns` are the stored fields (with `stage` and `stage_since`), in table order; `known` are the declared fields and the facts.
    """

    object: Object
    spoken: tuple[str, str]
    columns: tuple[str, ...]
    fields: Mapping[str, FieldRule]
    known: Mapping[str, Field]
    empty: Mapping[str, None]
    defaults: tuple[FieldRule, ...]
    formulas: tuple[Formula, ...]
    virtual: Mapping[str, tuple[Program, Callable[..., Any]]]
    numbered: tuple[FieldRule, ...]
    demanding: tuple[FieldRule, ...]
    checks: tuple[CheckRule, ...]
    unique: tuple[FieldRule, ...]
    links: tuple[FieldRule, ...]
    files: tuple[FieldRule, ...]
    stages: StageRules | None
    tracks: tuple[StageRules, ...]  # of all pipelines, the main one first
    actions: Mapping[str, GateAction]  # of gates, by name
    triggers: Mapping[str, tuple[TriggerRule, ...]]
    dues: ObjectDues
    untold: frozenset[str]  # columns that the engine keeps: no history of theirs
    trigger_rules: tuple[TriggerRule, ...]
    linked_from: tuple[tuple[str, str], ...]
    splits: tuple[SplitRule, ...]  # what its records are split into
    part_of: tuple[SplitRule, ...]  # what its records are parts of
    pools: Mapping[str, Pool]
    codec: Codec
    to_json: Mapping[str, Callable[[Any], Any]]

    def is_open(self, row: Mapping[str, Any]) -> bool:
        """Whether work on a record is going on: in its main pipeline or, without one, in the first; always where there is none."""
        track = self.tracks[0] if self.tracks else None
        stage = None if track is None else track.stages.get(row[track.field] or track.start)
        return stage is None or stage.is_open

    def is_stored(self, name: str) -> bool:
        """Whether a field or fact has a column."""
        return name not in self.virtual

    @property
    def name(self) -> str:
        """The object's name."""
        return self.object.name


def object_rules(app: App, target: Object, dialect: Dialect, compile: Callable[[Expression], Program] = compile_program) -> ObjectRules:
    """What the gate needs of one object of the app; `compile` makes functions of its expressions."""
    fields = {name: _field_rule(field, compile) for name, field in target.fields.items()}
    stored = tuple(str(n) for n, f in target.fields.items() if f.is_stored)  # plain strings: names go into JSON
    columns = (*stored, "stage", "stage_since") if target.pipeline else stored
    rules = tuple(fields.values())
    known = all_fields(app, target)
    tracks = tuple(stage_rules(pipeline, compile) for pipeline in target.pipelines)
    waiting = trigger_rules(app, target.name, compile)
    return ObjectRules(
        object=target,
        spoken=(target.title.zh, target.title.en),
        columns=columns,
        fields=fields,
        known=known,
        empty=dict.fromkeys(columns),
        defaults=tuple(r for r in rules if r.default),
        formulas=_formulas(target, compile),
        virtual={n: (compile(f.formula), f.type.parse) for n, f in target.fields.items() if f.formula and not f.is_stored},
        numbered=tuple(r for r in rules if r.field.type.is_numbered),
        demanding=tuple(r for r in rules if r.is_required or r.required_when),
        checks=tuple(
            CheckRule(compile(c.rule), compile_template(app, c.message), c.severity == "error", _one(c.rule), clause(c.place))
            for c in target.checks
        ),
        unique=tuple(r for r in rules if r.field.unique),
        links=tuple(r for r in rules if r.target is not None and r.field.is_stored),
        files=tuple(r for r in rules if isinstance(r.field.type, FileField)),
        stages=tracks[0] if target.pipeline else None,
        tracks=tracks,
        actions={name: action for p in target.pipelines for name, action in p.actions.items()},
        triggers=by_kind(waiting),
        trigger_rules=waiting,
        dues=object_dues(app, target, compile),
        untold=_untold(app, target),
        linked_from=_linked_from(app, target),
        splits=whole_rules(app, target),
        part_of=part_rules(app, target),
        pools={name: pool for name, pool in app.pools.items() if pool.object == target.name},
        codec=Codec([known[n] for n in ("id", "version", *_who_and_when(), *columns)], dialect),
        to_json={n: f.type.to_json for n, f in known.items() if type(f.type).to_json is not FieldType.to_json},
    )


def _who_and_when() -> tuple[str, ...]:
    return ("created_at", "created_by", "updated_at", "updated_by")


def _untold(app: App, target: Object) -> frozenset[str]:
    """What the engine keeps; points that actions gave are told, for nothing else would say what happened."""
    given = {score.points_field for score in app.scores.values() if score.object == target.name}
    return frozenset(("stage_since", *(n for n, f in target.fields.items() if f.is_kept and n not in given)))


def _field_rule(field: Field, compile: Callable[[Expression], Program]) -> FieldRule:
    def optional(expression: Expression | None) -> Program | None:
        return compile(expression) if expression else None

    return FieldRule(
        name=field.name,
        field=field,
        spoken=(field.title.zh, field.title.en),
        parse=field.type.parse,
        parse_options=field.type.parse_options,
        clause=clause(field.place),
        target=field.type.target,
        default=optional(field.default),
        required_when=optional(field.required_when),
        show_when=optional(field.show_when),
        is_required=field.required and field.is_writable,
    )


def _formulas(target: Object, compile: Callable[[Expression], Program]) -> tuple[Formula, ...]:
    """Stored formulas, each after those it reads."""
    computed = {n: f for n, f in target.fields.items() if f.formula and f.is_stored}
    order = TopologicalSorter({n: [d for d in sorted(_needs(f.formula)) if d in computed] for n, f in computed.items() if f.formula})
    found = []
    for name in order.static_order():
        formula = computed[name].formula
        if formula is not None:
            asks_more = formula.asks_old or formula.asks_user
            found.append(Formula(name, compile(formula), computed[name].type.parse, _needs(formula), asks_more))
    return tuple(found)


def _needs(expression: Expression | None) -> frozenset[str]:
    return frozenset(path[0] for path in expression.uses if path) if expression else frozenset()


def _one(expression: Expression) -> str | None:
    used = _needs(expression)
    return next(iter(used)) if len(used) == 1 else None


def _linked_from(app: App, target: Object) -> tuple[tuple[str, str], ...]:
    """(object, field) of every stored link that points to this object."""
    return tuple(
        (other.name, field.name)
        for other in app.objects.values()
        for field in other.fields.values()
        if field.type.target == target.name and field.is_stored
    )
