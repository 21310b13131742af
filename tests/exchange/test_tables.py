"""Reading files: what people's programs write, and what is broken about broken files."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from dougong.exchange.tables import Table, read_table
from dougong.refusals import Refused


def table(folder: Path, content: str | bytes, name: str = "x.csv") -> Table:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path)


def refusal(folder: Path, content: str | bytes, name: str = "x.csv") -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        table(folder, content, name)
    one = caught.value.refusals[0]
    return one.code.code, one.message("en")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_encodings_and_dividers(tmp_path: Path, encoding: str, divider: str) -> None:
    text = f'名称{divider}城市\r\n"某{divider}厂"{divider} 宁波 \r\n\r\n乙{divider}\r\n'
    found = table(tmp_path, text.encode(encoding))
    assert found.columns == ("名称", "城市")
    assert [(r.line, tuple(r.cells)) for r in found.rows] == [(2, (f"某{divider}厂", "宁波")), (4, ("乙", None))]


def test_a_cell_may_hold_lines_and_the_line_is_where_the_row_begins(tmp_path: Path) -> None:
    found = table(tmp_path, 'a,b\n1,"x\ny\nz"\n2,w\n')
    assert [(r.line, r.cells) for r in found.rows] == [(2, ["1", "x\ny\nz"]), (5, ["2", "w"])]


def test_broken_files_say_where_and_what(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n') == ("R653", "x.csv line 3 is not valid CSV: a quotation mark is never closed")
    assert refusal(tmp_path, 'a,b\n1,"2"3\n')[1].startswith("x.csv line 2 is not valid CSV")
    assert refusal(tmp_path, b"a,b\n1,2\n\xff\xff,\x80\n") == ("R652", "x.csv is neither UTF-8 nor GB18030 (line 3)")
    assert refusal(tmp_path, "")[0] == "R654"
    assert refusal(tmp_path, "a,b,a\n1,2,3\n") == ("R655", "The column “a” is there twice")
    assert refusal(tmp_path, b"\x7fELF\0\0")[0] == "R651"
    assert refusal(tmp_path, "no workbook", "x.xlsx")[0] == "R650"
    with pytest.raises(Refused, match="R650"):
        read_table(tmp_path / "nowhere.csv")


def workbook(path: Path, rows: list[list[Any]], sheet: str = "客户") -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        page, day = book.add_worksheet(sheet), book.add_format({"num_format": "yyyy-mm-dd"})
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(y, x, cell, day)
                else:
                    page.write(y, x, cell)
    return path


def test_a_workbook_gives_what_people_see(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["名称", "数量", "单价", "日期", "时刻", "对"],
        ["甲", 5, 12.5, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30), True],
        [],
        ["乙", None, 0.1],
    ]
    path = workbook(tmp_path / "x.xlsx", rows)
    found = read_table(path)
    assert found.columns == ("名称", "数量", "单价", "日期", "时刻", "对")
    assert tuple(found.rows[0].cells) == ("甲", 5, Decimal("12.5"), "2026-03-01", "2026-03-01 09:30:00", True)
    assert (found.rows[1].line, found.rows[1].cells[2]) == (4, Decimal("0.1"))
    with pytest.raises(Refused, match="R656"):
        read_table(path, "别的")
