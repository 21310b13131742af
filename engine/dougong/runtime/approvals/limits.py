"""Time limits of steps: a due of the record under the key `approval:<number>`, and what happens when it comes."""

from datetime import datetime

from dougong_dsl.working import Amount, due_after
from sqlalchemy import bindparam, delete

from dougong.database.text import compile_text
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


def clear_limit(unit: Unit, approval: Started) -> None:
    """Nobody is waited for any more."""

    def make() -> tuple[object]:
        due = unit.compiled.tables.engine.due
        where = (due.c.object == bindparam("p_object"), due.c.record_id == bindparam("p_record"), due.c.key == bindparam("p_key"))
        return (compile_text(delete(due).where(*where), unit.compiled.dialect),)

    (text,) = unit.compiled.question(("approval limit",), make)
    unit.connection.run(text, params(object=approval.object, record=approval.record_id, key=key_of(approval.id)))  # type: ignore[arg-type]  # a Text
