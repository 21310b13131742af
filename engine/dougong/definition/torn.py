"""One line that commas tore apart inside `{…}`: `tier: choice(a, b)` there is a key `tier`, and a key `b)` that has no value."""

import re
from collections.abc import Mapping

from dougong_dsl.codes import sentences as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.sentences.written import Entries, Word, Written

_QUOTED = re.compile(r'"[^"]*"')


def torn(entries: Entries) -> Mapping[Word, Diagnostic | None]:
    """The keys of one line in pieces: the first with what is said of it, those that are its rest with nothing."""
    found: dict[Word, Diagnostic | None] = {}
    first, whole = None, ""
    for key, value in entries.items():
        if first is not None and _is_bare(value) and _is_open(whole):
            text = entries[first]
            assert isinstance(text, Word)
            found.setdefault(first, codes.TORN.at(text.source.at(0, len(text)), text=text.strip()))
            found[key] = None
            whole = f"{whole}, {key}"
            continue
        first, whole = key, str(value) if isinstance(value, Word) else ""
    return found


def _is_bare(value: Written) -> bool:
    return isinstance(value, Word) and value.value is None


def _is_open(text: str) -> bool:
    """Whether a bracket or a quotation mark waits for its end."""
    bare = _QUOTED.sub("", text)
    return '"' in bare or bare.count("(") > bare.count(")")
