"""Tables of HTML in a Word file: cells over several columns and rows, heads on every page, columns as wide as what is in them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.table import CT_Row
from docx.shared import Cm, Emu, Length
from docx.table import Table, _Cell

MOST = 63  # columns that Word can have
NARROWEST, WIDEST = 4, 40  # half-width characters that count for the width of a column


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell where it begins: its element, and how many columns and rows it covers. Without an element it is an empty one."""

    element: Element | None
    columns: int = 1
    rows: int = 1
    is_below: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a table, row by row; the first `heads` rows are its head."""

    rows: Sequence[Sequence[Spot]]
    columns: int
    heads: int


def grid(table: Element) -> Grid:
    """The cells of a `table`, those of tables inside of it left to it."""
    lines = [(row, part.tag == "thead") for part in table if part.tag in ("thead", "tbody", "tfoot") for row in part if row.tag == "tr"]
    above: dict[int, tuple[int, int]] = {}  # column → rows that are still covered from above, columns
    rows: list[list[Spot]] = []
    for row, _ in lines:
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        spots, column = list[Spot](), 0
        while (cells or column in above) and column < MOST:
            if column in above:
                left, width = above.pop(column)
                spots.append(Spot(None, width, 1, is_below=True))
                if left > 1:
                    above[column] = (left - 1, width)
            else:
                cell = cells.pop(0)
                width, height = min(_span(cell, "colspan"), MOST - column), _span(cell, "rowspan")
                spots.append(Spot(cell, width, height))
                if height > 1:
                    above[column] = (height - 1, width)
            column += spots[-1].columns
        rows.append(spots)
    columns = max((sum(spot.columns for spot in spots) for spots in rows), default=0)
    filled = [[*spots, *(Spot(None) for _ in range(columns - sum(s.columns for s in spots)))] for spots in rows]
    heads = next((number for number, (_, is_head) in enumerate(lines) if not is_head), len(lines))
    return Grid(filled, columns, heads)


def add_table(place: Document | _Cell, wanted: Grid, width: Length | None, fill: Callable[[_Cell, Element], None]) -> None:
    """The table at the end of a document or cell. `width`: what all columns share, as long as nobody moves them."""
    if not wanted.columns:
        return
    shared = width or Cm(4 * wanted.columns)
    table = place.add_table(0, wanted.columns)
    table.style = "Table Grid"
    table._tbl.tblPr.append(_margins())
    widths = [Emu(int(shared * part)) for part in shares(wanted)]
    for column, given in zip(table.columns, widths, strict=True):
        column.width = given
    for number, spots in enumerate(wanted.rows):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number < wanted.heads:
            properties.append(OxmlElement("w:tblHeader"))
        _row(table, row._tr, spots, widths, fill)


def _margins() -> Any:
    """Some room above and below what is in a cell."""
    margins = OxmlElement("w:tblCellMar")
    for side, twentieths in (("top", "50"), ("left", "100"), ("bottom", "50"), ("right", "100")):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), twentieths)
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    return margins


def _row(table: Table, row: CT_Row, spots: Sequence[Spot], widths: Sequence[Length], fill: Callable[[_Cell, Element], None]) -> None:
    column = 0
    for spot in spots:
        own = row.tc_lst[column_index(row, column)]
        for _ in range(spot.columns - 1):
            row.remove(own.getnext())  # there is one for each column
        own.grid_span = spot.columns
        own.width = Emu(sum(widths[column : column + spot.columns]))
        if spot.is_below or spot.rows > 1:
            own.vMerge = "continue" if spot.is_below else "restart"
        if spot.element is not None:
            fill(_Cell(own, table), spot.element)
        column += spot.columns


def column_index(row: CT_Row, column: int) -> int:
    """Which cell of a row begins at a column."""
    seen = 0
    for index, cell in enumerate(row.tc_lst):
        if seen >= column:
            return index
        seen += cell.grid_span
    return len(row.tc_lst) - 1


def shares(wanted: Grid) -> list[float]:
    """The part of the whole width that each column gets: by the longest word or line in it, within reason."""
    longest = [NARROWEST] * wanted.columns
    for spots in wanted.rows:
        column = 0
        for spot in spots:
            if spot.element is not None and spot.columns == 1:
                longest[column] = max(longest[column], min(_length(spot.element), WIDEST))
            column += spot.columns
    return [each / sum(longest) for each in longest]


def _length(cell: Element) -> int:
    text = re.sub(r"\s+", " ", "".join(cell.itertext())).strip()
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text) + 2


def _span(cell: Element, key: str) -> int:
    found = cell.get(key, "1").strip()
    return max(1, min(int(found), 1000)) if found.isascii() and found.isdigit() else 1
