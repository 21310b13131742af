"""Reading a table file: CSV (UTF-8 with or without a mark, else GB18030) and XLSX become a header and rows of cells.

Cells are text, except those of a workbook that are numbers or truth values; blank cells are None. A file that cannot be read raises `Refused`.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine

from dougong.exchange import refusals as codes
from dougong.read.files import why_unreadable
from dougong.refusals import Refused, refuse

Cell = str | int | Decimal | bool | None
MARKS_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DELIMITERS = ",;\t"
LONGEST_CELL = 1_000_000  # characters
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
UNFINISHED = ("引号没有结束", "a quotation mark is never closed")


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line of the file it starts on (in a workbook: the row's number)."""

    line: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's header and its rows; empty rows are left out."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path, sheet: str | None = None) -> Table:
    """The table in a file; `sheet` names the sheet of a workbook (the first one without it). `Refused` R650–R656."""
    if path.suffix.lower() in WORKBOOKS:
        rows = _workbook(path, sheet)
    else:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise refuse(codes.UNREADABLE, file=path.name, reason=why_unreadable(error)) from None
        if b"\0" in content[:4096] and not content.startswith(MARKS_16):
            raise refuse(codes.NOT_A_TABLE, file=path.name)
        rows = _csv(content, path.name)
    return _table(path.name, rows)


def _table(name: str, rows: Iterator[Row]) -> Table:
    header = next(rows, None)
    if header is None:
        raise refuse(codes.EMPTY, file=name)
    columns = [str(cell).strip() if cell is not None else "" for cell in header.cells]
    while columns and not columns[-1]:
        columns.pop()
    seen: set[str] = set()
    for column in columns:
        if column in seen and column:
            raise refuse(codes.TWICE, column=column)
        seen.add(column)
    return Table(name, tuple(columns), tuple(rows))


def _csv(content: bytes, name: str) -> Iterator[Row]:
    text = _decode(content, name)
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(start, [cell.strip() or None for cell in cells])
            start = reader.line_num + 1
    except csv.Error as error:
        reason: object = UNFINISHED if "unexpected end" in str(error) else ("引号或分隔符写得不对", str(error))
        raise refuse(codes.BROKEN_CSV, file=name, line=start, reason=reason) from None


def _decode(content: bytes, name: str) -> str:
    """UTF-8, UTF-16 with its mark (what Excel calls Unicode text), else GB18030 (what a Chinese Excel writes)."""
    if content.startswith(MARKS_16):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise refuse(codes.BAD_ENCODING, file=name, line=content.count(b"\n", 0, error.start) + 1) from None


def _workbook(path: Path, sheet: str | None) -> Iterator[Row]:
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        if sheet is not None and sheet not in book.sheet_names:
            raise refuse(codes.NO_SHEET, file=path.name, sheet=sheet, sheets=", ".join(book.sheet_names))
        found = book.get_sheet_by_name(sheet) if sheet is not None else book.get_sheet_by_index(0)
        first = 1 if found.start is None else found.start[0] + 1
        values = found.to_python(skip_empty_area=True)
    except Refused:
        raise
    except (OSError, python_calamine.CalamineError, python_calamine.ZipError, python_calamine.XmlError) as error:
        reason = why_unreadable(error) if isinstance(error, OSError) else ("内容已损坏，或加了密码", str(error))
        raise refuse(codes.UNREADABLE, file=path.name, reason=reason) from None
    for number, cells in enumerate(values, first):
        row = [_cell(cell) for cell in cells]
        if any(cell is not None for cell in row):
            yield Row(number, row)


def _cell(value: Any) -> Cell:
    """A workbook's cell as people would type it: 5.0 is 5, midnight is a date."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else Decimal(repr(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int):
        return value
    return str(value).strip() or None
