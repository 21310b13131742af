"""The trigger log as administrators read it."""

from typing import Any

import orjson
from sqlalchemy import bindparam, select

from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.actor import SYSTEM
from dougong.runtime.read.titles import user_names
from dougong.runtime.record import Person
from dougong.runtime.triggers.asking import only_admins
from dougong.runtime.triggers.told import Entry, LogPage
from dougong.runtime.unit import Unit

MOST = 1_000
COLUMNS = (
    *("id", "trigger", "object", "record_id", "event", "at", "release", "actor", "cause", "cause_id", "chain", "seen", "did", "refused"),
)


def trigger_log(
    unit: Unit, object: str | None = None, id: int | None = None, trigger: str | None = None, limit: int = 50, cursor: str | None = None
) -> LogPage:
    """The firings of a trigger, on an object, on a record, newest first; `Refused` R430 for anybody but an administrator."""
    only_admins(unit)
    if not 1 <= limit <= MOST:
        raise refuse(codes.BAD_LIMIT, most=MOST)
    if cursor is not None and not cursor.isdecimal():
        raise refuse(codes.BAD_CURSOR)
    wanted = {"object": object, "record_id": id, "trigger": trigger}
    given = {name: value for name, value in wanted.items() if value is not None}
    text = unit.compiled.question(("trigger log", tuple(given)), lambda: _text(unit, tuple(given)))
    params = {f"dg_{n}": v for n, v in given.items()}
    rows = unit.connection.all(text, {**params, "before": int(cursor) if cursor else 2**62, "count": limit + 1})
    entries = _entries(unit, rows[:limit])
    return LogPage(entries, str(entries[-1].id) if len(rows) > limit else None)


def _entries(unit: Unit, rows: list[tuple[Any, ...]]) -> list[Entry]:
    names = user_names(unit, sorted({r[7] for r in rows if r[7] is not None})) if rows else {}
    found = []
    for row in rows:
        kept = dict(zip(COLUMNS, row, strict=True))
        who = kept["actor"]
        kept["at"] = instant_from_db(kept["at"], unit.compiled.dialect)
        kept["actor"] = Person(who, SYSTEM.name if who is None else names.get(who, f"#{who}"))
        for name in ("chain", "seen", "did", "refused"):
            kept[name] = orjson.loads(kept[name]) if isinstance(kept[name], str) else kept[name]
        kept["chain"] = [(name, key) for name, key in kept["chain"]]
        found.append(Entry(**kept))
    return found


def _text(unit: Unit, given: tuple[str, ...]) -> Text:
    table = unit.compiled.tables.engine.trigger_log
    tests = [table.c[name] == bindparam(f"dg_{name}") for name in given]
    query = select(*(table.c[n] for n in COLUMNS)).where(*tests, table.c.id < bindparam("before"))
    return compile_text(query.order_by(table.c.id.desc()).limit(bindparam("count")), unit.compiled.dialect)
