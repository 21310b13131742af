"""Draft fields → fields: formulas typed and put in order, their storage decided, conditions and defaults read."""

from collections.abc import Iterator

from dougong_dsl.codes import names as codes
from dougong_dsl.expression import Expression
from dougong_dsl.expression.types import Boolean, Choice, Date, DateTime, ListOf, Money, Null, Number, Record, Text, Type

from dougong.definition.fields import FieldDefinition
from dougong.fields.base import FieldType
from dougong.fields.registry import FIELD_TYPES
from dougong.model.app import Field
from dougong.model.drafts import Draft, DraftField, DraftObject
from dougong.model.resolve_objects import add_members

MAX_SCALE = 6
Reads = dict[int, list[DraftField]]  # what each formula reads, by the id of its field


class Formulas:
    """Types formulas when somebody asks for them, so that they may stand in any order."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.running: list[DraftField] = []
        self.done: dict[tuple[str, str], Type] = {}

    def type_of(self, field: DraftField) -> Type:
        """The type of a computed field; Null (fits everywhere) for one that is wrong."""
        key = (field.object, str(field.name))
        if key in self.done:
            return self.done[key]
        if field in self.running:
            self.refuse(self.running[self.running.index(field) :])
            return Null()
        self.running.append(field)
        found = self._read(field)
        self.running.pop()
        self.done.setdefault(key, found)
        return self.done[key]

    def _read(self, field: DraftField) -> Type:
        assert field.definition is not None
        expected = field.type.type if field.type else None
        field.formula = self.draft.expression(field.definition.formula, self.draft.scope(field.object), expected, infers=field.type is None)
        if field.formula is None:
            self.draft.broken.add(str(field.name))
            return expected or Null()
        if field.type is None:
            former = field.former  # the same formula has the type it had, so that the object is the same, and what is known about it
            is_same = former is not None and former.formula is field.formula
            field.type = former.type if former is not None and is_same else inferred(self.draft, field, field.formula)
            if field.type is None:
                self.draft.broken.add(str(field.name))
        return field.type.type if field.type else Null()

    def refuse(self, fields: list[DraftField]) -> None:
        """Report formulas that need each other in a circle."""
        chain = " → ".join(f"{f.object}.{f.name}" for f in [*fields, fields[0]])
        if not any(f.name in self.draft.broken for f in fields):
            self.draft.report(codes.FORMULA_CYCLE.at(fields[0].place, chain=chain))
        for field in fields:
            self.draft.broken.add(str(field.name))
            self.done.setdefault((field.object, str(field.name)), Null())


def inferred(draft: Draft, field: DraftField, formula: Expression) -> FieldType | None:
    """The field type for what a formula gives; None and a diagnostic when no field can hold it."""
    found = formula.type
    key = ""
    own: dict[str, object] = {}
    if isinstance(found, Money):
        key, own = "money", {"currency": found.currency}
    elif isinstance(found, Number):
        key, own = ("integer", {}) if found.scale == 0 else ("number", {"scale": min(found.scale, MAX_SCALE)})
    elif isinstance(found, Choice):
        titles = {option: title for title, option in reversed(found.titles)}
        key, own = "choice", {"options": {option: titles.get(option) for option in found.options}}
    elif isinstance(found, Record):
        key, own = "link", {"target": found.object}
    else:
        key = {Text: "text", Boolean: "boolean", Date: "date", DateTime: "datetime"}.get(type(found), "")
    if not key:
        what = (
            ("一个列表", "a list")
            if isinstance(found, ListOf)
            else ("一段时长", "a duration")
            if not isinstance(found, Null)
            else ("空值", "nothing")
        )
        draft.report(codes.NOT_COMPUTABLE.at(formula.source.at(0, len(formula.source.text)), found=what))
        return None
    kind = FIELD_TYPES[key]
    return kind(kind.Options.model_validate(own), draft.context)


def resolve_fields(draft: Draft) -> None:
    """Build every field of the draft."""
    formulas = Formulas(draft)
    add_members(draft, formulas.type_of)
    computed = [f for o in draft.objects.values() for f in o.fields.values() if f.definition and f.definition.formula is not None]
    for field in computed:
        formulas.type_of(field)
    reads = {id(field): list(_reads(draft, field)) for field in computed}
    _refuse_cycles(formulas, computed, reads)
    virtual = _virtual(computed, reads)
    for owner in draft.objects.values():
        for field in owner.fields.values():
            if field.definition is not None and field.type is not None and field.built is None:
                field.built = _field(draft, owner, field, field.definition, field.type, (owner.name, field.name) not in virtual)


def _reads(draft: Draft, field: DraftField) -> Iterator[DraftField]:
    """The fields that a formula reads, along its paths."""
    for path in sorted(field.formula.uses if field.formula else ()):
        owner: DraftObject | None = draft.objects[field.object]
        for name in path:
            if owner is None:
                break
            if name in owner.fields:
                yield owner.fields[name]
            member = owner.members.get(name)
            target = member.type.item if member and isinstance(member.type, ListOf) else member.type if member else None
            owner = draft.objects.get(target.object) if isinstance(target, Record) else None


def _refuse_cycles(formulas: Formulas, computed: list[DraftField], read: Reads) -> None:
    """Formulas that need each other, found by walking what each one reads."""
    reads = {each: [r for r in fields if r.formula is not None] for each, fields in read.items()}
    finished: set[int] = set()
    for start in computed:
        if id(start) in finished:
            continue
        path, stack = [start], [(start, iter(reads[id(start)]))]
        while stack:
            field, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                finished.add(id(field))
                stack.pop()
                path.pop()
            elif following in path:
                formulas.refuse(path[path.index(following) :])
            elif id(following) not in finished:
                stack.append((following, iter(reads[id(following)])))
                path.append(following)


def _virtual(computed: list[DraftField], reads: Reads) -> set[tuple[str, str]]:
    """Computed fields that are never stored: they look at other records, at the time, a calendar, the user, or at such fields."""
    virtual: set[tuple[str, str]] = set()
    waiting = [f for f in computed if f.formula is not None]
    before = -1
    while before != len(virtual):
        before = len(virtual)
        for field in waiting:
            formula = field.formula
            assert formula is not None
            restless = formula.looks_elsewhere or formula.asks_time or formula.asks_calendar or formula.asks_user
            if restless or any((r.object, str(r.name)) in virtual for r in reads[id(field)]):
                virtual.add((field.object, str(field.name)))
        waiting = [f for f in waiting if (f.object, str(f.name)) not in virtual]
    return virtual


def _field(draft: Draft, owner: DraftObject, field: DraftField, written: FieldDefinition, kind: FieldType, is_stored: bool) -> Field:
    scope = draft.scope(str(owner.name))
    before = len(draft.diagnostics)
    needed = None if written.required_when is None else draft.expression(written.required_when, scope, Boolean())
    shown = None if written.show_when is None else draft.expression(written.show_when, scope, Boolean())
    default = None
    if written.default is not None and not written.formula:
        default = draft.expression(written.default, draft.scope(str(owner.name), is_default=True), kind.type)
    if field.former is not None and len(draft.diagnostics) == before:
        known, made = field.former, (kind, is_stored, field.formula, needed, shown, default)
        taken = (known.type, known.is_stored, known.formula, known.required_when, known.show_when, known.default)
        if all(one is other for one, other in zip(made, taken, strict=True)):
            return known
    _check_flags(draft, field, written, kind, is_stored)
    built = Field(
        name=str(field.name),
        type=kind,
        title=field.title,
        place=field.place,
        required=written.required,
        required_when=needed,
        show_when=shown,
        unique=written.unique,
        indexed=written.indexed,
        searchable=written.searchable,
        masked=written.masked,
        default=default,
        formula=field.formula,
        is_stored=is_stored,
        was=None if written.was is None else str(written.was),
        help=written.help,
    )
    if len(draft.diagnostics) > before:  # the next build has to say it again
        draft.kept_fields.pop(id(written), None)
    return built


def _check_flags(draft: Draft, field: DraftField, written: FieldDefinition, kind: FieldType, is_stored: bool) -> None:
    """Keys that cannot have an effect on this field."""
    given = [key for key in ("required", "unique", "indexed", "searchable") if getattr(written, key)]
    if written.formula is not None or kind.is_numbered:
        for key in ("required", "required_when", "default"):
            if getattr(written, key):
                draft.report(codes.NOT_FOR_FORMULA.at(written.place_of(key), key=key))
    for key in given:
        if key == "searchable" and not kind.is_searchable:
            draft.report(codes.NOT_SEARCHABLE.at(written.place_of(key), type=kind.key, key=key))
        elif key != "required" and not is_stored:
            draft.report(codes.NO_COLUMN.at(written.place_of(key), name=str(field.name), key=key))
        elif key in ("unique", "indexed") and kind.is_many:
            draft.report(codes.NOT_SEARCHABLE.at(written.place_of(key), type=kind.key, key=key))
