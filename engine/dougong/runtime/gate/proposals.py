"""Moves that triggers propose: who has been asked, what is open, a yes or a no.

A yes is the person's own move, with the person's rights. One answer settles the proposal for everybody who was asked; so does a record that
leaves the stage, or goes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.model.flow import Pipeline
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.actor import Cause
from dougong.runtime.gate import stages, write
from dougong.runtime.gate.draft import Draft
from dougong.runtime.people import proposed
from dougong.runtime.unit import Row, Unit


@dataclass(frozen=True, slots=True)
class Proposal:
    """A move that waits for the reader's yes; `text` says why, where the definition does."""

    id: int
    object: str
    record_id: int
    from_stage: str
    to_stage: str
    text: str | None
    trigger: str
    created_at: datetime
    pipeline: str


def open_proposals(unit: Unit) -> list[Proposal]:
    """Those that the actor is asked, newest first, about records that still stand where they stood."""
    text = _kept(unit, "open proposals", _of_user)
    found = []
    for key, name, record_id, source, target, zh, en, trigger, at in unit.connection.all(text, {"user": unit.actor.id}):
        row = unit.row(name, record_id) if name in unit.compiled.app.objects else None
        asked_at = instant_from_db(at, unit.compiled.dialect)
        way = None if row is None else _way(unit, name, source, target)
        if way is not None and row is not None and _stands(row, way, asked_at):
            said = zh if unit.language == "zh" or en is None else en
            found.append(Proposal(key, name, record_id, *way[1:], said, trigger, asked_at, way[0].name))
    return found


def _way(unit: Unit, object: str, source: str, target: str) -> tuple[Pipeline, str, str] | None:
    """The pipeline and its two stages, from their names among those of all pipelines; None when the release has none of these any more."""
    placed = [unit.compiled.app.objects[object].placed(stage) for stage in (source, target)]
    if placed[0] is None or placed[1] is None:
        return None
    return placed[0][0], placed[0][1], placed[1][1]


def _stands(row: Row, way: tuple[Pipeline, str, str], asked_at: datetime) -> bool:
    """Whether a record has not moved since it was asked about."""
    pipeline, source, _ = way
    here, since = row[pipeline.field] or pipeline.start.name, row[pipeline.since]
    return here == source and (since is None or asked_at >= since)


def accept(unit: Unit, proposal_id: int, values: Mapping[str, Any]) -> Draft:
    """Make the move, with the values that it asks for; `Refused` R432 when there is no such proposal, or what the gate says."""
    found = _mine(unit, proposal_id)
    cause = unit.cause
    unit.act(unit.actor, Cause("proposal", found.trigger, cause.happened_at))
    try:
        with unit.savepoint():
            _settle(unit, found, "accepted")
            column = stages.column_of(unit.compiled.rules(found.object), found.pipeline)
            return write.update(unit, found.object, found.record_id, {**values, column: found.to_stage})
    finally:
        unit.act(unit.actor, cause)


def decline(unit: Unit, proposal_id: int) -> None:
    """Say no; `Refused` R432 when there is no such proposal."""
    _settle(unit, _mine(unit, proposal_id), "declined")


def _mine(unit: Unit, proposal_id: int) -> Proposal:
    found = next((p for p in open_proposals(unit) if p.id == proposal_id), None)
    if found is None:
        raise refuse(codes.NO_SUCH_PROPOSAL)
    return found


def _settle(unit: Unit, proposal: Proposal, outcome: str) -> None:
    pipeline = next(p for p in unit.compiled.app.objects[proposal.object].pipelines if p.name == proposal.pipeline)
    target = pipeline.qualified(proposal.to_stage)
    values = {
        "dg_object": proposal.object,
        "dg_record": proposal.record_id,
        "dg_stage": target,
        "outcome": outcome,
        "done_at": unit.driver_now,
        "done_by": unit.actor.id,
    }
    unit.connection.run(_kept(unit, "settle proposal", _settled), values)
    proposed.answered(unit, proposal.object, proposal.record_id, target)


def _kept(unit: Unit, name: str, make: Callable[[Unit], Text]) -> Text:
    return unit.compiled.question((name,), lambda: make(unit))


def _of_user(unit: Unit) -> Text:
    c = unit.compiled.tables.engine.proposal.c
    columns = (c.id, c.object, c.record_id, c.from_stage, c.to_stage, c.text, c.text_en, c.trigger, c.created_at)
    mine = select(*columns).where(c.for_user == bindparam("user"), c.done_at.is_(None))
    return compile_text(mine.order_by(c.id.desc()), unit.compiled.dialect)


def _settled(unit: Unit) -> Text:
    table = unit.compiled.tables.engine.proposal
    of_record = (table.c.object == bindparam("dg_object"), table.c.record_id == bindparam("dg_record"))
    values: dict[str, Any] = {name: bindparam(name) for name in ("outcome", "done_at", "done_by")}
    query = update(table).values(values).where(*of_record, table.c.to_stage == bindparam("dg_stage"), table.c.done_at.is_(None))
    return compile_text(query, unit.compiled.dialect)
