"""Time limits of steps: a due of the record under the key `approval:<number>`, and what happens when it comes."""

from datetime import datetime

from dougong_dsl.working import Amount, due_after
from sqlalchemy import bindparam, delete, select

from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.derive.dues import Due, milliseconds
from dougong.runtime.approvals.rows import FrozenStep, Started, params
from dougong.runtime.due.keeping import values
from dougong.runtime.due.past import texts as due_texts
from dougong.runtime.unit import Unit

KIND = "approval"


def key_of(approval_id: int) -> str:
    """The key in `dg_due`."""
    return f"{KIND}:{approval_id}"


def set_limit(unit: Unit, approval: Started, step: FrozenStep, start: datetime) -> None:
    """Note when the step runs out, counted on the app's calendar."""
    if step.within is None:
        return
    count, unit_name, working = step.within
    due = milliseconds(due_after(start, Amount(count, unit_name, working), unit.compiled.app.calendar))
    row = values(unit, approval.object, approval.record_id, key_of(approval.id), Due(due, start))
    unit.connection.run(due_texts(unit).keep, row)


def limit_of(unit: Unit, approval: Started) -> datetime | None:
    """When the step that it has reached runs out; None without a limit, or when that has passed."""

    def make() -> tuple[Text]:
        due = unit.compiled.tables.engine.due
        where = (due.c.object == bindparam("p_object"), due.c.record_id == bindparam("p_record"), due.c.key == bindparam("p_key"))
        return (compile_text(select(due.c.due_at).where(*where, due.c.open_at.is_not(None)), unit.compiled.dialect),)

    (text,) = unit.compiled.question(("approval limit of",), make)
    row = unit.connection.one(text, params(object=approval.object, record=approval.record_id, key=key_of(approval.id)))
    return None if row is None or row[0] is None else instant_from_db(row[0], unit.compiled.dialect)


def clear_limit(unit: Unit, approval: Started) -> None:
    """Nobody is waited for any more."""

    def make() -> tuple[Text]:
        due = unit.compiled.tables.engine.due
        where = (due.c.object == bindparam("p_object"), due.c.record_id == bindparam("p_record"), due.c.key == bindparam("p_key"))
        return (compile_text(delete(due).where(*where), unit.compiled.dialect),)

    (text,) = unit.compiled.question(("approval limit",), make)
    unit.connection.run(text, params(object=approval.object, record=approval.record_id, key=key_of(approval.id)))
