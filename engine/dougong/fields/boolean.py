"""`boolean`: yes or no."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from dougong_dsl.expression.types import Boolean, Type
from dougong_dsl.titles import Title
from sqlalchemy import types as sql
from sqlalchemy.types import TypeEngine

from dougong.fields.base import Dialect, FieldType, Reading
from dougong.fields.operators import BLANK, IS_FALSE, IS_TRUE
from dougong.fields.plain_text import BLANKS, shown
from dougong.fields.refusals import NOT_BOOLEAN
from dougong.refusals import Refusal

YES = frozenset(("true", "yes", "y", "t", "on", "1", "是", "真", "对", "有", "√", "✓"))
NO = frozenset(("false", "no", "n", "f", "off", "0", "否", "假", "错", "无", "不是", "没有", "×"))


class BooleanField(FieldType):
    """Yes, no, or not said."""

    key = "boolean"
    title = Title("是否", "Yes or no")
    widget = "boolean"
    operators = (IS_TRUE, IS_FALSE, BLANK)

    @property
    def type(self) -> Type:
        return Boolean()

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return sql.Boolean() if dialect == "postgresql" else sql.Integer()

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        if raw is None or isinstance(raw, bool):
            return raw, None
        if isinstance(raw, int | float) and raw in (0, 1):
            return bool(raw), None
        word = unicodedata.normalize("NFKC", raw[:20]).strip(BLANKS).lower() if isinstance(raw, str) else "?"
        if word in YES or word in NO:
            return word in YES, None
        return (None, None) if not word else (None, Refusal(NOT_BOOLEAN, {"found": shown(raw)}))

    def to_db(self, value: Any, dialect: Dialect) -> Any:
        return int(value) if dialect == "sqlite" and value is not None else value

    def from_db(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None else bool(value)

    def is_plain(self, dialect: Dialect) -> bool:
        return dialect == "postgresql"

    def format(self, value: Any, reading: Reading) -> str:
        if value is None:
            return ""
        return ("是" if value else "否") if reading.language == "zh" else ("Yes" if value else "No")

    def form_text(self, value: Any, reading: Reading) -> str:
        return "" if value is None else "true" if value else "false"

    def literal(self, value: Any) -> str:
        return "true" if value else "false"

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def samples(self) -> Sequence[Any]:
        return (True, False)

    def wrong_samples(self) -> Sequence[Any]:
        return ("maybe", 2, [], "真的吗")
