"""The place of every character of a YAML scalar, so that a mistake inside a quoted or folded text is shown where it stands."""

from dougong_dsl.places import Place, Source

_BLANK = " \t\r\n"
_ESCAPED_DIGITS = {"x": 2, "u": 4, "U": 8}


class Text:
    """A file's text and where its lines begin; offsets and columns count code points."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.starts = [0, *(i + 1 for i, char in enumerate(text) if char == "\n")]

    def place(self, line: int, column: int, length: int = 1) -> Place:
        """A place from YAML's counting (from 0)."""
        return Place(self.name, line + 1, column + 1, max(1, length))


def source_of(text: Text, value: str, start: int, end: int, line: int, column: int, style: str) -> Source:
    """The scalar `value` that stands between offsets `start` and `end`; `line` and `column` (from 0) are those of `start`."""
    quote = 1 if style in ("'", '"') else 0
    if text.text[start + quote : end - quote] == value and "\n" not in value:
        return Source(value, text.place(line, column + quote, len(value)))
    if style in ("|", ">"):
        start = text.text.index("\n", start) if "\n" in text.text[start:end] else end
    offsets = _align(value, text.text, start + quote, end - quote, style)
    return _spread(text, value, offsets, line)


def _spread(text: Text, value: str, offsets: list[int], line: int) -> Source:
    """Offsets as (line, column) pairs from 1."""
    positions = []
    for offset in offsets:
        while line + 1 < len(text.starts) and text.starts[line + 1] <= offset:
            line += 1
        positions.append((line + 1, offset - text.starts[line] + 1))
    first = positions[0] if positions else (line + 1, 1)
    length = sum(1 for p in positions if p[0] == first[0])
    return Source(value, Place(text.name, first[0], first[1], max(1, length)), tuple(positions))


def _align(value: str, raw: str, start: int, end: int, style: str) -> list[int]:
    """For each character of `value` its offset in `raw`: folding only moves blanks, so the others follow in order."""
    offsets = []
    at = start
    for char in value:
        if char in _BLANK and not (style == '"' and raw[at : at + 1] == "\\"):
            offsets.append(min(at, max(start, end - 1)))
            at += raw[at : at + 1] == char
            continue
        while at < end and raw[at] in _BLANK:
            at += 1
        if style == '"' and raw[at : at + 2] == "\\\n":  # a line that goes on below
            at += 2
            while at < end and raw[at] in _BLANK:
                at += 1
        offsets.append(min(at, max(start, end - 1)))
        at += _width(raw, at, style)
    return offsets


def _width(raw: str, at: int, style: str) -> int:
    """How many characters of the file make the one at `at`."""
    if style == '"' and raw[at : at + 1] == "\\":
        return 2 + _ESCAPED_DIGITS.get(raw[at + 1 : at + 2], 0)
    return 2 if style == "'" and raw[at : at + 2] == "''" else 1
