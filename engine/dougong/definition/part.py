"""The base of all definitions: a mapping with known keys that says where it stands and goes on after a mistake."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar

from dougong_dsl.codes import names as codes
from dougong_dsl.diagnostics import Diagnostic, nearest
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Entries, Word
from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, PrivateAttr, ValidationError, ValidationInfo, model_validator

from dougong.definition.mistakes import Collector, Mistake, Spoken, collector, wrong_kind

P = TypeVar("P", bound="Part")


class Part(BaseModel):
    """A mapping in a definition. `label` names it in messages; `later` holds the keys of the language that are not built yet."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    label: ClassVar[Spoken]
    later: ClassVar[Mapping[str, Spoken]] = {}
    _place: Place = PrivateAttr()
    _is_sound: bool = PrivateAttr()

    @property
    def place(self) -> Place:
        """Where the mapping begins."""
        return self._place

    @property
    def is_sound(self) -> bool:
        """Whether all that was written here and below could be read."""
        return self._is_sound

    @classmethod
    def keys(cls) -> list[str]:
        """The keys as they are written."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def shape(cls) -> Spoken:
        """What belongs there, for those who wrote something else: a mapping, with the keys that it needs."""
        needed = [field.alias or name for name, field in cls.model_fields.items() if field.is_required()]
        if needed:
            return (f"一组“键: 值”，至少要有 {'、'.join(needed)}", f"a mapping with {', '.join(needed)}")
        return (f"一组“键: 值”，可以用的键：{'、'.join(cls.keys())}", f"a mapping; keys: {', '.join(cls.keys())}")

    @classmethod
    def prepare(cls, data: Entries, found: Collector) -> dict[Word, Any]:
        """What pydantic is given."""
        return cls.known(data, cls.keys(), found)

    @classmethod
    def known(cls, data: Entries, known: list[str], found: Collector) -> dict[Word, Any]:
        """The known keys that have a value; others are reported."""
        kept: dict[Word, Any] = {}
        for key, value in data.items():
            if key in cls.later:
                found.diagnostics.append(codes.LATER.at(key.place, what=cls.later[key]))
            elif key not in known:
                found.diagnostics.append(unknown_key(cls.label, key, known))
            elif isinstance(value, Word) and value.value is None:
                found.diagnostics.append(codes.NO_VALUE.at(key.place, key=str(key)))
            else:
                kept[key] = value
        return kept

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if not isinstance(data, Entries):
            raise wrong_kind(data, cls.shape())
        found = collector(info)
        before = len(found.diagnostics)
        part = _tolerant(cls, data, cls.prepare(data, found), handler, found)
        part._place = data.place
        part._is_sound = len(found.diagnostics) == before
        return part


def _tolerant(cls: type[P], data: Entries, kept: dict[Word, Any], handler: ModelWrapValidatorHandler[P], found: Collector) -> P:
    """Validate; keys that are wrong but not needed are reported and left out."""
    try:
        return handler(kept)
    except ValidationError as error:
        found.note(error, data, cls.label)
        wrong = {str(each["loc"][0]) for each in error.errors(include_url=False) if each["loc"]}
    needed = {field.alias or name for name, field in cls.model_fields.items() if field.is_required()}
    if not wrong or wrong & needed:
        raise Mistake()
    return handler({key: value for key, value in kept.items() if key not in wrong})


def unknown_key(part: Spoken, key: Word, known: list[str]) -> Diagnostic:
    """A key that the part does not have."""
    return codes.UNKNOWN_KEY.at(key.place, part=part, key=str(key), known=", ".join(known), nearest=nearest(key, known))
