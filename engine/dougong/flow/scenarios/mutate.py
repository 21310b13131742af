"""Changes one thing of a definition at a time and plays the scenarios: a change that none of them notices is a rule that nothing proves.

Changed are constants (one more), comparisons, `and` and `or`, amounts of time, limits of pools and channels, points and bands of scores, cells of
decision tables and hours of calendars; moves, grants, actions, demands of gates, rows of tables, rules of scores, consent and sums are left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from dougong_dsl.expression.lexer import Lexer
from dougong_dsl.places import Place, Source

from dougong.flow.scenarios.mutant import Mutant, lines_of, swapped
from dougong.flow.scenarios.mutate_doors import further, score_rules
from dougong.flow.scenarios.mutate_flow import changes, places
from dougong.flow.scenarios.play import play
from dougong.flow.scenarios.rules import expressions
from dougong.flow.scenarios.world import World
from dougong.model.app import App
from dougong.pipeline import Built, read_app
from dougong.refusals import Refused

_OTHER = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "=": "<>", "<>": "=", "and": "or", "or": "and"}
_SPAN = re.compile(r"\b(\d+)(?=\s*(?:working\s+)?(?:minute|hour|day|week|month)s?\b|\s*个?(?:工作日|工作小时|小时|分钟|天|周|月))")
_DEADLINE = re.compile(r"\b(?:overdue|review|after):|\bwithin\b|限")
_CLOSING = re.compile(r"\bclose_when:\s*(all|any)\b")
_LINE = re.compile(r"(\s*)- \S.*")
CHECKER = "check"
__all__ = ["CHECKER", "Mutant", "mutants", "try_mutant"]


def mutants(built: Built) -> list[Mutant]:
    """Every change worth trying, by place."""
    assert built.app is not None
    app, files = built.app, built.files
    found = [m for e in expressions(app) for m in _of_expression(e.source)]
    found += [m for m in _of_amounts(app)]
    found += [m for m in _of_lines(app)]
    found += [m for m in _of_words(app)]
    found += [*changes(app), *further(app)]
    distinct = {
        (m.place, m.to): m for m in found if _text_at(files, m.place, len(m.found)) == m.found and not m.place.file.startswith(".uses/")
    }
    return sorted(distinct.values(), key=lambda m: (m.place, m.to))


def try_mutant(built: Built, mutant: Mutant, scenarios: Sequence[str]) -> Mutant:
    """The mutant with who noticed it."""
    changed = read_app(_changed(built.files, mutant))
    if changed.app is None:
        return replace(mutant, noticed_by=CHECKER)
    with World(changed.files) as world:
        for name in scenarios:
            scenario = world.app.scenarios.get(name)
            try:
                if scenario is None or not play(world, scenario).passed:
                    return replace(mutant, noticed_by=name)
            except Refused:
                return replace(mutant, noticed_by=name)
    return mutant


def _of_expression(source: Source) -> Iterator[Mutant]:
    lexer = Lexer(source)
    lexer.run()
    for token in lexer.tokens:
        start, end = int(token.start_pos or 0), int(token.end_pos or 0)
        text = source.text[start:end]
        other = _other(token.type, text, str(token.value))
        if other is not None:
            place = replace(source.at(start), length=max(1, end - start))
            yield swapped(place, text, other)


def _other(kind: str, text: str, value: str) -> str | None:
    if kind in ("COMPARE", "AND", "OR"):
        return _OTHER.get(value)
    if kind == "NUMBER" and re.fullmatch(r"\d+(\.\d+)?", text):
        number = Decimal(text)
        step = Decimal(1).scaleb(int(number.as_tuple().exponent))
        return str(number + step)
    if kind == "DURATION" and (found := re.match(r"\d+", text)):
        return f"{int(found[0]) + 1}{text[found.end() :]}"
    return None


def _of_amounts(app: App) -> Iterator[Mutant]:
    """Amounts of time outside of expressions: deadlines of stages and events of triggers."""
    for place, text in _timed(app):
        for found in _SPAN.finditer(text):
            where = replace(place, column=place.column + found.start(1), length=len(found[1]))
            yield swapped(where, found[1], str(int(found[1]) + 1))


def _of_words(app: App) -> Iterator[Mutant]:
    """How many parts a whole waits for."""
    for path, text in app.files.items():
        for number, line in enumerate(text.split("\n"), 1):
            for found in _CLOSING.finditer(line):
                yield swapped(Place(path, number, found.start(1) + 1, 3), found[1], "any" if found[1] == "all" else "all")


def _timed(app: App) -> Iterator[tuple[Place, str]]:
    lines = lines_of(app)
    places = [e.place for t in app.triggers.values() for e in t.events]
    places += [s.place for o in app.objects.values() for p in o.pipelines for s in p.stages.values()]
    places += [s.place for a in app.approvals.values() for s in a.steps]
    for place in places:
        if place.file in lines and 0 < place.line <= len(lines[place.file]):
            line = lines[place.file][place.line - 1]
            yield replace(place, column=1), line
    for path, each in lines.items():
        for number, line in enumerate(each, 1):
            if _DEADLINE.search(line):
                yield Place(path, number, 1), line


def _of_lines(app: App) -> Iterator[Mutant]:
    """Moves, grants and actions: gone, with their line, or out of the list that they stand in."""
    lines = lines_of(app)
    moves = [(m.place, "流转", "move") for o in app.objects.values() for p in o.pipelines for m in p.moves]
    grants = [(g.place, "授权", "grant") for r in app.roles.values() for g in r.grants]
    actions = [(a.place, "动作", "action") for t in app.triggers.values() for a in t.actions]
    for place, zh, en in (*moves, *grants, *actions, *places(app), *score_rules(app)):
        if place.file not in lines or not 0 < place.line <= len(lines[place.file]):
            continue
        line = lines[place.file][place.line - 1]
        found = _LINE.fullmatch(line)
        if found is not None and place.column <= len(found[1]) + 4 and _is_closed(line):
            yield Mutant(
                Place(place.file, place.line, 1, len(line)), line, f"{found[1]}# {line.strip()}", f"去掉这条{zh}", f"this {en} is gone"
            )
        elif (item := _item(line, place.column - 1)) is not None:
            start, end = item
            yield Mutant(Place(place.file, place.line, start + 1, end - start), line[start:end], "", f"去掉这条{zh}", f"this {en} is gone")


def _item(line: str, start: int) -> tuple[int, int] | None:
    """Where an item of a list in brackets stands that begins at `start`, with the comma that goes with it; None for anything else."""
    while start > 0 and line[start - 1] in "{\"'":
        start -= 1
    before = line[:start].rstrip()
    if not before.endswith(("[", ",")):
        return None
    depth, quote, end = 0, "", start
    while end < len(line) and (quote or depth or line[end] not in ",]"):
        letter = line[end]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        else:
            depth += (letter in "[{(") - (letter in "]})")
        end += 1
    if end == len(line):
        return None
    if line[end] == ",":
        return start, end + 1 + (len(line[end + 1 :]) - len(line[end + 1 :].lstrip()))
    return (len(before) - 1 if before.endswith(",") else start), end


def _is_closed(line: str) -> bool:
    """Whether nothing that begins on the line goes on below it."""
    return all(line.count(a) == line.count(b) for a, b in ("{}", "[]", "()")) and not line.rstrip().endswith((":", "|", ">"))


def _text_at(files: Mapping[str, str], place: Place, length: int) -> str | None:
    text = files.get(place.file)
    if text is None:
        return None
    lines = text.split("\n")
    return lines[place.line - 1][place.column - 1 : place.column - 1 + length] if place.line <= len(lines) else None


def _changed(files: Mapping[str, str], mutant: Mutant) -> dict[str, str]:
    found: dict[str, str] = dict(files)
    lines = found[mutant.place.file].split("\n")
    line, at = lines[mutant.place.line - 1], mutant.place.column - 1
    lines[mutant.place.line - 1] = line[:at] + mutant.to + line[at + len(mutant.found) :]
    found[mutant.place.file] = "\n".join(lines)
    return found
