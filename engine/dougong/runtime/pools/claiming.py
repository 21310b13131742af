"""Claiming a record from its pool, giving it back, and looking at what a pool holds.

A claim holds the person's own row first and then the record's: two claims of one person count each other, and of two people who want one
record exactly one gets it. What is written goes through the gate without a grant, for the pool's own rules have been asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dougong_dsl.working import due_after
from sqlalchemy import bindparam, select

from dougong.access.masks import mask
from dougong.database.text import Text, compile_text
from dougong.derive.moves import clause
from dougong.model.dispatch import Pool
from dougong.refusals import Refused, refuse
from dougong.runtime import refusals as gate_codes
from dougong.runtime.actor import Cause, unbound
from dougong.runtime.gate import explain, scope, write
from dougong.runtime.gate.draft import Draft
from dougong.runtime.pools import refusals as codes
from dougong.runtime.pools import rows
from dougong.runtime.unit import Row, Unit

PAGE = 50
BATCH = 500


@dataclass(frozen=True, slots=True)
class Pooled:
    """A record in a pool as it is shown there: `values` are the fields that the pool shows, masked where they are to be."""

    id: int
    since: datetime
    values: Mapping[str, Any]
    why_not: Refused | None = None


@dataclass(frozen=True, slots=True)
class PoolPage:
    """Records of a pool, by number. `cursor`: where to go on. `views_left`: new ones for today; None is no limit."""

    pool: Pool
    records: tuple[Pooled, ...]
    cursor: int | None
    views_left: int | None


def claim(unit: Unit, object_name: str, record_id: int, name: str | None = None) -> Draft:
    """Take a record out of its pool, out of `name` where it is in several. `Refused` R371–R376, each with the pool's clause."""
    me = unit.actor.id
    unit.compiled.rules(object_name)
    if me is None:
        raise refuse(codes.NOT_YOURS, pool="")
    unit.locked("user", me)
    row = unit.locked(object_name, record_id)
    pool = _pool_of(unit, object_name, row, name)
    may_read = row is not None and bool(unit.matching(object_name, "read", row))
    is_open = row is not None and pool is not None and _no_member(unit, pool) is None and _is_for(unit, pool, row)
    if row is None or not (may_read or is_open):  # what one may not see is answered like what is not there
        raise refuse(gate_codes.NOT_FOUND, object=unit.compiled.rules(object_name).spoken)
    if pool is None:
        raise refuse(codes.NOT_IN_POOL)
    problem = _no_member(unit, pool) or _limited(unit, pool, me) or why_not(unit, pool, row, me)
    if problem is not None:
        raise problem
    draft = _written(unit, pool, record_id, {pool.field: me}, None)
    rows.note(unit, pool, record_id, "claim", me)
    return draft


def release(unit: Unit, object_name: str, record_id: int, reason: str, name: str | None = None) -> Draft:
    """Give one's record back, into the pool `name` where there are several. `Refused` R377–R379."""
    rules = unit.compiled.rules(object_name)
    row = scope.load(unit, rules, record_id, "update")
    pools = rules.pools
    mine = [each for each in pools.values() if row[each.field] == unit.actor.id] or list(pools.values())
    pool = pools.get(name) if name is not None else mine[0] if len(mine) == 1 else None
    if pool is None:
        if name is not None or not pools:
            raise refuse(codes.NO_POOL, name=(name or "")[:40])
        raise refuse(codes.NOTHING_TO_GO_TO, object=rules.spoken, pools=", ".join(pools))
    if row[pool.field] is None or (row[pool.field] != unit.actor.id and not unit.actor.is_system):
        raise refuse(codes.NOT_HOLDER, clause=clause(pool.place))
    if not reason.strip():
        raise refuse(codes.REASON_NEEDED, clause=clause(pool.place))
    holder = row[pool.field]
    draft = _written(unit, pool, record_id, {pool.field: None}, pool.name)
    rows.note(unit, pool, record_id, "in", holder, reason=reason.strip()[:1000])
    return draft


def look(unit: Unit, name: str, after: int = 0, limit: int = PAGE) -> PoolPage:
    """What the actor may claim from a pool, and of the rest nothing; looks count where the pool limits them. `Refused` R370, R371."""
    pool = unit.compiled.app.pools.get(name)
    if pool is None:
        raise refuse(codes.NO_POOL, name=name[:40])
    problem = _no_member(unit, pool)
    if problem is not None:
        raise problem
    me = unit.actor.id or 0
    if pool.views_per_day is not None and unit.actor.id is not None:
        unit.locked("user", me)
    seen = rows.seen_today(unit, pool, me) if pool.views_per_day is not None else set()
    left = None if pool.views_per_day is None else pool.views_per_day - len(seen)
    found: list[Pooled] = []
    fresh: list[int] = []
    cursor: int | None = None
    for row in _waiting(unit, pool, after):
        if not _is_for(unit, pool, row):
            continue
        if len(found) == limit:
            cursor = found[-1].id
            break
        if left is not None and row["id"] not in seen:
            if left == 0:
                continue
            left -= 1
            fresh.append(row["id"])
        found.append(Pooled(row["id"], row[pool.since], shown(unit, pool, row), why_not(unit, pool, row, me)))
    rows.note_many(unit, pool, fresh, "view", me)
    return PoolPage(pool, tuple(found), cursor, left)


