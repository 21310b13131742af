"""`tags`: a set of short texts, of one's own words or only of those in a named list of the app."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from dougong_dsl.expression.types import ListOf, Text, Type
from dougong_dsl.titles import Title
from pydantic import Field as Option
from sqlalchemy import types as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from dougong.fields import base
from dougong.fields.base import BuildContext, Dialect, FieldType, Reading, Word
from dougong.fields.choice import SEPARATORS, ChoiceField, ChoiceOptions
from dougong.fields.operators import MANY_CHOICES
from dougong.fields.plain_text import read_text
from dougong.fields.refusals import TOO_MANY
from dougong.fields.text import text_column
from dougong.refusals import Refusal

MAX_TAG = 50  # characters
MAX_TAGS = 100


class TagsOptions(base.Options):
    """`from`: a named list of the app whose words alone may be used; without it any word may."""

    from_: str | None = Option(None, alias="from")


class TagsField(FieldType):
    """The value holds each tag once: in the order of the list, own words in the order of their characters. A tag has no comma inside."""

    key = "tags"
    title = Title("标签", "Tags")
    Options = TagsOptions
    words: ClassVar = {"from": Word.VALUE}
    family = "tags"
    widget = "tags"
    is_sortable = False
    operators = MANY_CHOICES
    options: TagsOptions

    def __init__(self, options: Any, context: BuildContext) -> None:
        super().__init__(options, context)
        named = self.options.from_
        listed = ChoiceOptions.model_validate({"from": named, "many": True})
        self._listed = None if named is None else ChoiceField(listed, context)

    @property
    def is_many(self) -> bool:
        return True

    @property
    def choices(self) -> Mapping[str, Title]:
        return {} if self._listed is None else self._listed.choices

    @property
    def type(self) -> Type:
        return ListOf(Text()) if self._listed is None else self._listed.type

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(sql.Text(collation="C")) if dialect == "postgresql" else text_column(dialect)

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        return self._parse(raw) if self._listed is None else self._listed.parse(raw, reading)

    def parse_options(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        return self._parse(raw) if self._listed is None else self._listed.parse_options(raw, reading)

    def _parse(self, raw: Any) -> tuple[Any, Refusal | None]:
        tags: set[str] = set()
        for piece in raw if isinstance(raw, list | tuple | set | frozenset) else (raw,):
            text, refusal = read_text(piece, MAX_TAG * MAX_TAGS * 2, lines=True)
            for word in (text or "").translate(SEPARATORS).splitlines():
                tag, too_long = read_text(word, MAX_TAG)
                refusal = refusal or too_long
                tags |= {tag} if tag else set()
            if refusal is not None:
                return None, refusal
        if len(tags) > MAX_TAGS:
            return None, Refusal(TOO_MANY, {"max": MAX_TAGS, "count": len(tags)})
        return tuple(sorted(tags)) or None, None

    def to_db(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False) if dialect == "sqlite" else list(value)

    def from_db(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return tuple(json.loads(value)) if dialect == "sqlite" else tuple(value)

    def to_json(self, value: Any) -> Any:
        return None if value is None else list(value)

    def from_json(self, value: Any) -> Any:
        return None if value is None else tuple(value)

    def format(self, value: Any, reading: Reading) -> str:
        if self._listed is not None:
            return self._listed.format(value, reading)
        return ("、" if reading.language == "zh" else ", ").join(value or ())

    def form_text(self, value: Any, reading: Reading) -> str:
        return "\n".join(value or ())

    def json_schema(self) -> dict[str, Any]:
        one: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": MAX_TAG}
        if self._listed is not None:
            return self._listed.json_schema()
        return {"type": "array", "items": one, "minItems": 1, "maxItems": MAX_TAGS, "uniqueItems": True}

    def samples(self) -> Sequence[Any]:
        if self._listed is not None:
            return self._listed.samples()
        return (("VIP", "沉默预警"), ("a b",), tuple(f"{n:03}" for n in range(MAX_TAGS)), ("😀", "𠀀" * MAX_TAG))

    def wrong_samples(self) -> Sequence[Any]:
        if self._listed is not None:
            return self._listed.wrong_samples()
        return ("x" * (MAX_TAG + 1), [f"{n}" for n in range(MAX_TAGS + 1)], "a\x00", True, {"a": 1}, [["a"]])
