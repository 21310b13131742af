"""Diagnostics as a person reads them: place, code, message, the guilty line with a mark under it, and how to mend it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dougong_dsl.diagnostics import Diagnostic, Severity
from dougong_dsl.places import Place

from dougong.cli.speech import Language, Speech, width

WORDS = {
    Severity.ERROR: ("错误", "error"),
    Severity.WARNING: ("警告", "warning"),
    Severity.INFO: ("提示", "note"),
}


def shown(diagnostics: Iterable[Diagnostic], with_notes: bool) -> list[Diagnostic]:
    """Those that a person wants to see: the notes of the lints (T7xx) only when asked for."""
    return [d for d in diagnostics if with_notes or d.severity is not Severity.INFO or not d.code.code.startswith("T7")]


def show(diagnostics: Iterable[Diagnostic], files: Mapping[str, str], speech: Speech) -> None:
    """Print them, sorted by place, and how many there are."""
    ordered = sorted(diagnostics, key=lambda d: (d.place, d.code.code))
    for diagnostic in ordered:
        text = "\n".join(lines(diagnostic, files, speech.language))
        speech.say(text, text)
    errors = sum(d.is_error for d in ordered)
    if ordered:
        speech.say(
            f"{errors} 个错误，{len(ordered) - errors} 个警告或提示",
            f"{counted(errors, 'error')}, {counted(len(ordered) - errors, 'warning or note', 'warnings or notes')}",
        )


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def lines(diagnostic: Diagnostic, files: Mapping[str, str], language: Language) -> list[str]:
    """The lines of one diagnostic."""
    word = WORDS[diagnostic.severity][0 if language == "zh" else 1]
    found = [f"{diagnostic.place}: {word} {diagnostic.code.code}: {diagnostic.message(language)}"]
    found += excerpt(diagnostic.place, files)
    hint = diagnostic.hint(language)
    if hint:
        found.append(f"  {'建议' if language == 'zh' else 'hint'}: {hint}")
    for related in diagnostic.related:
        found.append(f"  {related.place}: {related.zh if language == 'zh' else related.en}")
        found += excerpt(related.place, files)
    return found


_LONGEST, _AROUND = 200, 80  # letters of a line that are shown, and of those before the place
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def excerpt(place: Place, files: Mapping[str, str]) -> list[str]:
    """The line of the source, of a very long one what is around the place, and a mark under it; nothing when the file or line is not known.

    Signs that a terminal would obey are not printed.
    """
    text = files.get(place.file)
    source = text.split("\n") if text is not None else []
    if not 0 < place.line <= len(source):
        return []
    first = max(0, place.column - 1 - _AROUND) if len(source[place.line - 1]) > _LONGEST else 0
    line = _UNSEEN.sub("\ufffd", source[place.line - 1][first : first + _LONGEST])
    before, marked = line[: place.column - 1 - first], line[place.column - 1 - first : place.column - 1 - first + place.length]
    gutter = f"{place.line:>5} | "
    blank = "".join("\t" if c == "\t" else " " * width(c) for c in before)
    return [gutter + line, " " * (len(gutter) - 2) + "| " + blank + "^" * max(1, width(marked))]


def as_json(diagnostics: Iterable[Diagnostic], language: Language) -> Sequence[Mapping[str, Any]]:
    """Diagnostics for a program."""
    return [
        {
            "code": d.code.code,
            "severity": d.severity.value,
            "message": d.message(language),
            "hint": d.hint(language),
            **_place(d.place),
            "related": [{**_place(r.place), "message": r.zh if language == "zh" else r.en} for r in d.related],
        }
        for d in sorted(diagnostics, key=lambda d: (d.place, d.code.code))
    ]


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column, "length": place.length}
