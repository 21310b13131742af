"""Moves that triggers propose: who has been asked, what is open, a yes or a no."""

from sqlalchemy import bindparam, select

from dougong.database.text import Text, compile_text
from dougong.runtime.unit import Unit


def open_for(unit: Unit, object_name: str, record_id: int, stage: str) -> set[int]:
    """The users who have an open proposal to move the record to the stage."""
    text = unit.compiled.question(("open proposals",), lambda: _open(unit))
    return {row[0] for row in unit.connection.all(text, {"object": object_name, "record": record_id, "stage": stage})}


def _open(unit: Unit) -> Text:
    table = unit.compiled.tables.engine.proposal
    at = (table.c.object == bindparam("object"), table.c.record_id == bindparam("record"), table.c.to_stage == bindparam("stage"))
    return compile_text(select(table.c.for_user).where(*at, table.c.done_at.is_(None)), unit.compiled.dialect)
