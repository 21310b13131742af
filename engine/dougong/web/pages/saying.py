"""What people wrote, as markup: line breaks kept, names behind an @ as chips, one's own marked."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from dougong.runtime.people.mentioning import called


def lines(text: str) -> Markup:
    """A text with its line breaks."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def said(text: str, users: Sequence[Mapping[str, Any]], me: int | None) -> Markup:
    """The same with chips; a name that several people share tells nobody and stays plain."""
    parts, at = [], 0
    for one in called(text, users):
        if len(one.users) == 1:
            own = " is-me" if one.users[0] == me else ""
            parts += [lines(text[at : one.start]), Markup('<span class="mention{}">{}</span>').format(own, text[one.start : one.end])]
            at = one.end
    return Markup("").join([*parts, lines(text[at:])])
