"""Silences: a comment on a line keeps a warning of that line from being told, with a reason; an idle silence is itself told.

fax: phone  # dougong: ignore T701 because the old system's import still fills it
"""

import re
from collections.abc import Iterable, Mapping

from dougong_dsl.codes import lints as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Place

_MARK = "dougong: ignore"
_SILENCE = re.compile(r"#\s*dougong: ignore\s+((?:T\d{3}[,，、\s]*)+)(?:(?:because|因为)\s*(\S.*))?")
_CODE = re.compile(r"T\d{3}")


def silenced(diagnostics: Iterable[Diagnostic], files: Mapping[str, str]) -> list[Diagnostic]:
    """The diagnostics that are left to tell, and what is wrong with the silences themselves."""
    left = list(diagnostics)
    for name, text in files.items():
        if _MARK in text:
            for number, line in enumerate(text.split("\n"), 1):
                if _MARK in line and (found := _SILENCE.search(line)):
                    left = _apply(left, found, Place(name, number, found.start() + 1, found.end() - found.start()))
    return left


def _apply(diagnostics: list[Diagnostic], found: re.Match[str], place: Place) -> list[Diagnostic]:
    wanted = _CODE.findall(found[1])
    here = [
        d for d in diagnostics if d.place.file == place.file and d.place.line == place.line and not d.is_error and d.code.code in wanted
    ]
    told = {d.code.code for d in here}
    problems = [codes.SILENCE_WITHOUT_EFFECT.at(place, code=code) for code in wanted if code not in told]
    if found[2] is None:
        return [*diagnostics, codes.SILENCE_WITHOUT_REASON.at(place, code=wanted[0]), *problems]
    gone = {id(d) for d in here}
    return [*(d for d in diagnostics if id(d) not in gone), *problems]
