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
INNER = (str.maketrans("“”", "「」"), str.maketrans("“”", "‘’"))  # quotes within quotes
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
    by = ("", "") if "otherwise" in said else (f"：{how[0]}", f": {how[1]}")  # it was not chosen by the method then
    if did.get("assigned") is not None:
        to = name(did["assigned"])
        head = (f"触发器{rule[0]}分配给 {to}{by[0]}", f"The trigger {rule[1]} gave it to {to}{by[1]}")
    elif pool is not None:
        head = (f"触发器{rule[0]}放进公海“{pool[0]}”{by[0]}", f"The trigger {rule[1]} put it into the pool “{pool[1]}”{by[1]}")
    else:
        head = (f"触发器{rule[0]}找不到可以分配的人", f"The trigger {rule[1]} found nobody to give it to")
    holder = name(did["assigned"]) if did.get("assigned") is not None else None
    more = tuple(_looked_at(unit, said, holder, name, detailed))
    return Assignment(at, did.get("assigned"), did.get("pool"), did["clause"], (head, *more))


def _looked_at(unit: Unit, said: Mapping[str, Any], holder: str | None, name: Callable[[Any], str], detailed: bool) -> Iterator[Spoken]:
    if "row" in said:
        table = unit.compiled.app.tables.get(said["table"])
        zh, en = (said["table"], said["table"]) if table is None else (table.title.zh, table.title.en)
        number, at = said["row"], said["row_clause"]
        yield f"决策表“{zh}”的第 {number} 行适用（{at}）", f"Row {number} of the table “{en}” applied ({at})"
    if "otherwise" in said:
        zh, en = _target(unit, said["target"], holder)
        if said["by"] == "table" and "row" not in said:
            yield f"没有规则适用，按“其余”给{zh}", f"No row of the table applied; otherwise it goes to {en}"
        else:
            yield f"没有合适的人，按“其余”给{zh}", f"Nobody fitted; otherwise it goes to {en}"
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


def _target(unit: Unit, written: str, holder: str | None) -> Spoken:
    """`user hq`, `role sales` or `pool sea` as people call it; `holder` is who got it by that. Chinese leaves no space around signs."""
    kind, _, named = written.partition(" ")
    if kind == "pool":
        zh, en = _title(unit, named)
        return f"公海“{zh}”", f"the pool “{en}”"
    role = unit.compiled.app.roles.get(named) if kind == "role" else None
    if role is not None:
        return f"角色“{role.title.zh}”", f"the role “{role.title.en}”"
    return f" {holder or named}", holder or named


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
    return f"“{known.title.zh.translate(INNER[0])}”", f"“{known.title.en.translate(INNER[1])}”"


def _title(unit: Unit, name: str) -> Spoken:
    pool = unit.compiled.app.pools.get(name)
    return (name, name) if pool is None else (pool.title.zh, pool.title.en)
