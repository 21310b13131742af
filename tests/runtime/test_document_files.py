"""Documents as PDF and Word files: what is written is in them, laid out on pages, and nothing is fetched for them."""

import base64
import io
import socket
import struct
import sys
import zlib
from html import escape

import docx
import pypdfium2
import pytest
from dougong.refusals import Refused
from dougong.runtime.documents import forms
from dougong.runtime.documents.filling import PAGE, STYLE
from dougong.runtime.documents.forms import is_installed, made_as
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = st.text(st.sampled_from("ab<&>甲乙，％ "), min_size=1, max_size=8).map(lambda text: " ".join(text.split())).filter(bool)


def page(body: str) -> str:
    """A page as documents are."""
    return PAGE.format(language="zh-CN", title="报价单", style=STYLE, body=body)


def pdf_texts(content: bytes) -> list[str]:
    """The text of each page."""
    file = pypdfium2.PdfDocument(content)
    try:
        return [sheet.get_textpage().get_text_range() for sheet in file]
    finally:
        file.close()


def word(content: bytes) -> docx.document.Document:
    """A Word file, opened."""
    return docx.Document(io.BytesIO(content))


def picture() -> str:
    """A red picture of one pixel, as an address."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\xff\0\0")), (b"IEND", b"")]
    chunks = b"".join(struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in parts)
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunks).decode()


def test_a_long_table_goes_over_pages_with_its_head() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>精密轴承 {n}</td></tr>" for n in range(1, 41))
    head, total = "<thead><tr><th>序号</th><th>名称</th></tr></thead>", "<tfoot><tr><td>合计</td><td>60</td></tr></tfoot>"
    found = pdf_texts(made_as("pdf", page(f"<h1>报价单</h1><table>{head}<tbody>{rows}</tbody>{total}</table>")))
    assert len(found) > 1 and all("序号" in text for text in found)
    assert [text.strip().splitlines()[-1] for text in found] == [f"{n} / {len(found)}" for n in range(1, len(found) + 1)]
    assert sum(text.count("精密轴承") for text in found) == 40 and ["合计" in text for text in found][-2:] == [False, True]
    table = word(made_as("docx", page(f"<table>{head}{rows}{total}</table>"))).tables[0]
    assert len(table.rows) == 42 and ["tblHeader" in row._tr.xml for row in table.rows][:2] == [True, False]
    assert made_as("pdf", page("<p>甲</p>")) == made_as("pdf", page("<p>甲</p>"))


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_nothing_is_fetched(form: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        there = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        body = f'<link rel="stylesheet" href="{there}"><style>@import "{there}";</style><p>甲<img src="{there}"><img src="file:///etc/hostname"></p>'
        made = made_as(form, page(body + f'<img src="{picture()}"><img src="data:image/png;base64,AAAA">'))
        with pytest.raises(BlockingIOError):
            server.accept()
    if form == "docx":
        assert len(word(made).inline_shapes) == 1
    else:
        assert pdf_texts(made)[0].startswith("甲")


BLOCKS = st.recursive(
    WORDS.map(lambda text: (f"<p>{escape(text)}</p>", [text])),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["div", "section", "blockquote"]), st.lists(inner, max_size=3)).map(
            lambda f: (f"<{f[0]}>{''.join(html for html, _ in f[1])}</{f[0]}>", [text for _, texts in f[1] for text in texts])
        ),
        st.lists(WORDS, min_size=1, max_size=3).map(
            lambda items: ("<ul>" + "".join(f"<li><b>{escape(i)}</b></li>" for i in items) + "</ul>", [f"\u2022\t{i}" for i in items])
        ),
        st.lists(WORDS, min_size=1, max_size=3).map(
            lambda items: (
                "<ol>" + "".join(f"<li>{escape(i)}</li>" for i in items) + "</ol>",
                [f"{n}.\t{i}" for n, i in enumerate(items, 1)],
            )
        ),
        WORDS.map(lambda text: (f"<h2>{escape(text)}</h2><script>x</script>", [text])),
    ),
    max_leaves=6,
)


@settings(max_examples=8, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=4))
def test_a_word_file_has_every_paragraph_in_its_order(blocks: list[tuple[str, list[str]]]) -> None:
    document = word(made_as("docx", page("\n".join(html for html, _ in blocks))))
    assert [each.text for each in document.paragraphs] == [text for _, texts in blocks for text in texts]


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A table with cells over several columns and rows, and the word that has to be seen in each place of its grid."""
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    grid, html = [[""] * width for _ in range(height)], ""
    for row in range(height):
        html += "<tr>"
        for column in range(width):
            if grid[row][column]:
                continue
            room = next((n for n in range(column, width) if grid[row][n]), width) - column
            columns, rows = draw(st.integers(1, room)), draw(st.integers(1, height - row))
            text = f"{row}.{column}"
            for line in range(row, row + rows):
                grid[line][column : column + columns] = [text] * columns
            html += f'<td colspan="{columns}" rowspan="{rows}">{text}</td>'
        html += "</tr>"
    return f"<table>{html}</table>", grid


