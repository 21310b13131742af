"""A page as a Word file (.docx): headings, paragraphs, lists, tables and pictures in styles that people can go on working with.

Style sheets are left out; bold, italics, underlining, alignment and page breaks count, as elements or in a `style` of their own.
"""

import base64
import binascii
import io
import re
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

import docx as word
import tinyhtml5
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from dougong.runtime.documents.word_tables import add_table, grid

LATIN, CHINESE = "Arial", "微软雅黑"
WIDTH, MARGIN = Cm(21), Cm(2)
BETWEEN = Emu(WIDTH - 2 * MARGIN)  # what a line has, in EMU
SILENT = {"head", "style", "script", "title", "template", "noscript"}
HEADINGS = {f"h{level}": f"Heading {level}" for level in range(1, 7)}
HEADING_SIZES = (18, 15, 13, 12, 11, 10.5)  # points
BLOCKS = {"p", "div", "section", "article", "header", "footer", "main", "blockquote", "address", "pre", "figure", "figcaption", "center"}
LISTS = {"ul", "ol"}
ALIGNED = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_DATA = re.compile(r"data:image/[\w.+-]+;base64,(.*)", re.DOTALL)
_NO_PICTURE = (binascii.Error, InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError)
_NEW_PAGE = re.compile(r"break-before\s*:\s*(always|page)")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # characters that XML 1.0 §2.2 does not have
_SPACE = re.compile(r"[ \t\r\n\f]+")
Place = Document | _Cell


def docx(page: str) -> bytes:
    """The file."""
    document = word.Document()
    _prepare(document)
    root: Element = tinyhtml5.parse(page, namespace_html_elements=False)
    title = root.findtext("head/title")
    document.core_properties.title, document.core_properties.author = _NO_XML.sub("", title or "")[:255], ""
    body = root.find("body")
    if body is not None:
        _Writer(document).flow(document, body, Look())
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _prepare(document: Document) -> None:
    """A4, and fonts that have Chinese in all styles."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    section = document.sections[0]
    section.page_width, section.page_height = WIDTH, Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for name, size in (("Normal", 10.5), *zip(HEADINGS.values(), HEADING_SIZES, strict=True)):
        style: Any = document.styles[name]
        style.font.name, style.font.size = LATIN, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), CHINESE)
        if name != "Normal":
            style.font.color.rgb, style.font.italic = RGBColor(0, 0, 0), False
    document.styles["Normal"].paragraph_format.space_after = Pt(6)


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks that stands here. `depth`: of lists."""

    style: str | None = None
    align: str | None = None
    is_bold: bool = False
    is_italic: bool = False
    is_underlined: bool = False
    is_struck: bool = False
    is_raised: bool = False
    is_lowered: bool = False
    is_kept: bool = False
    depth: int = 0


def look_of(element: Element, around: Look) -> Look:
    """The look inside of an element."""
    tag, style = str(element.tag), element.get("style", "").replace(" ", "").lower()
    aligned = re.search(r"text-align:(\w+)", style)
    return replace(
        around,
        align=aligned[1] if aligned else "center" if tag == "center" else element.get("align") or around.align,
        is_bold=around.is_bold or tag in ("b", "strong", "th", "dt") or bool(re.search(r"font-weight:(bold|[6-9]00)", style)),
        is_italic=around.is_italic or tag in ("i", "em", "cite") or "font-style:italic" in style,
        is_underlined=around.is_underlined or tag in ("u", "ins") or "text-decoration:underline" in style,
        is_struck=around.is_struck or tag in ("s", "del", "strike") or "text-decoration:line-through" in style,
        is_raised=around.is_raised or tag == "sup",
        is_lowered=around.is_lowered or tag == "sub",
        is_kept=around.is_kept or tag == "pre",
    )


