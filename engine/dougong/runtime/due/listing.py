"""What is still to come, for administrators: open moments of records and schedules, the next first, with the trouble that one ran into."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.derive.dues import StageRule
from dougong.runtime.triggers.asking import only_admins
from dougong.runtime.unit import Unit

Spoken = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OpenDue:
    """One moment. `record_id` is 0 for schedules; `error` is why the last of `attempts` failed; `title` is the rule's, or its key twice."""

    id: int
    object: str
    record_id: int
    key: str
    title: Spoken
    clause: str
    due_at: datetime
    attempts: int
    error: str | None


def open_dues(unit: Unit, object: str | None = None, limit: int = 50, skip: int = 0) -> list[OpenDue]:
    """Those that a sweep will look at, the next first; `Refused` R430 for anybody but an administrator."""
    only_admins(unit)
    text = unit.compiled.question(("open dues", object is None), lambda: _text(unit, is_all=object is None))
    params = {"dg_count": limit, "dg_skip": skip} | ({} if object is None else {"dg_object": object})
    return [_due(unit, row) for row in unit.connection.all(text, params)]


def _due(unit: Unit, row: tuple[Any, ...]) -> OpenDue:
    id, name, record_id, key, open_at, attempts, error = row
    title, clause = _rule(unit, name, key)
    return OpenDue(id, name, record_id, key, title, clause, instant_from_db(open_at, unit.compiled.dialect), attempts, error)


def _rule(unit: Unit, object: str, key: str) -> tuple[Spoken, str]:
    """Title and file:line of the rule with this key; a key that no rule has stands for itself."""
    if object in unit.compiled.app.objects:
        rules = unit.compiled.rules(object)
        for rule in (*rules.dues.own, *rules.dues.schedules):
            if rule.key != key:
                continue
            if rule.fires is not None:
                title = rule.fires.trigger.title
                return (title.zh, title.en), rule.clause
            if isinstance(rule, StageRule):
                return ("阶段时限", "Deadline of a stage"), rule.clause
    if key.startswith("approval:"):
        return ("审批时限", "Time limit of an approval"), ""
    return (key, key), ""


def _text(unit: Unit, *, is_all: bool) -> Text:
    c = unit.compiled.tables.engine.due.c
    query = sa.select(c.id, c.object, c.record_id, c.key, c.open_at, c.attempts, c.error).where(c.open_at.is_not(None))
    if not is_all:
        query = query.where(c.object == sa.bindparam("dg_object"))
    query = query.order_by(c.open_at, c.id).limit(sa.bindparam("dg_count")).offset(sa.bindparam("dg_skip"))
    return compile_text(query, unit.compiled.dialect)
