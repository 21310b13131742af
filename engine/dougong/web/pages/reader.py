"""What the widgets' `show` macros know of the reader: language, zone, and the titles of linked records that were fetched in one go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from dougong.fields.base import Reading
from dougong.web.pages import times
from dougong.web.pages.assets import bundled


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as the pages show it; `size` in bytes."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Reader:
    """`titles` maps object → id → title, `files` id → file; what is missing there may not be seen by this person."""

    reading: Reading
    root: str
    now: datetime
    titles: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    files: Mapping[int, Stored] = field(default_factory=dict)
    readable: frozenset[str] = frozenset()
    files_url: str = ""  # where the files of the one record of the page are

    def title(self, target: str, record: int) -> str:
        """The title of a linked record, or a mark that there is one which may not be seen."""
        found = self.titles.get(target, {}).get(record)
        return found if found is not None else f"#{record}"

    def url(self, target: str, record: int) -> str | None:
        """Where a linked record's page is; None when there is none for this person."""
        is_there = record in self.titles.get(target, {}) and target in self.readable
        return f"{self.root}/o/{target}/{record}" if is_there else None

    def day(self, value: date) -> str:
        """A day in words, near ones relative."""
        return times.day(value, self.now.astimezone(self.reading.zone).date(), self.reading.language)

    def relative(self, value: datetime) -> str:
        """A moment in words."""
        return times.relative(value, self.now, self.reading.zone, self.reading.language)

    def exact(self, value: datetime) -> str:
        """A moment to the minute."""
        return times.exact(value, self.reading.zone)

    def icon(self, name: str, extra: str = "") -> Markup:
        """An icon for macros, which do not see the page's context."""
        return icon(self.root, name, extra)

    def time(self, value: datetime) -> Markup:
        """A `<time>` with the exact moment on hover."""
        return Markup('<time datetime="{}" title="{}">{}</time>').format(times.iso(value), self.exact(value), self.relative(value))


@lru_cache(maxsize=1024)
def icon(root: str, name: str, extra: str = "") -> Markup:
    """`<svg>` that uses a symbol of the sprite."""
    assets = bundled()
    return Markup('<svg class="icon{}" aria-hidden="true"><use href="{}{}#{}"/></svg>').format(
        f" {extra}" if extra else "", root, assets.url("icons.svg"), assets.icon(name)
    )


def joined(parts: Iterable[Any], separator: str) -> Markup:
    """Pieces of markup in a row."""
    return Markup(escape(separator)).join(parts)