@settings(max_examples=8, deadline=None)
@given(tables())
def test_cells_over_several_places_stand_where_they_belong(table: tuple[str, list[list[str]]]) -> None:
    found = word(made_as("docx", page(table[0]))).tables[0]
    assert [[cell.text for cell in row.cells] for row in found.rows] == table[1]


def test_what_cannot_be_laid_out_or_written_is_no_fault_of_the_server() -> None:
    with pytest.raises(Refused) as refused:
        made_as("pdf", page('<p style="text-indent: 1e9px">甲 乙</p>'))
    assert refused.value.refusals[0].code.code == "R844"
    broken = "".join(
        f'<img src="data:image/{kind};base64,{text}">' for kind, text in (("png", "iVBORw0KGgo="), ("gif", "R0lGOD"), ("png", "#"))
    )
    document = word(
        made_as(
            "docx", page(f'<ol start="²"><li>甲&#11;乙</li></ol>{broken}<table><tr><td colspan="-1" rowspan="999999">x</td></tr></table>')
        )
    )
    assert document.paragraphs[0].text == "1.\t甲乙" and [cell.text for cell in document.tables[0].rows[0].cells] == ["x"]


def test_pictures_do_not_make_a_page_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    short = page("<p>甲</p>")
    monkeypatch.setattr(forms, "LONGEST", len(short) + 30)
    assert len(word(made_as("docx", page(f'<p>甲<img src="{picture()}"></p>'))).inline_shapes) == 1
    with pytest.raises(Refused):
        made_as("docx", page(f"<p>甲{'乙' * 31}</p>"))


def test_looks_and_breaks_are_kept() -> None:
    body = '<h1>甲</h1><p style="text-align: right">a<b>b</b><i>c</i><u>d</u>\n m<sup>2</sup><br>e</p><div style="break-before: page"><h3>f</h3></div>'
    paragraphs = word(made_as("docx", page(body))).paragraphs
    assert [each.text for each in paragraphs] == ["甲", "abcd m2\ne", "f"]
    assert [each.style and each.style.name for each in paragraphs] == ["Heading 1", "Normal", "Heading 3"]
    assert [r.text for r in paragraphs[1].runs if r.bold or r.italic or r.underline or r.font.superscript] == ["b", "c", "d", "2"]
    assert (int(paragraphs[1].alignment or 0), paragraphs[2].paragraph_format.page_break_before) == (2, True)


def test_without_the_libraries_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("weasyprint", "docx"):
        monkeypatch.setitem(sys.modules, module, None)
    for module in ("pdf", "word", "word_tables"):
        monkeypatch.delitem(sys.modules, f"dougong.runtime.documents.{module}", raising=False)
    for form in ("pdf", "docx"):
        assert not is_installed(form)
        with pytest.raises(Refused) as refused:
            made_as(form, page("x"))
        assert refused.value.refusals[0].code.code == "R842" and "dougong[documents]" in refused.value.refusals[0].message("en")
    assert is_installed("html") and made_as("html", "x") == b"x"
    with pytest.raises(Refused) as refused:
        made_as("pdf", "x" * (forms.LONGEST + 1))
    assert refused.value.refusals[0].code.code == "R843"
