"""Places as editors count them: from 0, and columns in code units (UTF-16 unless agreed otherwise), where an emoji is two."""

from dougong_dsl.places import Place
from lsprotocol.types import Position, PositionEncodingKind, Range


def units(text: str, encoding: str) -> int:
    """How many code units a text has."""
    if encoding == PositionEncodingKind.Utf32:
        return len(text)
    return len(text.encode()) if encoding == PositionEncodingKind.Utf8 else len(text.encode("utf-16-le", "surrogatepass")) // 2


def position(lines: list[str], line: int, column: int, encoding: str) -> Position:
    """The editor's position of a line and column (from 1, code points). A place behind the text is the text's end."""
    number = min(line, len(lines)) - 1
    return Position(max(0, number), units(lines[number][: column - 1], encoding) if number >= 0 and line <= len(lines) else 0)


def span(lines: list[str], place: Place, encoding: str) -> Range:
    """The editor's range of a place."""
    start = position(lines, place.line, place.column, encoding)
    return Range(start, position(lines, place.line, place.column + place.length, encoding))


def column(line: str, character: int, encoding: str) -> int:
    """The column (from 1, code points) of an editor's character in a line; in the middle of one, that one's."""
    passed = 0
    for number, each in enumerate(line):
        passed += units(each, encoding)
        if passed > character:
            return number + 1
    return len(line) + 1
