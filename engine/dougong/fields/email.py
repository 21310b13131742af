"""`email`: an e-mail address."""

import re
from collections.abc import Sequence
from typing import Any

from dougong_dsl.expression.types import Text, Type
from dougong_dsl.titles import Title
from sqlalchemy.types import TypeEngine

from dougong.fields.base import Dialect, FieldType, Reading
from dougong.fields.operators import TEXTS
from dougong.fields.plain_text import read_text, shown
from dougong.fields.refusals import NOT_EMAIL
from dougong.fields.text import text_column
from dougong.refusals import Refusal

LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
ADDRESS = re.compile(rf"[^\s@<>()\[\]\\,;:\"]{{1,64}}@(?:{LABEL}\.)+{LABEL}")
MAX_LENGTH = 254  # RFC 5321


class EmailField(FieldType):
    """One address. The domain is written in small letters, so that the same address is the same text."""

    key = "email"
    title = Title("邮箱", "E-mail")
    family = "text"
    widget = "email"
    is_searchable = True
    operators = TEXTS

    @property
    def type(self) -> Type:
        return Text()

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return text_column(dialect)

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        text, refusal = read_text(raw, MAX_LENGTH)
        if text is None:
            return None, refusal
        local, _, domain = text.replace("\uff20", "@").removeprefix("mailto:").rpartition("@")
        address = f"{local}@{domain.lower()}"
        if not ADDRESS.fullmatch(address) or ".." in address or local[0] == "." or local[-1] == ".":
            return None, Refusal(NOT_EMAIL, {"found": shown(raw)})
        return address, None

    def format(self, value: Any, reading: Reading) -> str:
        return value or ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": MAX_LENGTH}

    def samples(self) -> Sequence[Any]:
        return ("li.wei@example.com", "Wang.Zong+crm@mail.example.cn", "采购@例子.中国")

    def wrong_samples(self) -> Sequence[Any]:
        return ("abc", "a@b", "a b@example.com", "a@example..com", "@example.com", "a@@example.com", True)
