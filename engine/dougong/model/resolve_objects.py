"""Definition → draft objects: names checked, field types built, links bound both ways, record facts added."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from dougong_dsl.codes import names as codes
from dougong_dsl.diagnostics import Related, nearest
from dougong_dsl.expression.scope import Member
from dougong_dsl.expression.types import Choice, DateTime, ListOf, Number, Record, Type
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.fields import FieldDefinition
from dougong.fields.base import FieldType, OptionsError
from dougong.fields.registry import FIELD_TYPES
from dougong.model import builtin, names
from dougong.model.app import Field, Reverse
from dougong.model.drafts import BUILT_IN, TEAM, USER, Draft, DraftField, DraftObject
from dougong.model.flow import former_stages
from dougong.model.past import Past

_FACTS: tuple[tuple[str, Type, Title], ...] = (
    ("id", Number(19, 0), Title("编号", "Id")),
    ("created_at", DateTime(), Title("创建时间", "Created at")),
    ("created_by", Record(USER), Title("创建人", "Created by")),
    ("updated_at", DateTime(), Title("修改时间", "Updated at")),
    ("updated_by", Record(USER), Title("修改人", "Updated by")),
)
_MEMBERS = {name: Member(name, fact, (title.zh, title.en), is_recorded=False) for name, fact, title in _FACTS}


def draft_objects(draft: Draft, definition: AppDefinition) -> None:
    """Put every sound object and field into the draft."""
    declared = definition.objects
    draft.report(*names.check_case(declared))
    roles = {str(role): each.title or Title.same(str(role)) for role, each in definition.roles.items()}
    _built_in(draft, definition, USER, builtin.USER_TITLE, builtin.user_fields(draft.context, roles))
    _built_in(draft, definition, TEAM, builtin.TEAM_TITLE, builtin.team_fields(draft.context))
    for name, each in declared.items():
        if name not in BUILT_IN:
            problems = names.check_object_name(name)
            draft.report(*problems)
            title = each.title or Title.same(str(name))
            draft.objects[name] = DraftObject(name, title, name.place, each)
    for name, each in declared.items():
        owner = draft.objects[name]
        draft.report(*names.check_case(each.fields))
        for field_name, field in each.fields.items():
            _field(draft, owner, field_name, field)
    for owner in draft.objects.values():
        owner.approvals = _approvals(definition, owner)
        _links(draft, owner)
        fields = [f.definition for f in owner.fields.values() if f.definition]
        check_renames(draft, ((f.was, owner.fields) for f in fields))
    check_renames(draft, ((each.was, declared) for each in declared.values()))


def _approvals(definition: AppDefinition, owner: DraftObject) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The approvals of an object's records, with their titles."""
    mine = [(str(name), each.title) for name, each in definition.approvals.items() if each.of == owner.name]
    return tuple((name, () if title is None else (title.zh, title.en)) for name, title in mine)


def _built_in(draft: Draft, definition: AppDefinition, object_name: str, title: Title, fields: Iterable[Field]) -> None:
    """The built-in users and teams, extended by what the app declares under `objects: user:` and `objects: team:`."""
    name = next((n for n in definition.objects if n == object_name), builtin.word(object_name))
    own = definition.objects.get(name)
    if own is not None and own.was is not None:
        draft.report(codes.FIXED_USER.at(own.was.place, name=object_name, what=("旧名称 was", "former name")))
    made = DraftObject(name, own.title if own and own.title else title, name.place, own)
    for field in fields:
        made.fields[field.name] = DraftField(builtin.word(field.name), object_name, field.title, field.place, None, field.type, built=field)
    draft.objects[object_name] = made


def _field(draft: Draft, owner: DraftObject, name: Word, definition: FieldDefinition) -> None:
    known = draft.known_fields.get(id(definition))
    if known is not None and known.object == owner.name and name not in owner.fields:
        known.renew()
        owner.fields[name] = draft.kept_fields[id(definition)] = known
        return
    problems = names.check_field_name(name)
    draft.report(*problems)
    if name in owner.fields or (owner.name == USER and name in builtin.ENGINE_COLUMNS):
        draft.report(codes.NAME_TWICE.at(name.place, object=str(owner.name), name=str(name)))
        return
    if definition.retired:
        owner.retired.add(str(name))
        return
    kind: FieldType | None = None
    if definition.type is not None:
        try:
            kind = FIELD_TYPES[definition.type](definition.own, draft.context)
        except OptionsError as error:
            written = next((value for key, value in definition.written.items() if key == error.key), "")
            if not (isinstance(written, Word) and draft.mentions_broken(written)):
                place, problem = definition.place_of(error.key), (error.zh, error.en)
                draft.report(codes.WRONG_OPTION.at(place, key=f"`{error.key}`", problem=problem, nearest=error.nearest))
            draft.broken.add(str(name))
            return
    title = definition.title or Title.same(str(name))
    owner.fields[name] = DraftField(name, str(owner.name), title, name.place, definition, kind)
    if not problems and owner.name not in BUILT_IN:  # a user's own fields may clash with those that are built in
        draft.kept_fields[id(definition)] = owner.fields[name]


