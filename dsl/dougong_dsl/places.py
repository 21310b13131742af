"""Where something stands in a source file.

`Place` is a position a person can be sent to; `Source` is a piece of text that knows the place of each of its
characters, so that a parser working on a YAML scalar can point into the file it came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """`file:line:column`, both counted from 1 in Unicode code points; `length` in code points on that line."""

    file: str
    line: int
    column: int
    length: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Source:
    """A text and the position of each character in its file.

    `positions` holds (line, column) for every character of `text`; when it is None the text stands on one line,
    letter by letter, from `place` on.
    """

    text: str
    place: Place
    positions: Sequence[tuple[int, int]] | None = None

    @classmethod
    def inline(cls, text: str, file: str = "<input>") -> "Source":
        """A text that came from no file (command line, API): its places count from line 1, column 1."""
        return cls(text, Place(file, 1, 1, max(1, len(text))))

    def at(self, start: int, length: int = 1) -> Place:
        """The place of `length` characters from offset `start`; past the end, the place just behind the text."""
        if self.positions is None:
            return Place(self.place.file, self.place.line, self.place.column + start, max(1, length))
        if start < len(self.positions):
            line, column = self.positions[start]
        elif self.positions:
            line, column = self.positions[-1]
            column += 1
        else:
            line, column = self.place.line, self.place.column
        return Place(self.place.file, line, column, max(1, length))

    def part(self, start: int, end: int) -> "Source":
        """The text from `start` to `end` as a source of its own."""
        positions = None if self.positions is None else self.positions[start:end]
        return Source(self.text[start:end], self.at(start, end - start), positions)
