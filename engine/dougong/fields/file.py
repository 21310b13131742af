"""`file`: one or several uploaded files, known by their ids in `dg_file`."""

import json
import re
from collections.abc import Sequence
from typing import Any, ClassVar

from dougong_dsl.expression.types import ListOf, Number, Type
from dougong_dsl.titles import Title
from pydantic import Field as Option
from pydantic import field_validator
from sqlalchemy import types as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from dougong.fields import base
from dougong.fields.base import Dialect, FieldType, OptionsError, Reading, Word
from dougong.fields.link import GREATEST_ID, read_id
from dougong.fields.operators import BLANK, FILLED
from dougong.fields.plain_text import shown
from dougong.fields.refusals import FILE_TOO_BIG, NOT_FILE, ONE_FILE, TOO_MANY, WRONG_FILE_KIND
from dougong.refusals import Refusal, either

SIZE = re.compile(r"(\d{1,6})\s*(KB|MB|GB)?", re.IGNORECASE)
UNITS = {"": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
MAX_FILES = 100
ENDING = re.compile(r"[a-z0-9]{1,10}")


class FileOptions(base.Options):
    """`many`: several files; `accept`: file name endings; `max`: size of one file (`50MB`)."""

    many: bool = False
    accept: tuple[str, ...] = ()
    max: int = Option(20 << 20, ge=1, le=1 << 31)

    @field_validator("max", mode="before")
    @classmethod
    def _bytes(cls, raw: Any) -> Any:
        found = SIZE.fullmatch(raw.strip()) if isinstance(raw, str) else None
        return int(found[1]) * UNITS[(found[2] or "").upper()] if found else raw

    @field_validator("accept", mode="before")
    @classmethod
    def _endings(cls, raw: Any) -> Any:
        endings = tuple(str(e).lower().removeprefix(".") for e in ([raw] if isinstance(raw, str) else raw))
        wrong = next((e for e in endings if not ENDING.fullmatch(e)), None)
        if wrong is not None:
            raise OptionsError("accept", f"`{wrong}` 不是文件扩展名，扩展名例如 pdf", f"`{wrong}` is not a file name ending such as pdf")
        return endings


class FileField(FieldType):
    """The value is an id (several: a tuple of ids). Names and sizes are checked at upload by `refusal_of`."""

    key = "file"
    title = Title("附件", "File")
    Options = FileOptions
    words: ClassVar = {"many": Word.FLAG, "accept": Word.LIST, "max": Word.VALUE}
    widget = "file"
    is_file = True
    is_sortable = False
    operators = (BLANK, FILLED)
    options: FileOptions

    @property
    def is_many(self) -> bool:
        return self.options.many

    @property
    def type(self) -> Type:
        one = Number(19, 0)
        return ListOf(one) if self.is_many else one

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        if self.is_many:
            return ARRAY(sql.BigInteger()) if dialect == "postgresql" else sql.Text()
        return sql.BigInteger() if dialect == "postgresql" else sql.Integer()

    def refusal_of(self, name: str, size: int) -> Refusal | None:
        """Why a file of this name and size (bytes) may not be uploaded here; None when it may."""
        if self.options.accept and name.rpartition(".")[2].lower() not in self.options.accept:
            return Refusal(WRONG_FILE_KIND, {"name": shown(name), "accept": either([kind.upper() for kind in self.options.accept])})
        if size > self.options.max:
            return Refusal(FILE_TOO_BIG, {"name": shown(name), "max": f"{self.options.max / (1 << 20):.10g} MB"})
        return None

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        pieces = raw.replace(",", " ").split() if isinstance(raw, str) else raw
        ids: list[int] = []
        for piece in pieces if isinstance(pieces, list | tuple) else (pieces,):
            number, is_id = read_id(piece)
            if not is_id:
                return None, Refusal(NOT_FILE, {"found": shown(piece)})
            ids += [number] if number is not None and number not in ids else []
        if len(ids) > (MAX_FILES if self.is_many else 1):
            code, count = (TOO_MANY if self.is_many else ONE_FILE), len(ids)
            return None, Refusal(code, {"count": count, "max": MAX_FILES})
        return (tuple(ids) or None) if self.is_many else (ids[0] if ids else None), None

    def to_db(self, value: Any, dialect: Dialect) -> Any:
        if not self.is_many or value is None:
            return value
        return json.dumps(value) if dialect == "sqlite" else list(value)

    def from_db(self, value: Any, dialect: Dialect) -> Any:
        if not self.is_many or value is None:
            return value
        return tuple(json.loads(value)) if dialect == "sqlite" else tuple(value)

    def is_plain(self, dialect: Dialect) -> bool:
        return not self.is_many

    def to_json(self, value: Any) -> Any:
        return list(value) if self.is_many and value is not None else value

    def from_json(self, value: Any) -> Any:
        return tuple(value) if self.is_many and value is not None else value

    def format(self, value: Any, reading: Reading) -> str:
        return " ".join(map(str, value or ())) if self.is_many else "" if value is None else str(value)

    def literal(self, value: Any) -> str:
        return str(value)

    def json_schema(self) -> dict[str, Any]:
        one: dict[str, Any] = {"type": "integer", "minimum": 1}
        return {"type": "array", "items": one, "minItems": 1, "maxItems": MAX_FILES, "uniqueItems": True} if self.is_many else one

    def samples(self) -> Sequence[Any]:
        return ((1,), (3, 1, 2), (GREATEST_ID,)) if self.is_many else (1, GREATEST_ID)

    def wrong_samples(self) -> Sequence[Any]:
        too_many = list(range(1, MAX_FILES + 2))
        return ("abc", 0, -1, True, too_many, "1 x")
