"""Who is in charge of the stage a record is in and what has to be delivered there, as far as the reader may know it."""

from collections.abc import Iterator
from dataclasses import dataclass

from dougong_dsl.expression import Expression

from dougong.model.actions import Recipient
from dougong.model.flow import Pipeline, Stage
from dougong.model.text import Template
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.people import recipients
from dougong.runtime.read.titles import titles, user_names
from dougong.runtime.unit import Row, Unit

HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Duty:
    """Of one pipeline: the stage, the names of its owners (people, roles, teams), its standard, and whether the reader is an owner."""

    pipeline: Pipeline
    stage: Stage
    owners: tuple[str, ...]
    standard: str
    is_mine: bool


def duties(unit: Unit, object_name: str, record_id: int) -> list[Duty]:
    """Those of a visible record, one for each pipeline whose stage has an owner or a standard; `Refused` R404 otherwise."""
    rules = unit.compiled.rules(object_name)
    row = unit.row(object_name, record_id)
    matching = [] if row is None else unit.matching(object_name, "read", row)
    if row is None or not matching:
        raise refuse(codes.NOT_FOUND, object=rules.spoken)
    clear = frozenset(unit.access.reads(object_name).fields_of(matching)[0])
    found = []
    for pipeline in unit.compiled.app.objects[object_name].pipelines:
        stage = pipeline.stages.get(row[pipeline.field] or pipeline.start.name)
        if pipeline.field in clear and stage is not None and (stage.owner or stage.standard):
            owners = tuple(dict.fromkeys(name for each in stage.owner for name in _named(unit, each, row, clear)))
            mine = unit.actor.id in recipients.people(unit, stage.owner, row, unit.plain)
            found.append(Duty(pipeline, stage, owners, "" if stage.standard is None else _told(unit, stage.standard, row, clear), mine))
    return found


def _named(unit: Unit, each: Recipient, row: Row, clear: frozenset[str]) -> Iterator[str]:
    if each.role is not None:
        yield unit.compiled.app.roles[each.role].title.text(unit.language)
    elif each.team is not None:
        yield each.team
    elif each.team_path is not None:
        team = unit.compiled.program(each.team_path)(row, unit.plain) if _is_clear(each.team_path, clear) else None
        yield from () if team is None else titles(unit, "team", [team]).values()
    elif each.user is None or _is_clear(each.user, clear):
        people = recipients.people(unit, [each], row, unit.plain)
        names = user_names(unit, people)
        yield from (names[i] for i in people if i in names)


def _told(unit: Unit, text: Template, row: Row, clear: frozenset[str]) -> str:
    """The text with what the reader may read; what lies behind a link stays out, for its rights are another record's."""
    parts = text.parts_in(unit.language)
    shown = tuple(p if isinstance(p, str) or (_is_clear(p, clear) and not p.looks_elsewhere) else HIDDEN for p in parts)
    key = ("duty", id(text), unit.language, tuple(p == HIDDEN for p in shown))
    program = unit.compiled.question(key, lambda: unit.compiled.text(Template(shown, text.place)))
    found: tuple[str, str] = program(row, unit.plain)
    return found[0]


def _is_clear(expression: Expression, clear: frozenset[str]) -> bool:
    return {path[0] for path in expression.uses} <= clear
