"""What people are told as time goes by: to-dos that are due."""

from datetime import datetime

from dougong.database.instants import instant_from_db
from dougong.engine import Engine
from dougong.runtime.actor import Cause
from dougong.runtime.people import texts
from dougong.runtime.people.texts import text
from dougong.runtime.people.todos import ESCALATES_AFTER


def remind(engine: Engine) -> int:
    """Tell of the to-dos that are due; how many were told of."""
    due = next_reminder(engine)
    if due is None or due > engine.clock.now():
        return 0
    with engine.system_session("todos", cause=Cause("time", "todos")) as session:
        return session.remind()


def next_reminder(engine: Engine) -> datetime | None:
    """When the next to-do has to be told of: when it is due, and again when it is still there a day later."""
    dialect = engine.database.dialect
    with engine.database.read() as connection:
        row = connection.one(text(texts.NEXT_LATE, dialect))
    first, second = (None if v is None else instant_from_db(v, dialect) for v in (row or (None, None)))
    found = [at for at in (first, None if second is None else second + ESCALATES_AFTER) if at is not None]
    return min(found, default=None)