def _links(draft: Draft, owner: DraftObject) -> None:
    """Targets must exist; a link with a name for its other end puts a list there."""
    for field in list(owner.fields.values()):
        if field.type is None or not field.type.is_link or field.definition is None:
            continue
        target = draft.objects.get(str(field.type.target))
        if target is None:
            del owner.fields[field.name]
            if field.type.target not in draft.broken:
                known = list(draft.objects)
                near = nearest(str(field.type.target), known)
                place = field.definition.place_of("target")
                draft.report(codes.UNKNOWN_OBJECT.at(place, name=field.type.target, known=", ".join(known[:20]), nearest=near))
            draft.broken.update((str(field.name), str(getattr(field.type, "reverse", None))))
            continue
        reverse = getattr(field.type, "reverse", None)
        if reverse is not None:
            _reverse(draft, owner, field, target, str(reverse))


def _reverse(draft: Draft, owner: DraftObject, field: DraftField, target: DraftObject, name: str) -> None:
    assert field.definition is not None
    written = next((value for key, value in field.definition.written.items() if key == "as"), None)
    word = written if isinstance(written, Word) else builtin.word(name)
    problems = names.check_field_name(word)
    other = target.fields.get(name) or target.reverses.get(name)
    if other is not None:
        place = other.place if isinstance(other, DraftField) else draft.objects[other.child].fields[other.through].place
        related = [Related(place, "已有的在这里", "the other one is here")]
        problems.append(codes.NAME_TWICE.at(word.place, related=related, object=str(target.name), name=name))
    draft.report(*problems)
    if not problems:
        target.reverses[name] = Reverse(name, str(owner.name), str(field.name), owner.title)


def check_renames(draft: Draft, renames: Iterable[tuple[Word | None, Collection[str]]]) -> None:
    """`was:` names something that is gone; `renames` pairs each `was` with the names that are there."""
    for was, there in renames:
        if was is not None and was in there:
            draft.report(codes.WAS_EXISTS.at(was.place, name=str(was)))


def add_members(draft: Draft, type_of: Callable[[DraftField], Type]) -> None:
    """What expressions may name on each object. A computed field without a type asks `type_of` when it is used."""
    for owner in draft.objects.values():
        members = dict(_MEMBERS)
        if owner.approvals:
            members["id"] = replace(members["id"], approvals=owner.approvals)
        if owner.pipeline is not None:
            members["stage"] = Member("stage", stage_choice(owner), ("阶段", "Stage"), former=former_stages(owner.pipeline))
            members["stage_since"] = Member("stage_since", DateTime(), ("进入阶段时间", "In stage since"), is_recorded=False)
        for reverse in owner.reverses.values():
            members[reverse.name] = Member(reverse.name, ListOf(Record(reverse.child)), through=reverse.through)
        for field in owner.fields.values():
            titles = (field.title.zh, field.title.en)
            if field.type is not None:
                if field.member is None:
                    field.member = _member(field, titles, field.type, draft.past(owner))
                members[field.name] = field.member
            else:
                members[field.name] = Pending(field, titles, type_of)
        for track in owner.tracks.values():
            members[track.field] = replace(members[track.field], former=former_stages(track), stage_log=track.name)
        owner.members = members


def _member(field: DraftField, titles: tuple[str, ...], kind: FieldType, past: Past) -> Member:
    written = field.definition
    former = () if written is None else names.former_names(written.was, field.name, past.fields.get(str(field.name), ()))
    return Member(str(field.name), _titled(kind), titles, former=former, is_recorded=written is None or written.formula is None)


def _titled(kind: FieldType) -> Type:
    """The type of a field's values; options may also be named by their titles."""
    found = kind.type
    if not isinstance(found, Choice):
        return found
    return Choice(
        found.options, tuple((text, name) for name, title in kind.choices.items() for text in dict.fromkeys((title.zh, title.en)))
    )


def stage_choice(owner: DraftObject) -> Choice:
    """The stages as options."""
    stages = owner.pipeline.stages.values() if owner.pipeline else ()
    return Choice(tuple(s.name for s in stages), tuple((text, s.name) for s in stages for text in dict.fromkeys((s.title.zh, s.title.en))))


class Pending(Member):
    """A member whose type is that of a formula which has not been read yet."""

    __slots__ = ("_field", "_type_of")

    def __init__(self, field: DraftField, titles: tuple[str, ...], type_of: Callable[[DraftField], Type]) -> None:
        for key, value in (("name", str(field.name)), ("titles", titles), ("required", False), ("through", None)):
            object.__setattr__(self, key, value)
        object.__setattr__(self, "former", ())
        object.__setattr__(self, "is_recorded", False)
        object.__setattr__(self, "stage_log", None)
        object.__setattr__(self, "_field", field)
        object.__setattr__(self, "_type_of", type_of)

    @property
    def type(self) -> Type:
        return self._type_of(self._field)  # type: ignore[attr-defined,no-any-return]
