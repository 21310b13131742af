""" "Why did this go to B?": every time a record was given to somebody, in sentences of both languages, oldest first.

Automatic ones are told from the trigger log, with what was looked at then; claims and returns from the log of pools; the rest from history.
Whoever may read the record hears who and by which rule; loads, weights and capacities of people are told to administrators alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, select

from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.derive.moves import clause
from dougong.runtime.people.absence import is_admin
from dougong.runtime.pools import rows
from dougong.runtime.read import changes
from dougong.runtime.read.titles import user_names
from dougong.runtime.session import Session
from dougong.runtime.unit import Unit

Spoken = tuple[str, str]
METHODS: Mapping[str, Spoken] = {
    "least": ("给手上最少的人", "to whoever has the fewest"),
    "round": ("轮流", "in turns"),
    "weight": ("按权重抽取", "drawn by weight"),
    "table": ("按决策表", "by a decision table"),
    "login": ("写明给这个人", "to the person it names"),
}


@dataclass(frozen=True, slots=True)
class Assignment:
    """One time that a record was given to somebody (`user`), or went into a pool, or that nobody was found: when, why, by which clause.

    `sentences`: (Chinese, English), the first says what happened, the others what was looked at.
    """

    at: datetime
    user: int | None
    pool: str | None
    clause: str | None
    sentences: tuple[Spoken, ...]


def explain_assignment(session: Session, object: str, id: int) -> list[Assignment]:
    """Every assignment of a record that the actor may read, oldest first. `Refused` R404 for another."""
    unit = session.unit
    known = changes.history(unit, object, id)
    firings = list(_dispatched(unit, object, id))
    people = {who for _, _, did in firings for who in _named(did)} | {who for _, _, who, *_ in rows.of_record(unit, object, id) if who}
    links = [r for r in unit.compiled.rules(object).links if r.target == "user" and r.field.is_writable]
    by_hand = [(c, r, c.fields[r.name][1]) for c in known if c.cause not in ("trigger", "pool") for r in links if r.name in c.fields]
    people |= {who for _, _, who in by_hand if isinstance(who, int)}
    names = user_names(unit, sorted(people)) if people else {}

    def name(who: Any) -> str:
        return names.get(who, f"#{who}")

    detailed = is_admin(unit)
    found = []  # at one instant a person's write comes before what it set off
    for change, rule, who in by_hand:
        zh, en = rule.spoken
        to = (name(who), name(who)) if who is not None else ("空", "nobody")
        said = (f"{change.actor.name}把{zh}定为{to[0]}", f"{change.actor.name} made {to[1]} the {en}")
        found.append(Assignment(change.at, who, None, None, (said,)))
    found += _of_pools(unit, object, id, name)
    found += [_of_firing(unit, at, trigger, did, name, detailed) for at, trigger, did in firings]
    return sorted(found, key=lambda each: each.at)


def _dispatched(unit: Unit, object_name: str, record_id: int) -> Iterator[tuple[datetime, str, Mapping[str, Any]]]:
    """What assigning and recycling did to a record: when, which trigger, the entry of its log."""

    def make() -> Text:
        log = unit.compiled.tables.engine.trigger_log
        query = select(log.c.at, log.c.trigger, log.c.did).where(
            log.c.object == bindparam("p_object"), log.c.record_id == bindparam("p_record"), log.c.refused.is_(None)
        )
        return compile_text(query.order_by(log.c.id), unit.compiled.dialect)

    text: Text = unit.compiled.question(("dispatched",), make)
    for at, trigger, raw in unit.connection.all(text, {"p_object": object_name, "p_record": record_id}):
        for did in orjson.loads(raw) if isinstance(raw, str) else raw:
            if "dispatch" in did or (did["action"] == "recycle" and did["outcome"] == "done"):
                yield instant_from_db(at, unit.compiled.dialect), trigger, did


def _named(did: Mapping[str, Any]) -> set[int]:
    said = did.get("dispatch", {})
    pairs = [*said.get("full", ()), *said.get("loads", ()), *said.get("weights", ()), *said.get("turns", ())]
    return {who for who in (did.get("assigned"), did.get("from"), *said.get("candidates", ()), *(p[0] for p in pairs)) if who is not None}


def _of_firing(unit: Unit, at: datetime, trigger: str, did: Mapping[str, Any], name: Callable[[Any], str], detailed: bool) -> Assignment:
    said: Mapping[str, Any] = did.get("dispatch", {})
    how = METHODS.get(said.get("by", ""), ("收回", "taken back"))
    pool = _title(unit, did["pool"]) if "pool" in did else None
    rule = _rule(unit, trigger)
    if did.get("assigned") is not None:
        head = (
            f"触发器{rule[0]}分配给 {name(did['assigned'])}：{how[0]}",
            f"The trigger {rule[1]} gave it to {name(did['assigned'])}: {how[1]}",
        )
    elif pool is not None:
        head = (f"触发器{rule[0]}放进公海“{pool[0]}”：{how[0]}", f"The trigger {rule[1]} put it into the pool “{pool[1]}”: {how[1]}")
    else:
        head = (f"触发器{rule[0]}找不到可以分配的人", f"The trigger {rule[1]} found nobody to give it to")
    more = tuple(_looked_at(said, name, detailed))
    return Assignment(at, did.get("assigned"), did.get("pool"), did["clause"], (head, *more))


def _looked_at(said: Mapping[str, Any], name: Callable[[Any], str], detailed: bool) -> Iterator[Spoken]:
    if "row" in said:
        yield (
            f"决策表 {said['table']} 第 {said['row']} 行（{said['row_clause']}）：{said['target']}",
            f"Row {said['row']} of the table {said['table']} ({said['row_clause']}): {said['target']}",
        )
    if "otherwise" in said:
        yield f"没有合适的人，按 else 给 {said['target']}", f"Nobody fitted, so by `else`: {said['target']}"
    if not detailed:
        return
    before = said.get("otherwise", {})
    for full in (*said.get("full", ()), *before.get("full", ())):
        yield f"{name(full[0])}已满：{full[1]}/{full[2]}", f"{name(full[0])} is full: {full[1]} of {full[2]}"
    if said.get("candidates"):
        names = ", ".join(name(who) for who in said["candidates"])
        yield f"候选人：{names}", f"Candidates: {names}"
    if "loads" in said:
        loads = ", ".join(f"{name(who)} {count}" for who, count in said["loads"])
        yield f"手上的数量：{loads}", f"What they had: {loads}"
    if "weights" in said:
        parts = dict(said["shares"])
        weights = ", ".join(f"{name(who)} {'-' if weight is None else weight} → {parts.get(who)}" for who, weight in said["weights"])
        yield f"权重和份额：{weights}", f"Weights and shares: {weights}"
        yield f"抽到的位置：{said['draw']}", f"The draw: {said['draw']}"
    if "turns" in said:
        turns = ", ".join(f"{name(who)} {'-' if turn is None else turn}" for who, turn in said["turns"])
        yield f"上一次轮到：{turns}", f"Last turns: {turns}"


def _of_pools(unit: Unit, object_name: str, record_id: int, name: Callable[[Any], str]) -> Iterator[Assignment]:
    """Claims and returns; what triggers put into pools stands in their own log."""
    for pool, kind, user, at, reason, trigger in rows.of_record(unit, object_name, record_id):
        known = unit.compiled.app.pools.get(pool)
        zh, en = _title(unit, pool)
        place = None if known is None else clause(known.place)
        if kind == "claim":
            said = (f"{name(user)}从公海“{zh}”领取", f"{name(user)} claimed it from the pool “{en}”")
            yield Assignment(at, user, None, place, (said,))
        elif trigger is None:
            said = (f"{name(user)}退回公海“{zh}”：{reason}", f"{name(user)} gave it back to the pool “{en}”: {reason}")
            yield Assignment(at, None, pool, place, (said,))


def _rule(unit: Unit, name: str) -> Spoken:
    """A trigger as people call it: by its title, where it has one. Chinese leaves no space around signs."""
    known = unit.compiled.app.triggers.get(name)
    if known is None or known.title.zh == name:
        return f" {name} ", name
    return f"“{known.title.zh}”", f"“{known.title.en}”"


def _title(unit: Unit, name: str) -> Spoken:
    pool = unit.compiled.app.pools.get(name)
    return (name, name) if pool is None else (pool.title.zh, pool.title.en)
