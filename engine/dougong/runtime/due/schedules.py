"""What repeats: an occurrence becomes one due for each record it is for, and the schedule waits for its next one.

Occurrences that nobody was there for are made up once, not one by one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal, null, select
from sqlalchemy.dialects import postgresql, sqlite

from dougong.database.text import Text, compile_text
from dougong.derive.due_print import fingerprint
from dougong.derive.dues import ScheduleRule
from dougong.runtime.due.past import texts
from dougong.runtime.read.sql import Writer
from dougong.runtime.unit import Unit


def expand(unit: Unit, rule: ScheduleRule, due_at: datetime) -> None:
    """Spread an occurrence over the records for which the condition is true."""
    text = unit.compiled.question(("due spread", rule.key), lambda: _spread(unit, rule))
    unit.connection.run(text, {**unit.params, "due_at": unit.compiled.statements.instant(due_at)})
    plan(unit, rule)


def plan(unit: Unit, rule: ScheduleRule) -> None:
    """Wait for the next occurrence."""
    at = rule.next_after(unit.now)
    instant = None if at is None else unit.compiled.statements.instant(at)
    values: dict[str, Any] = {
        "object": rule.object,
        "record_id": 0,
        "key": rule.key,
        "due_at": instant,
        "start_at": unit.driver_now,
        "mark": fingerprint(rule),
        "open_at": instant,
        "derivation": None,
    }
    unit.connection.run(texts(unit).keep, values)


def _spread(unit: Unit, rule: ScheduleRule) -> Text:
    compiled = unit.compiled
    rules, table, due = compiled.rules(rule.object), compiled.tables.of[rule.object], compiled.tables.engine.due
    at = bindparam("due_at", type_=due.c.due_at.type)
    query = select(literal(rule.object), table.c.id, literal(rule.key), at, at, at, null()).where(table.c.id > literal(0))
    if rule.where is not None:
        query = query.where(Writer(compiled, rules, table).condition(rule.where.root))
    make: Any = sqlite.insert if compiled.dialect == "sqlite" else postgresql.insert
    made = make(due).from_select(["object", "record_id", "key", "due_at", "start_at", "open_at", "fired_at"], query)
    new = made.excluded
    values = {"due_at": new.due_at, "start_at": new.start_at, "open_at": new.open_at, "fired_at": null(), "attempts": literal(0)}
    return compile_text(
        made.on_conflict_do_update(index_elements=[due.c.object, due.c.record_id, due.c.key], set_=values), compiled.dialect
    )
