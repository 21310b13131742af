"""What a field type is: one class that holds everything the engine knows about a kind of value.

A type is built once per field of a definition and is immutable. Nothing else in the engine asks "is this a money field?":
it calls the methods below. Adding a type is one file and one line in the registry.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from dougong_dsl.expression.types import Type
from dougong_dsl.titles import Title
from dougong_dsl.working import PLAIN, Calendar
from pydantic import BaseModel, ConfigDict
from sqlalchemy.types import TypeEngine

from dougong.refusals import Refusal

Dialect = Literal["sqlite", "postgresql"]
Language = Literal["zh", "en"]


class Word(Enum):
    """How a type's own word is written in a field line."""

    FLAG = "flag"  # many
    VALUE = "value"  # max 50MB · as orders · from regions
    LIST = "list"  # accept(pdf, dwg)


class Options(BaseModel):
    """The type's own keys in the long form. Subclasses add fields; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OptionsError(ValueError):
    """An option of a type that cannot be meant: raised while the type is built. `key` is the option's name in YAML.

    The definition's reader turns it into a diagnostic; `nearest` is the nearest right name, when there is one.
    """

    def __init__(self, key: str, zh: str, en: str, nearest: str | None = None) -> None:
        super().__init__(en)
        self.key, self.zh, self.en, self.nearest = key, zh, en, nearest


@dataclass(frozen=True, slots=True)
class BuildContext:
    """What types and expressions may need from the app around them: `currency` (ISO 4217), named option lists, the app's zone, its
    working calendar and the named ones.
    """

    currency: str
    lists: Mapping[str, Any]
    zone: ZoneInfo
    calendar: Calendar = PLAIN
    calendars: Mapping[str, Calendar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """How text from a person is to be read: language of the refusals' names, the zone that cuts days."""

    language: Language
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Operator:
    """One filter operator of a type: `key` in the URL, the label, and the expression text it stands for.

    `template` is expression text with `{field}` and `{value}`; `takes` says how many values the person gives (0, 1, 2 or many).
    """

    key: str
    title: Title
    template: str
    takes: Literal["none", "one", "two", "many"] = "one"


class FieldType(ABC):
    """One kind of value. See docs/architecture.md, "Values", for each type's homes."""

    key: ClassVar[str]
    title: ClassVar[Title]
    Options: ClassVar[type[Options]] = Options
    call_key: ClassVar[str | None] = None  # choice(a, b): the option that takes the bracket; number(3) likewise
    after_key: ClassVar[str | None] = None  # link customer: the option that takes the bare word behind the type
    words: ClassVar[Mapping[str, Word]] = {}  # the type's own words in a line, each the option of the same name
    family: ClassVar[str] = ""  # types whose stored values look alike: one may become the other (see dougong.plan.retype)
    takes_any_text: ClassVar[bool] = False  # every value of the family `text` is one of this type
    widget: ClassVar[str]  # template web/templates/widgets/<widget>.html
    is_stored: ClassVar[bool] = True
    is_link: ClassVar[bool] = False  # the value is a record's id; `target` names the object
    is_file: ClassVar[bool] = False  # the value is the id, or the ids, of uploaded files
    is_sortable: bool = True
    is_searchable: ClassVar[bool] = False  # may carry the word `searchable`
    is_numbered: ClassVar[bool] = False  # the engine makes the value; nobody may give it
    operators: Sequence[Operator] = ()

    def __init__(self, options: Any, context: BuildContext) -> None:
        self.options = options
        self.context = context

    @property
    def target(self) -> str | None:
        """The object a link points to."""
        return None

    @property
    def is_many(self) -> bool:
        """Whether the value is a tuple."""
        return False

    @property
    def choices(self) -> Mapping[str, Title]:
        """The declared options and their titles, in order; empty for types that have none."""
        return {}

    @property
    @abstractmethod
    def type(self) -> Type:
        """The type of the value in expressions."""

    @abstractmethod
    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        """The SQL type of the column."""

    @abstractmethod
    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        """The canonical Python value of what a form, JSON or a cell holds (None for nothing), or why it is none.

        Takes text as people type it and JSON values; checks the type's own range. A refusal carries no field name: the gate adds it.
        """

    def parse_options(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        """Like `parse`, for an import: accepts what people see (titles of options) as well as names."""
        return self.parse(raw, reading)

    def to_db(self, value: Any, dialect: Dialect) -> Any:
        """The driver's value of a canonical value."""
        return value

    def from_db(self, value: Any, dialect: Dialect) -> Any:
        """The canonical value of what the driver gave."""
        return value

    def is_plain(self, dialect: Dialect) -> bool:
        """Whether `to_db` and `from_db` change nothing on this database, so that hot paths may leave them out."""
        cls = type(self)
        return cls.to_db is FieldType.to_db and cls.from_db is FieldType.from_db

    def to_json(self, value: Any) -> Any:
        """The value in JSON (API, history, idempotency)."""
        return value

    def from_json(self, value: Any) -> Any:
        """The canonical value of what `to_json` made (history, trusted)."""
        return value

    @abstractmethod
    def format(self, value: Any, reading: Reading) -> str:
        """What a person sees; the empty string for None. Links show nothing useful here: pages know the record's title."""

    def form_text(self, value: Any, reading: Reading) -> str:
        """What stands in an input when the value is edited; `parse` of it gives the value back."""
        return self.format(value, reading)

    def literal(self, value: Any) -> str:
        """The value as it is written in an expression (filters put it into an operator's template)."""
        return json.dumps(str(value), ensure_ascii=False)

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of `to_json`'s values, null left out."""

    @abstractmethod
    def samples(self) -> Sequence[Any]:
        """Some valid canonical values, ordinary ones first, then edge cases; generated tests use them."""

    def wrong_samples(self) -> Sequence[Any]:
        """Some raw inputs that `parse` refuses."""
        return ()
