"""One change of a definition, and the blocks of text in which changes are looked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dougong_dsl.places import Place

from dougong.model.app import App


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the text at `place` becomes `to`. `noticed_by` is the first scenario that fails with it, or `check`."""

    place: Place
    found: str
    to: str
    zh: str
    en: str
    noticed_by: str | None = None

    @property
    def survived(self) -> bool:
        """Whether nobody noticed."""
        return self.noticed_by is None


def swapped(place: Place, text: str, other: str) -> Mutant:
    """A text that becomes another."""
    return Mutant(place, text, other, f"把 `{text}` 改成 `{other}`", f"`{text}` becomes `{other}`")


def lines_of(app: App) -> Mapping[str, list[str]]:
    """The lines of every file."""
    return {path: text.split("\n") for path, text in app.files.items()}


def block(lines: Mapping[str, list[str]], place: Place) -> Iterator[tuple[Place, str]]:
    """The line that begins at a place, and those below it that stand further in: the place of each (its column is 1), and its text."""
    each = lines.get(place.file, [])
    depth: int | None = None
    for number in range(place.line, len(each) + 1):
        text = each[number - 1]
        inward = len(text) - len(text.lstrip())
        if depth is not None and text.strip() and inward <= depth:
            return
        depth = inward if depth is None else depth
        yield replace(place, line=number, column=1), text
