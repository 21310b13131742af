"""Changes beside expressions: limits and times of pools, cells of decision tables, what gates ask for, hours of calendars."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dougong_dsl.places import Place

from dougong.flow.scenarios.mutant import Mutant, block, lines_of, swapped
from dougong.model.app import App

_LIMIT = re.compile(r"\b(?:open|per_day|views_per_day):\s*(\d+)")
_WHEN = re.compile(r"\bwhen:\s*(\{[^{}]*\})")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])|(?<=\d\.\.)\d+|\d+(?=\.\.)")
_COMPARE = re.compile(r"[<>]=?")
_OTHER = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
_AMOUNT = re.compile(r"\b(\d+)(?=\s*(?:working\s+)?(?:minute|hour|day|week|month)s?\b|\s*个?(?:工作日|工作小时|小时|分钟|天|周|月))")
_VERSION = re.compile(r"\bversion:\s*[\"']?(\d+)")
_CALENDAR = re.compile(r"calendars?:")
_UNTIL = re.compile(r"(?<=[-–~])\s*([01]?\d|2[0-2])(?=:\d\d)")


def changes(app: App) -> Iterator[Mutant]:
    """Every change of these kinds; the same one may come twice."""
    lines = lines_of(app)
    for pool in app.pools.values():
        for place, text in block(lines, pool.place):
            yield from _one_more(place, text, _LIMIT)
            yield from _one_more(place, text, _AMOUNT)
    for table in app.tables.values():
        for row in table.rows:
            yield from _of_row(lines, row.place)
    for item in _demanded(app):
        for place, text in block(lines, item):
            yield from _one_more(place, text, _AMOUNT)
            yield from _one_more(place, text, _VERSION)
    for path, each in lines.items():
        for number, text in enumerate(each, 1):
            if _CALENDAR.match(text):
                for place, inner in block(lines, Place(path, number, 1)):
                    yield from _one_more(place, inner, _UNTIL)


def places(app: App) -> list[tuple[Place, str, str]]:
    """Where something stands that may be left out, and what it is in Chinese and English."""
    lines = lines_of(app)
    asked = [(_begins(lines, place), "门槛", "demand of a gate") for place in _demanded(app)]
    return [*asked, *((row.place, "决策表的行", "row of a table") for table in app.tables.values() for row in table.rows)]


def _begins(lines: Mapping[str, list[str]], place: Place) -> Place:
    """The brace with which an item begins, where its name stands in one."""
    before = lines[place.file][place.line - 1][: place.column - 1] if place.file in lines else ""
    return replace(place, column=before.rfind("{") + 1) if "{" in before else place


def _demanded(app: App) -> Iterator[Place]:
    """The actions and evidence that gates ask for."""
    for target in app.objects.values():
        for stage in (stage for pipeline in target.pipelines for stage in pipeline.stages.values()):
            for gate in (stage.to_enter, stage.to_leave):
                yield from (action.place for action in gate.actions)
                yield from (evidence.place for evidence in gate.evidence)


def _of_row(lines: Mapping[str, list[str]], row: Place) -> Iterator[Mutant]:
    """Numbers and comparisons in the cells of a row."""
    for place, text in block(lines, row):
        for cells in _WHEN.finditer(text):
            for found in _NUMBER.finditer(text, cells.start(1), cells.end(1)):
                yield _at(place, found.start(), found[0], str(int(found[0]) + 1) if found[0].isdecimal() else f"{found[0]}1")
            for found in _COMPARE.finditer(text, cells.start(1), cells.end(1)):
                yield _at(place, found.start(), found[0], _OTHER[found[0]])


def _one_more(place: Place, text: str, pattern: re.Pattern[str]) -> Iterator[Mutant]:
    for found in pattern.finditer(text):
        yield _at(place, found.start(1), found[1], str(int(found[1]) + 1))


def _at(place: Place, start: int, text: str, other: str) -> Mutant:
    return swapped(replace(place, column=start + 1, length=len(text)), text, other)
