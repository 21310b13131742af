"""A field as it may be written: a line or a mapping of the common keys and the type's own."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from dougong_dsl.codes import names as name_codes
from dougong_dsl.codes import sentences as codes
from dougong_dsl.diagnostics import Diagnostic, nearest
from dougong_dsl.sentences.field_line import FIELD, TypeWords, field_line
from dougong_dsl.sentences.written import Entries, Items, Word, Written
from dougong_dsl.titles import Title
from pydantic import Field as Key
from pydantic import SkipValidation, ValidationError
from pydantic.json_schema import SkipJsonSchema

from dougong.definition.mistakes import Collector, Mistake, Spoken
from dougong.definition.part import Part
from dougong.definition.values import Flag, OrLine, Text, TitleText
from dougong.fields.base import FieldType, Options
from dougong.fields.base import Word as Kind
from dougong.fields.registry import FIELD_TYPES

# types of the language that are not built yet
LATER_TYPES = frozenset(("rich_text", "time", "duration", "address", "location", "links", "lines", "image", "signature", "rating", "json"))
_KINDS: Mapping[Kind, Literal["flag", "value", "list"]] = {Kind.FLAG: "flag", Kind.VALUE: "value", Kind.LIST: "list"}


def own_keys(cls: type[FieldType]) -> list[str]:
    """The keys of a type's own in the long form."""
    return [option.alias or name for name, option in cls.Options.model_fields.items()]


def words_of(name: str) -> TypeWords | None:
    """What a type says about its field lines; None when there is no such type."""
    return _WORDS.get(name)


def _words(cls: type[FieldType]) -> TypeWords:
    takes_options = cls.call_key is not None and "list" in str(cls.Options.model_fields[cls.call_key].annotation)
    words = {word: _KINDS[kind] for word, kind in cls.words.items()}
    return TypeWords(call=cls.call_key, call_is="options" if takes_options else "text", after=cls.after_key, words=words)


_WORDS: dict[str, TypeWords] = {key: _words(cls) for key, cls in FIELD_TYPES.items()}


def _line(word: Word) -> tuple[Entries | None, list[Diagnostic]]:
    first = word.split(None, 1)[0].split("(", 1)[0] if word.strip() else ""
    if first in LATER_TYPES:
        return None, [_later(Word(word.source.part(word.index(first), word.index(first) + len(first))))]
    return field_line(word.source, words_of, lambda: list(FIELD_TYPES))


class FieldDefinition(Part):
    """One field. The type's own keys stand beside these; `own` is what they come to."""

    label: ClassVar[Spoken] = ("字段", "a field")

    type: Text | None = None
    title: TitleText | None = None
    help: TitleText | None = None
    required: Flag = False
    required_when: Text | None = None
    show_when: Text | None = None
    unique: Flag = False
    indexed: Flag = False
    searchable: Flag = False
    masked: Flag = False
    default: Text | None = None
    formula: Text | None = None
    was: Text | None = None
    retired: Flag = False
    own: SkipJsonSchema[SkipValidation[Any]] = Key(default=None, exclude=True)
    written: SkipJsonSchema[SkipValidation[Any]] = Key(default=None, exclude=True)

    @classmethod
    def keys(cls) -> list[str]:
        return [key for key in super().keys() if key not in ("own", "written")]  # noqa: SIM118  # a class method, not a dict's

    @classmethod
    def prepare(cls, data: Entries, found: Collector) -> dict[Word, Any]:
        """Common keys, and the type's own keys as its options under `own`."""
        name = next((value for key, value in data.items() if key == "type"), None)
        kind = _type(name) if isinstance(name, Word) and name.value is not None else None
        own_names = own_keys(kind) if kind else []
        common = Entries(data.place, ((k, v) for k, v in data.items() if k not in own_names))
        known = [*cls.keys(), *own_names]
        kept = cls.known(common, known, found)
        if kind is None and not any(key == "formula" for key in kept):
            raise Mistake(codes.NO_TYPE.at(data.place))
        if kind is not None:
            own = Entries(data.place, ((k, v) for k, v in data.items() if k in own_names))
            kept[Word.inserted("own", data.place)] = _options(kind, own, found)
        kept[Word.inserted("written", data.place)] = data
        return kept

    def place_of(self, key: str) -> Any:
        """Where a key of this field is written."""
        return next((k.place for k in self.written if k == key), self.place)


FieldEntry = Annotated[FieldDefinition, OrLine(_line, FIELD.example)]


def _later(name: Word) -> Diagnostic:
    return name_codes.LATER.at(name.place, what=(f"字段类型 {name}", f"the field type {name}"))


def _type(name: Word) -> type[FieldType]:
    if name in FIELD_TYPES:
        return FIELD_TYPES[name]
    if name in LATER_TYPES:
        raise Mistake(_later(name))
    known = list(FIELD_TYPES)
    raise Mistake(codes.UNKNOWN_TYPE.at(name.place, name=str(name), known=", ".join(known), nearest=nearest(name, known)))


def _options(kind: type[FieldType], own: Entries, found: Collector) -> Options:
    """The type's options; a mistake in one of them makes the field broken."""
    try:
        return kind.Options.model_validate(plain(own))
    except ValidationError as error:
        found.note(error, own, (f"{kind.title.zh}字段", f"a field of type {kind.key}"))
        raise Mistake() from error


def plain(value: Written | Title) -> Any:
    """Written values as plain Python data: text as `str`, `true`/`false` as `bool`, nothing as None; numbers stay text."""
    if isinstance(value, Entries):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Items):
        return [plain(each) for each in value]
    if isinstance(value, Word):
        return value.value if value.value is None or isinstance(value.value, bool) else str(value)
    return value
