"""`text`: one line of text."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from dougong_dsl.expression.types import Text, Type
from dougong_dsl.titles import Title
from pydantic import Field as Option
from pydantic import field_validator
from sqlalchemy import types as sql
from sqlalchemy.types import TypeEngine

from dougong.fields import base
from dougong.fields.base import Dialect, FieldType, Operator, OptionsError, Reading, Word
from dougong.fields.operators import TEXTS
from dougong.fields.plain_text import read_text, shown
from dougong.fields.refusals import NO_MATCH
from dougong.refusals import Refusal


class TextOptions(base.Options):
    """`max`: characters (1 to 10,000); `pattern`: a regular expression that the whole text must match."""

    max: int = Option(255, ge=1, le=10_000)
    pattern: str | None = Option(None, max_length=200)

    @field_validator("pattern")
    @classmethod
    def _is_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as problem:
            raise OptionsError("pattern", f"不是正确的正则表达式（{problem}）", f"it is no regular expression: {problem}") from problem
        return pattern


class TextField(FieldType):
    """One line: line ends become spaces, spaces at the ends go, Unicode NFC."""

    key = "text"
    title = Title("单行文本", "Text")
    Options: ClassVar[type[base.Options]] = TextOptions
    words: ClassVar = {"max": Word.VALUE}
    family = "text"
    takes_any_text = True
    widget = "text"
    is_searchable = True
    operators: Sequence[Operator] = TEXTS
    options: Any
    keeps_lines: ClassVar[bool] = False

    @property
    def pattern(self) -> str | None:
        """What the whole text must match."""
        pattern: str | None = getattr(self.options, "pattern", None)
        return pattern

    @property
    def type(self) -> Type:
        return Text()

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return text_column(dialect)

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        text, refusal = read_text(raw, self.options.max, lines=self.keeps_lines)
        if text is not None and self.pattern and not re.fullmatch(self.pattern, text):
            return None, Refusal(NO_MATCH, {"found": shown(text), "pattern": self.pattern})
        return text, refusal

    def format(self, value: Any, reading: Reading) -> str:
        return value or ""

    def json_schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": self.options.max}
        return schema | ({"pattern": f"^(?:{self.pattern})$"} if self.pattern else {})

    def samples(self) -> Sequence[Any]:
        return ("宁波某机械厂", "Müller & Söhne", "'; DROP TABLE x; --", "<b>😀</b>", "100% {name} :x %(y)s \\")

    def wrong_samples(self) -> Sequence[Any]:
        return ("a\x00b", "\ud800", "长" * (self.options.max + 1), ["a"], True)


def text_column(dialect: Dialect) -> TypeEngine[Any]:
    """A text column that compares and sorts by code point on both databases."""
    return sql.Text(collation="C") if dialect == "postgresql" else sql.Text()
