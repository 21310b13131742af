"""Choosing who gets a record: candidates, capacity, and one of them by the method that the action names.

What was looked at goes into the trigger log, so that "why did this go to B?" has an answer: `Choice.said`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dougong_dsl.expression import Expression
from sqlalchemy import bindparam, select

from dougong.database.text import Text, compile_text
from dougong.derive.moves import clause
from dougong.model.actions import AssignAction
from dougong.model.dispatch_words import Target
from dougong.runtime.dispatch.shares import drawn, point, rounded, shares
from dougong.runtime.unit import Row, Unit

KEPT = 50  # candidates that the log names
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))"


@dataclass(frozen=True, slots=True)
class Choice:
    """A user, or a pool, or nobody; `said` is what the log keeps of how it came to that."""

    user: int | None = None
    pool: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """Who gets this record. `names` are the records that expressions about users may name beside their own fields."""

    unit: Unit
    object: str
    row: Row
    names: Mapping[str, Any]
    trigger: str

    @property
    def record_id(self) -> int:
        """The record's number."""
        return int(self.row["id"])

    def of(self, expression: Expression, user: Mapping[str, Any]) -> Any:
        """What an expression about a user gives."""
        seen = Row(self.unit.compiled.rules("user"), self.unit, {**self.names, **user})
        return self.unit.compiled.program(expression)(seen, self.unit.plain)


def choose(question: Question, action: AssignAction) -> Choice:
    """Who gets the record by an action."""
    users = question.unit.users()
    if action.login is not None:
        return Choice(next((u["id"] for u in users if u["login"] == action.login), None), None, {"by": "login", "login": action.login})
    if action.by == "table":
        return _by_table(question, action)
    fitting = [u for u in users if action.candidates is None or question.of(action.candidates, u) is True]
    return _one_of(question, action, fitting, {"by": action.by})


def _by_table(question: Question, action: AssignAction) -> Choice:
    table = question.unit.compiled.app.tables[str(action.table)]
    found = table.decide(question.row)
    said: dict[str, Any] = {"by": "table", "table": table.name}
    if found is None:
        return _otherwise(question, action, said)
    number, row = found
    said |= {"row": number, "row_clause": clause(row.place)}
    return _to(question, action, row.then, said)


def _to(question: Question, action: AssignAction, target: Target, said: dict[str, Any]) -> Choice:
    """To a user, to the least loaded of a role, or into a pool."""
    said["target"] = str(target)
    if target.kind == "pool":
        return Choice(None, target.name, said)
    users = question.unit.users()
    if target.kind == "user":
        fitting = [u for u in users if u["login"] == target.name]
    else:
        fitting = [u for u in users if target.name in (u["roles"] or ())]
    return _one_of(question, action, fitting, said)


def _one_of(question: Question, action: AssignAction, fitting: Sequence[Row], said: dict[str, Any]) -> Choice:
    ids = [int(u["id"]) for u in fitting]
    needs_load = bool(ids) and (action.capacity is not None or (action.by in ("least", "table") and len(ids) > 1))
    if needs_load:
        _wait(question, f"assign {question.object}.{action.field}")
    if action.by == "round":
        _wait(question, _turn_key(question, action))
    loads = _loads(question, action.field, ids) if needs_load else {}
    said["candidates"] = ids[:KEPT]
    if action.capacity is not None:
        room = {int(u["id"]): question.of(action.capacity, u) for u in fitting}
        full = {who for who in ids if room[who] is not None and loads.get(who, 0) >= room[who]}
        said["full"] = [[who, loads.get(who, 0), str(room[who])] for who in ids[:KEPT] if who in full]
        fitting, ids = [u for u in fitting if u["id"] not in full], [who for who in ids if who not in full]
    if not ids:
        return _otherwise(question, action, said)
    if action.by == "weight" and "otherwise" not in said:
        return _by_weight(question, action, fitting, said)
    if action.by == "round" and "otherwise" not in said:
        return _by_turn(question, action, ids, said)
    if needs_load:
        said["loads"] = [[who, loads.get(who, 0)] for who in ids[:KEPT]]
    return Choice(min(ids, key=lambda who: (loads.get(who, 0), who)), None, said)


def _otherwise(question: Question, action: AssignAction, said: dict[str, Any]) -> Choice:
    """Nobody is left: to whom `else` says."""
    if action.otherwise is None or "otherwise" in said:
        return Choice(None, None, said)
    before = {key: said.pop(key) for key in ("candidates", "full") if key in said}
    return _to(question, action, action.otherwise, {**said, "otherwise": before})


def _loads(question: Question, field_name: str, ids: Sequence[int]) -> dict[int, int]:
    unit = question.unit
    return dict(
        unit.connection.all(unit.compiled.writes(question.object).load(field_name), {"users": list(ids), "dg_key": question.record_id})
    )


def _by_weight(question: Question, action: AssignAction, fitting: Sequence[Row], said: dict[str, Any]) -> Choice:
    assert action.weight is not None
    weights = {int(u["id"]): question.of(action.weight, u) for u in fitting}
    parts = shares(weights, action.floor)
    at = point(question.trigger, question.object, question.record_id)
    said["weights"] = [[who, None if weight is None else str(weight)] for who, weight in list(weights.items())[:KEPT]]
    said["shares"] = [list(each) for each in rounded(parts)[:KEPT]]
    said["draw"] = f"{float(at):.6f}"
    return Choice(drawn(parts, at), None, said)


def _turn_key(question: Question, action: AssignAction) -> str:
    return f"assign {question.trigger} {question.object}.{action.field}"


def _wait(question: Question, key: str) -> None:
    """Whoever counts the same loads or turns at the same time waits here until this transaction is over. SQLite has one writer anyway."""
    if question.unit.compiled.dialect == "postgresql":
        question.unit.connection.one(LOCK, {"key": key})


def _by_turn(question: Question, action: AssignAction, ids: Sequence[int], said: dict[str, Any]) -> Choice:
    """Whose last turn is longest ago; who never had one comes first, by id."""
    unit, key = question.unit, _turn_key(question, action)
    text: Text = unit.compiled.question(("turns",), _turns(unit))
    last = {int(who): int(turn) for who, turn in unit.connection.all(text, {"name": f"{key} turn"})}
    chosen = min(ids, key=lambda who: (last.get(who, 0), who))
    turn = max(last.values(), default=0) + 1
    count = turn - last.get(chosen, 0)
    unit.connection.one(unit.compiled.statements.next_number, {"name": f"{key} turn", "period": str(chosen), "count": count})
    said["turns"] = [[who, last.get(who)] for who in ids[:KEPT]]
    return Choice(chosen, None, said)


def _turns(unit: Unit) -> Callable[[], Text]:
    def make() -> Text:
        sequence = unit.compiled.tables.engine.sequence
        query = select(sequence.c.period, sequence.c.value).where(sequence.c.name == bindparam("name"))
        return compile_text(query, unit.compiled.dialect)

    return make
