"""The actor's own to-dos."""

from sqlalchemy import bindparam, func, select, update

from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.record import Todo
from dougong.runtime.unit import Unit


def open_todos(unit: Unit) -> list[Todo]:
    """What is still to be done, newest first, in the reader's language."""
    text: Text = unit.compiled.question(("todos", unit.language), lambda: _open(unit))
    dialect = unit.compiled.dialect
    rows = unit.connection.all(text, {"user": unit.actor.id})
    return [Todo(i, name, record_id, words, instant_from_db(at, dialect)) for i, name, record_id, words, at in rows]


def finish(unit: Unit, todo_id: int) -> None:
    """Mark one as done."""
    text: Text = unit.compiled.question(("finish todo",), lambda: _finish(unit))
    if unit.connection.run(text, {"dg_key": todo_id, "user": unit.actor.id, "done_at": unit.driver_now, "done_by": unit.actor.id}) != 1:
        raise refuse(codes.NO_SUCH_TODO)


def _open(unit: Unit) -> Text:
    c = unit.compiled.tables.engine.todo.c
    words = c.text if unit.language == "zh" else func.coalesce(c.text_en, c.text)
    query = select(c.id, c.object, c.record_id, words, c.created_at).where(c.for_user == bindparam("user"), c.done_at.is_(None))
    return compile_text(query.order_by(c.id.desc()), unit.compiled.dialect)


def _finish(unit: Unit) -> Text:
    todo = unit.compiled.tables.engine.todo
    query = update(todo).values(done_at=bindparam("done_at"), done_by=bindparam("done_by"))
    return compile_text(
        query.where(todo.c.id == bindparam("dg_key"), todo.c.for_user == bindparam("user"), todo.c.done_at.is_(None)), unit.compiled.dialect
    )
