"""`url`: a web address that is safe to make a link of."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from dougong_dsl.expression.types import Text, Type
from dougong_dsl.titles import Title
from sqlalchemy.types import TypeEngine

from dougong.fields.base import Dialect, FieldType, Reading
from dougong.fields.operators import TEXTS
from dougong.fields.plain_text import read_text, shown
from dougong.fields.refusals import NOT_URL
from dougong.fields.text import text_column
from dougong.refusals import Refusal

MAX_LENGTH = 2000


class UrlField(FieldType):
    """An http or https address; without a scheme it gets https."""

    key = "url"
    title = Title("网址", "Web address")
    family = "text"
    widget = "url"
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
        address = text if "://" in text[:20] else f"https://{text}"
        return (address, None) if _is_web(address) else (None, Refusal(NOT_URL, {"found": shown(raw)}))

    def format(self, value: Any, reading: Reading) -> str:
        return value or ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": MAX_LENGTH + 8}

    def samples(self) -> Sequence[Any]:
        return ("https://example.com/a?b=1#c", "http://例子.中国:8080/路径")

    def wrong_samples(self) -> Sequence[Any]:
        return ("javascript:alert(1)", "ftp://example.com", "https://", "hello world", "http://exa mple.com", "data:text/html,x", True)


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and port_is_right and "." in host.strip(".") and not set(address) & set(" <>\"'\\`{}|^")