def shown(unit: Unit, pool: Pool, row: Row) -> dict[str, Any]:
    """What a pool shows of a record; masked fields stay masked whoever looks."""
    rules = unit.compiled.rules(pool.object)
    return {name: mask(row[name]) if rules.fields[name].field.masked else row[name] for name in fields_of(unit, pool)}


def fields_of(unit: Unit, pool: Pool) -> tuple[str, ...]:
    """The fields that a pool shows: those it names, else what names a record."""
    target = unit.compiled.app.objects[pool.object]
    return pool.shows or ((target.record_title,) if target.record_title in target.fields else ())


def why_not(unit: Unit, pool: Pool, row: Row, me: int) -> Refused | None:
    """What speaks against somebody's claiming this one."""
    spoken = (pool.title.zh, pool.title.en)
    if not _is_for(unit, pool, row) and pool.where is not None:
        condition = explain.condition(Draft(unit, unit.compiled.rules(pool.object), row, {}), pool.where, row)
        return refuse(codes.NOT_THIS_ONE, clause=clause(pool.place), pool=spoken, condition=condition)
    lost = None if pool.again is None else rows.given_up(unit, pool, row["id"], me)
    if lost is not None and pool.again is not None:
        until = due_after(lost, pool.again, unit.compiled.app.calendar)
        if until > unit.now:
            said = until.astimezone(unit.reading.zone).strftime("%Y-%m-%d %H:%M")
            return refuse(codes.HAD_IT, clause=clause(pool.place), pool=spoken, until=said)
    return None


def _no_member(unit: Unit, pool: Pool) -> Refused | None:
    if unit.actor.is_system or not pool.roles.isdisjoint(unit.actor.roles):
        return None
    return refuse(codes.NOT_YOURS, clause=clause(pool.place), pool=(pool.title.zh, pool.title.en))


def _limited(unit: Unit, pool: Pool, me: int) -> Refused | None:
    """How many somebody may hold, and claim in a day."""
    spoken, place = (pool.title.zh, pool.title.en), clause(pool.place)
    if pool.open is not None:
        text = unit.compiled.writes(pool.object).load(pool.field)
        counts: dict[int, int] = dict(unit.connection.all(text, {"users": [me], "dg_key": 0}))
        count = counts.get(me, 0)
        if count >= pool.open:
            return refuse(codes.TOO_MANY_OPEN, clause=place, pool=spoken, count=count, limit=pool.open)
    if pool.per_day is not None and rows.claimed_today(unit, pool, me) >= pool.per_day:
        return refuse(codes.TOO_MANY_TODAY, clause=place, pool=spoken, limit=pool.per_day)
    return None


def _is_for(unit: Unit, pool: Pool, row: Row) -> bool:
    return pool.where is None or unit.actor.is_system or unit.compiled.program(pool.where)(row, unit.plain) is True


def _pool_of(unit: Unit, object_name: str, row: Row | None, name: str | None) -> Pool | None:
    """The pool in which a record is; of several the one that is named, else the first from which the actor may claim."""
    pools = unit.compiled.rules(object_name).pools.values()
    found = [] if row is None else [pool for pool in pools if row[pool.column] == pool.name and name in (None, pool.name)]
    return next((pool for pool in found if _no_member(unit, pool) is None), found[0] if found else None)


def _written(unit: Unit, pool: Pool, record_id: int, values: Mapping[str, Any], into: str | None) -> Draft:
    actor, cause = unit.actor, unit.cause
    unit.act(unbound(actor), Cause("pool", pool.name, cause.happened_at))
    try:
        return write.update(unit, pool.object, record_id, values, pool=into)
    finally:
        unit.act(actor, cause)


def _waiting(unit: Unit, pool: Pool, after: int) -> Iterator[Row]:
    """The records of a pool with higher ids, by id, as many as are asked for."""
    rules = unit.compiled.rules(pool.object)

    def make() -> Text:
        table = unit.compiled.tables.of[pool.object]
        columns = [table.c[n] for n in rules.codec.names]
        of_pool = (table.c[pool.column] == bindparam("p_pool"), table.c.id > bindparam("p_after"))
        return compile_text(select(*columns).where(*of_pool).order_by(table.c.id).limit(BATCH), unit.compiled.dialect)

    text = unit.compiled.question(("pool", pool.object, pool.column), make)
    while True:
        found = [Row(rules, unit, rules.codec.decode(r)) for r in unit.connection.all(text, {"p_pool": pool.name, "p_after": after})]
        yield from found
        if len(found) < BATCH:
            return
        after = found[-1]["id"]