class _Writer:
    """Writes elements into a document or a cell, one after the other."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.turns_page = False  # the next paragraph begins a page
        self.keeps_away = False  # the next paragraph stands below a table

    def flow(self, place: Place, element: Element, look: Look, paragraph: Paragraph | None = None) -> Paragraph | None:
        """What is inside of an element; the paragraph that is still open behind it."""
        paragraph = self._text(place, element.text, look, paragraph)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in SILENT:
                paragraph = self._element(place, child, look_of(child, look), paragraph)
            paragraph = self._text(place, child.tail, look, paragraph)
        return paragraph

    def _element(self, place: Place, element: Element, look: Look, paragraph: Paragraph | None) -> Paragraph | None:
        """One element; the paragraph that goes on behind it: none behind what stands by itself."""
        tag = str(element.tag)
        if _NEW_PAGE.search(element.get("style", "").lower()):
            self.turns_page, paragraph = True, None
        if tag == "br":
            (paragraph or self._begin(place, look)).add_run().add_break(WD_BREAK.LINE)
            return paragraph
        if tag == "img":
            return self._picture(place, element, look, paragraph)
        if tag == "table":
            add_table(place, grid(element), BETWEEN if place is self.document else None, self._cell(look))
            self.keeps_away = place is self.document
        elif tag in LISTS:
            self._list(place, element, look)
        elif tag == "hr":
            self._begin(place, replace(look, align="center")).add_run("—" * 12)
        elif tag in HEADINGS:
            self.flow(place, element, replace(look, style=HEADINGS[tag]))
        elif tag in BLOCKS or tag in ("dl", "dt", "dd"):
            self.flow(place, element, look)
        else:
            return self.flow(place, element, look, paragraph)
        return None

    def _cell(self, look: Look) -> Any:
        def fill(cell: _Cell, element: Element) -> None:
            """An element's content in a cell, which begins with one empty paragraph."""
            first = cell.paragraphs[0]
            self.flow(cell, element, look_of(element, replace(look, style=None)))
            if len(cell.paragraphs) > 1 and cell._tc[-1].tag == qn("w:p"):  # a cell ends with a paragraph
                cell._tc.remove(first._p)
            for each in cell.paragraphs:
                each.paragraph_format.space_after = Pt(0)

        return fill

    def _list(self, place: Place, element: Element, look: Look) -> None:
        """Numbers are text: those of Word would count on from one list to the next."""
        number = int(start) if re.fullmatch("[0-9]{1,6}", start := element.get("start", "1")) else 1
        for item in element:
            if item.tag != "li":
                continue
            inner = replace(look_of(item, look), depth=look.depth + 1)
            paragraph = self._begin(place, inner)
            paragraph.paragraph_format.first_line_indent = Cm(-0.6)
            paragraph.add_run(f"{number}.\t" if element.tag == "ol" else "•\t")
            self.flow(place, item, inner, paragraph)
            number += 1

    def _text(self, place: Place, text: str | None, look: Look, paragraph: Paragraph | None) -> Paragraph | None:
        """Text in the open paragraph, or in a new one; blanks alone begin none."""
        written = _NO_XML.sub("", (text or "") if look.is_kept else _SPACE.sub(" ", text or ""))
        if paragraph is None or not paragraph.text or paragraph.text[-1:] in ("\n", "\t"):
            written = written if look.is_kept else written.lstrip(" ")
        if not written:
            return paragraph
        paragraph = paragraph or self._begin(place, look)
        run = paragraph.add_run(written)
        font = run.font
        font.bold, font.italic, font.underline, font.strike = (
            given or None for given in (look.is_bold, look.is_italic, look.is_underlined, look.is_struck)
        )
        if look.is_raised:
            font.superscript = True
        elif look.is_lowered:
            font.subscript = True
        return paragraph

    def _begin(self, place: Place, look: Look) -> Paragraph:
        paragraph = place.add_paragraph(style=look.style)
        shape = paragraph.paragraph_format
        shape.alignment = ALIGNED.get(look.align or "")
        if look.depth:
            shape.left_indent, shape.space_after = Cm(0.6 * look.depth), Pt(2)
        if self.turns_page:
            shape.page_break_before, self.turns_page = True, False
        if self.keeps_away:
            shape.space_before, self.keeps_away = Pt(6), False
        return paragraph

    def _picture(self, place: Place, element: Element, look: Look, paragraph: Paragraph | None) -> Paragraph | None:
        """A picture that the page brings along; nothing for any other."""
        found = _DATA.fullmatch(element.get("src", ""))
        if found is None:
            return paragraph
        paragraph = paragraph or self._begin(place, look)
        try:
            picture = paragraph.add_run().add_picture(io.BytesIO(base64.b64decode(found[1])))
        except _NO_PICTURE:
            return paragraph
        if picture.width > BETWEEN:
            picture.height, picture.width = Cm(picture.height.cm * BETWEEN / picture.width), BETWEEN
        return paragraph
