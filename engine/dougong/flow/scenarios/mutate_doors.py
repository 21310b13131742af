"""Changes of what came later: rules and bands of scores, sums of splits, limits and consent of channels, what webhooks demand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dougong_dsl.places import Place

from dougong.flow.scenarios.mutant import Mutant, block, lines_of, swapped
from dougong.model.app import App

_POINTS = re.compile(r"[+-]\s*(\d+)|\bpoints:\s*[+-]?(\d+)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w])")
_LIMIT = re.compile(r"\blimit:\s*(\d+)")
_CLOSES = re.compile(r"(?<=[-–~])([01]?\d|2[0-2])(?=:\d\d)")
_KEPT_BACK = re.compile(r",\s*(?:consent|opt_out):\s*[^,{}\[\]]+|^\s*(?:consent|opt_out):\s*\S+$")
_REQUIRED = re.compile(r"\s+required\b")
_SUMS = re.compile(r"\bsums:\s*\[([^\[\]]*)\]")


def further(app: App) -> Iterator[Mutant]:
    """Every change of these kinds; the same one may come twice."""
    lines = lines_of(app)
    for score in app.scores.values():
        for rule in score.rules:
            yield from _first(lines, rule.place)
        for band in score.bands:
            yield from _bounds(lines, band.place)
    for channel in app.channels.values():
        for place, text in block(lines, channel.place):
            yield from _changed(place, text, _LIMIT)
            yield from _changed(place, text, _CLOSES) if "hours" in text else ()
            yield from (_gone(place, found) for found in _KEPT_BACK.finditer(text))
    for webhook in app.webhooks.values():
        for place, text in block(lines, webhook.place):
            yield from (_gone(place, found) for found in _REQUIRED.finditer(text))
    for path, each in lines.items():
        for number, text in enumerate(each, 1):
            for found in _SUMS.finditer(text):
                yield from _summands(Place(path, number, 1), found)


def score_rules(app: App) -> list[tuple[Place, str, str]]:
    """The rules of scores, which may be left out."""
    return [(rule.place, "评分规则", "score rule") for score in app.scores.values() for rule in score.rules]


def _first(lines: Mapping[str, list[str]], place: Place) -> Iterator[Mutant]:
    """The points of the rule that begins at a place: one more."""
    for where, text in block(lines, place):
        found = _POINTS.search(text, place.column - 1 if where.line == place.line else 0)
        if found is not None:
            group = 1 if found[1] else 2
            yield _at(where, found.start(group), found[group], str(int(found[group]) + 1))
            return


def _bounds(lines: Mapping[str, list[str]], place: Place) -> Iterator[Mutant]:
    """The bounds of the band that begins at a place: one more."""
    text = lines[place.file][place.line - 1] if place.file in lines else ""
    end = min((at for at in (text.find(",", place.column), text.find("}", place.column)) if at >= 0), default=len(text))
    for found in _NUMBER.finditer(text, place.column - 1, end):
        yield _at(place, found.start(), found[0], str(int(found[0]) + 1))


def _changed(place: Place, text: str, pattern: re.Pattern[str]) -> Iterator[Mutant]:
    for found in pattern.finditer(text):
        yield _at(place, found.start(1), found[1], str(int(found[1]) + 1))


def _gone(place: Place, found: re.Match[str]) -> Mutant:
    what = found[0].strip(" ,")
    where = replace(place, column=found.start() + 1, length=len(found[0]))
    return Mutant(where, found[0], "", f"去掉 `{what}`", f"`{what}` is gone")


def _summands(place: Place, found: re.Match[str]) -> Iterator[Mutant]:
    """A field that no longer has to add up."""
    words = [each.strip() for each in found[1].split(",")]
    where = replace(place, column=found.start(1) + 1, length=len(found[1]))
    for word in words:
        rest = ", ".join(each for each in words if each != word)
        yield Mutant(where, found[1], rest, f"`{word}` 不再要求合计相等", f"`{word}` need not add up any more")


def _at(place: Place, start: int, text: str, other: str) -> Mutant:
    return swapped(replace(place, column=start + 1, length=len(text)), text, other)
