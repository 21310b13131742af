"""`move` and `propose_move`: along the pipeline, as the gate allows, or as somebody says yes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from dougong.database.text import Text, compile_text
from dougong.model.actions import MoveAction, ProposeAction
from dougong.runtime.gate import stages
from dougong.runtime.gate.actions import writing
from dougong.runtime.gate.actions.task import Outcome, Task, difference
from dougong.runtime.people import proposed, recipients
from dougong.runtime.unit import Unit


def move(action: MoveAction, task: Task) -> Outcome:
    """Move the record; a record that stands there already is left alone."""
    if task.row[action.column] == action.stage:
        return Outcome("nothing")
    return _moved(task, action.column, action.stage, task.values(action.values))


def _moved(task: Task, column: str, stage: str, values: Mapping[str, Any]) -> Outcome:
    pipeline = next(t.pipeline for t in task.rules.tracks if t.field == column)
    source = pipeline.qualified(task.row[column] or pipeline.start.name)
    draft = writing.update(task.unit, task.object, task.record_id, {**values, column: stage})
    return Outcome("done", {"moved": [source, pipeline.qualified(stage)], "fields": difference(draft)})


def propose(action: ProposeAction, task: Task) -> Outcome:
    """Leave a proposal for each recipient who has none yet; move at once where the definition says so."""
    unit, row = task.unit, task.row
    track = next(t for t in task.rules.tracks if t.field == action.column)
    here = stages.stands(track, row)
    if here == action.stage:
        return Outcome("nothing")
    if action.automatic is not None and unit.compiled.program(action.automatic)(row, task.lens) is True:
        return _moved(task, action.column, action.stage, {})
    source, target = (track.pipeline.qualified(stage) for stage in (here, action.stage))
    asked = _asked(task, source, target, row[track.since] or row["created_at"])
    wanted = [user for user in recipients.people(unit, action.recipients, row, task.lens) if user not in asked]
    zh, en = (None, None) if action.text is None else unit.compiled.text(action.text)(row, task.lens)
    for user in wanted:
        values: dict[str, Any] = {
            "for_user": user,
            "object": task.object,
            "record_id": task.record_id,
            "from_stage": source,
            "to_stage": target,
            "text": zh,
            "text_en": en if en != zh else None,
            "trigger": task.firing.trigger,
            "created_at": unit.driver_now,
        }
        unit.connection.run(unit.compiled.statements.proposal, values)
    proposed.tell(unit, wanted, task.object, task.record_id, target, None if zh is None or en is None else (zh, en))
    return Outcome("done" if wanted else "nothing", {"proposed": target, "to": wanted})


def _asked(task: Task, source: str, stage: str, since: datetime) -> set[int]:
    """The users who have this proposal already, unanswered, since the record came to where it stands."""
    unit = task.unit
    text = unit.compiled.question(("asked already",), lambda: _open(unit))
    at = {"object": task.object, "record": task.record_id, "source": source, "stage": stage}
    return {row[0] for row in unit.connection.all(text, {**at, "since": unit.compiled.statements.instant(since)})}


def _open(unit: Unit) -> Text:
    c = unit.compiled.tables.engine.proposal.c
    of_record = (c.object == bindparam("object"), c.record_id == bindparam("record"))
    of_move = (c.from_stage == bindparam("source"), c.to_stage == bindparam("stage"), c.created_at >= bindparam("since"))
    return compile_text(select(c.for_user).where(*of_record, *of_move, c.done_at.is_(None)), unit.compiled.dialect)
