"""`phone`: a telephone number, the same number always written the same way.

Kept as people in China write them: mobiles as 11 digits (13800000000), landlines with their area code (0574-87654321), service numbers as
digits (4008208820), an extension behind 转; numbers of other countries in E.164 (+4930123456).
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import phonenumbers
from dougong_dsl.expression.types import Text, Type
from dougong_dsl.titles import Title
from sqlalchemy.types import TypeEngine

from dougong.fields.base import Dialect, FieldType, Reading
from dougong.fields.operators import TEXTS
from dougong.fields.plain_text import read_text, shown
from dougong.fields.refusals import NOT_PHONE
from dougong.fields.text import text_column
from dougong.refusals import Refusal

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)\s*(\d{1,6})$", re.IGNORECASE)
HOME_REGION, HOME_CODE = "CN", 86


class PhoneField(FieldType):
    """A number that could be dialled: its length and prefix are right; whether somebody answers is not checked."""

    key = "phone"
    title = Title("电话", "Phone")
    family = "text"
    widget = "phone"
    is_searchable = True
    operators = TEXTS

    @property
    def type(self) -> Type:
        return Text()

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return text_column(dialect)

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        if isinstance(raw, str) and MOBILE.fullmatch(raw):
            return raw, None
        text, refusal = read_text(raw, 60)
        if text is None:
            return None, refusal
        number = normalise(unicodedata.normalize("NFKC", text))
        return (number, None) if number else (None, Refusal(NOT_PHONE, {"found": shown(raw)}))

    def format(self, value: Any, reading: Reading) -> str:
        return value or ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 60}

    def samples(self) -> Sequence[Any]:
        return ("13800000000", "0574-87654321", "010-62345678转801", "4008208820", "+493012345678", "+12125550123")

    def wrong_samples(self) -> Sequence[Any]:
        return ("abc", "123", "1380000000", "+86 138", True, "138000000001234567")


def normalise(text: str) -> str | None:
    """The one way to write a number, or None when it is none."""
    extension = EXTENSION.search(text)
    if extension:
        text = text[: extension.start()]
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or phonenumbers.is_possible_number_with_reason(number) != 0:
        return None
    tail = f"转{extension[1]}" if extension else ""
    if number.country_code != HOME_CODE:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + tail
    digits = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_geographical_area_code(number)
    if area:
        return f"0{digits[:area]}-{digits[area:]}{tail}"
    return digits + tail if MOBILE.fullmatch(digits) or phonenumbers.is_valid_number(number) else None
