"""A document filled in: HTML, with every value escaped and written as people see it.

A person's copy shows what the person may see: other cells are empty, other records are left out. The system's shows everything.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from html import escape
from typing import Any

from dougong_dsl.expression import Expression
from dougong_dsl.expression.typed import Get
from dougong_dsl.expression.types import Money, Record

from dougong.access.grants import Rights
from dougong.access.guard import guarded
from dougong.derive.programs import spoken
from dougong.fields.money import shown_amount
from dougong.model.documents import Document, Loop, Number, Pieces, When
from dougong.runtime.unit import Row, Unit

CENTS = Decimal("0.01")
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head>
<body>
{body}
</body></html>
"""
STYLE = (
    'body{max-width:48rem;margin:1.5rem auto;padding:0 1rem;font:16px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,'
    "sans-serif;color:#1a1a1a;background:#fff;"
    "overflow-wrap:anywhere}"
    "table{width:100%;border-collapse:collapse}th,td{padding:.35rem .5rem;border:1px solid #bbb;text-align:left;vertical-align:top}"
    "img{max-width:100%}@page{size:A4;margin:18mm;"
    '@bottom-center{content:counter(page) " / " counter(pages);font-size:9pt;color:#555}}'
    "@media print{body{max-width:none;margin:0;padding:0;font-size:10.5pt}tr{break-inside:avoid}"
    "tfoot{display:table-row-group}}"
)


def page(unit: Unit, document: Document, row: Row, number: str | None = None) -> str:
    """The whole page about a record, in the language of the unit; `number`: that of the copy."""
    body = _Filling(unit, number).text(document.pieces, document.object, row, {})
    title = escape(document.title.text(unit.language))
    return PAGE.format(language="zh-CN" if unit.language == "zh" else "en", title=title, style=STYLE, body=body)


class _Filling:
    def __init__(self, unit: Unit, number: str | None) -> None:
        self.unit, self.number = unit, number

    def text(self, pieces: Pieces, owner: str, row: Row, names: Mapping[str, int]) -> str:
        """The pieces about a record; `names` are the records of the loops around."""
        return "".join(self._piece(piece, owner, row, names) for piece in pieces)

    def _piece(self, piece: Any, owner: str, row: Row, names: Mapping[str, int]) -> str:
        match piece:
            case str():
                return piece
            case Number():
                return escape(self.number or "")
            case When():
                holds = self._value(piece.condition, owner, row, names) is True
                return self.text(piece.pieces if holds else piece.otherwise, owner, row, names)
            case Loop():
                here = int(row["id"]) if piece.of is None else names[piece.of]
                found = [each for each in self.unit.children(piece.object, piece.through, here) if self._is_seen(piece, each)]
                turns = "".join(self._turn(piece, owner, row, names, each) for each in found)
                return turns if found else self.text(piece.otherwise, owner, row, names)
        return escape(self._spoken(piece, self._value(piece, owner, row, names)))

    def _turn(self, loop: Loop, owner: str, row: Row, names: Mapping[str, int], each: Row) -> str:
        known = {**names, loop.name: int(each["id"])}
        return self.text(loop.pieces, owner, Row(self.unit.compiled.rules(owner), self.unit, {**row, **known}), known)

    def _is_seen(self, loop: Loop, each: Row) -> bool:
        """Whether the reader may see the record, and that it belongs here."""
        unit = self.unit
        covering = unit.matching(loop.object, "read", each)
        return loop.through in unit.access.reads(loop.object).fields_of(covering)[0]

    def _value(self, expression: Expression, owner: str, row: Row, names: Mapping[str, int]) -> Any:
        unit = self.unit

        def reads(object_name: str) -> Rights:
            """The reader's rights, with the names of the loops, which are no fields that a grant could show."""
            given = unit.access.reads(object_name)
            if object_name != owner:
                return given
            return replace(given, shares=tuple(replace(share, clear=share.clear | names.keys()) for share in given.shares))

        if unit.access.roles is None:
            return unit.compiled.program(expression)(row, unit.plain)
        key = ("document", unit.access.roles, id(expression))
        # the expression is kept beside: its id is its own as long as it is there
        _, own = unit.compiled.question(key, lambda: (expression, guarded(expression, reads)))
        return unit.compiled.program(own)(row, unit.plain)

    def _spoken(self, expression: Expression, value: Any) -> str:
        """A field as on its page, a record by its title, anything else as in a sentence."""
        unit, root = self.unit, expression.root
        if value is None:
            return ""
        if isinstance(expression.type, Record):
            return self._title(expression.type.object, int(value))
        if isinstance(root, Get):
            field = unit.compiled.app.objects[root.row.object].fields.get(root.name)
            if field is not None and not field.type.is_file:
                return field.type.format(value, unit.reading)
        if isinstance(expression.type, Money):
            return shown_amount(Decimal(value).quantize(CENTS), expression.type.currency)
        if isinstance(value, bool) and unit.language == "en":
            return "yes" if value else "no"
        return spoken(value, unit.compiled.app)

    def _title(self, object_name: str, record_id: int) -> str:
        unit = self.unit
        row = unit.row(object_name, record_id)
        if row is None or not unit.matching(object_name, "read", row) and object_name not in ("user", "team"):
            return ""
        target = unit.compiled.app.objects[object_name]
        field = target.fields.get(target.record_title)
        is_clear = field is not None and (object_name in ("user", "team") or field.name in unit.access.reads(object_name).clear)
        return field.type.format(row[field.name], unit.reading) if field is not None and is_clear else f"#{record_id}"
