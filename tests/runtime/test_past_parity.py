"""The past of a record is the same in Python, on SQLite and on PostgreSQL, and the same as counted minute by minute."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dougong.database.instants import instant_to_db
from dougong.database.text import compile_text
from dougong.runtime.session import Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import NOON, opened

APP = """
app: pieces
objects:
  batch:
    fields:
      name: text
      out: integer = count(pieces where passed(b))
      back: integer = count(pieces where time_in(c) > 30 minutes or changes(amount) > 1)
      latest: datetime = max(pieces, entered_at(b))
  piece:
    fields:
      name: text
      amount: {type: money, was: price}
      level: integer
      batch: link batch as pieces
      b_at: datetime = entered_at(b)
      c_at: datetime = statesince(c)
      a_min: number(2) = hours(time_in(a)) * 60
      b_min: number(2) = hours(time_in(b)) * 60
      c_min: number(2) = hours(time_in(c)) * 60
      b_out: boolean = passed(b)
      c_out: boolean = passed(c)
      amounts: integer = changes(amount)
      moved: integer = changes(stage)
      levels: integer = if(instate(a, c), changes(level), 0 - changes(level))
pipelines:
  way:
    of: piece
    stages:
      a: {start: true}
      b: {}
      c: {was: former}
    moves: [any -> a, any -> b, any -> c]
roles:
  nobody: {may: [read batch, "read, move piece"]}
"""
FACTS = ("b_at", "c_at", "a_min", "b_min", "c_min", "b_out", "c_out", "amounts", "moved", "levels")
END = 300  # minutes after the beginning at which everything is asked
STAGES = ("a", "b", "c", "former")


@dataclass(frozen=True)
class Life:
    """A record: when it was made, its stages from then on as (minute, stage), the fields of each later line of its history."""

    made: int
    stages: tuple[tuple[int, str], ...]
    changes: tuple[frozenset[str], ...]
    has_first_line: bool  # not when the object got its pipeline later


@st.composite
def lives(draw: st.DrawFn) -> Life:
    made = draw(st.integers(0, 50))
    minutes = sorted(draw(st.lists(st.integers(made, END), max_size=7)))
    stages = [(made, draw(st.sampled_from(STAGES)))]
    for minute in minutes:
        stages.append((minute, draw(st.sampled_from([s for s in STAGES if present(s) != present(stages[-1][1])]))))
    changes = draw(st.lists(st.frozensets(st.sampled_from(["price", "amount", "level", "stage"]), min_size=1), max_size=5))
    return Life(made, tuple(stages), tuple(changes), draw(st.booleans()))


def present(stage: str) -> str:
    return "c" if stage == "former" else stage


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute - END)


def expected(life: Life) -> dict[str, Any]:
    """The facts, counted."""
    way = [(minute, present(stage)) for minute, stage in life.stages]
    stood = [next(s for m, s in reversed(way) if m <= minute) for minute in range(life.made, END)]
    entered = {s: max(m for m, each in way if each == s) for _, s in way}
    counts = {
        n: sum(not names.isdisjoint(fields) for fields in life.changes)
        for n, names in (("amount", {"price", "amount"}), ("level", {"level"}))
    }
    return {
        "b_at": at(entered["b"]) if "b" in entered else None,
        "c_at": at(entered["c"]) if "c" in entered else None,
        **{f"{s}_min": Decimal(stood.count(s)).quantize(Decimal("1.00")) for s in "abc"},
        "b_out": "b" in entered and way[-1][1] != "b",
        "c_out": "c" in entered and way[-1][1] != "c",
        "amounts": counts["amount"],
        "moved": sum("stage" in fields for fields in life.changes),
        "levels": -counts["level"] if way[-1][1] == "b" else counts["level"],
    }


def put(session: Session, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows past all gates."""
    if rows:
        dialect = session.connection.dialect
        text = compile_text(sa.insert(table).values({n: sa.bindparam(n) for n in rows[0]}), dialect)
        stored = [{n: instant_to_db(v, dialect) if isinstance(v, datetime) else v for n, v in row.items()} for row in rows]
        session.connection.insert_many(text, table.name, stored)


def fill(session: Session, first: int, found: Sequence[Life]) -> None:
    """One record for each life, from the id `first` on."""
    tables = session._unit.compiled.tables
    ids = range(first, first + len(found))
    who = {"created_by": None, "updated_by": None, "version": 1}
    put(session, tables.of["batch"], [{"id": i, "created_at": at(0), "updated_at": at(0), **who} for i in {i // 3 for i in ids}])
    since = [{"stage": present(life.stages[-1][1]), "stage_since": at(life.stages[-1][0])} for life in found]
    pieces = [
        {"id": i, "batch": i // 3, "created_at": at(p.made), "updated_at": at(p.made), **who, **s}
        for i, p, s in zip(ids, found, since, strict=True)
    ]
    put(session, tables.of["piece"], pieces)
    lines = []
    history = []
    about = {"object": "piece", "release": 1, "actor": None}
    for i, life in zip(ids, found, strict=True):
        before: str | None = None
        for minute, stage in life.stages:
            if before is not None or life.has_first_line:
                lines.append({**about, "record_id": i, "from_stage": before, "to_stage": stage, "at": at(minute)})
            before = stage
        more = {**about, "record_id": i, "at": at(0), "happened_at": at(0), "cause": "test", "cause_id": None}
        history.append({**more, "kind": "created", "fields": json.dumps({"amount": [None, 1], "level": [None, 1]})})
        for fields in life.changes:
            kind = "moved" if "stage" in fields else "updated"
            history.append({**more, "kind": kind, "fields": json.dumps({n: [1, None] for n in fields})})
    put(session, tables.engine.stage_log, lines)
    put(session, tables.engine.change, history)


def test_python_and_sql_count_as_one_does_by_hand(database_url: str, tmp_path: Path) -> None:
    first = [3]

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(lives(), min_size=1, max_size=9))
    def holds(found: list[Life]) -> None:
        start, first[0] = first[0], (first[0] + len(found)) // 3 * 3 + 3
        wanted = {start + i: expected(life) for i, life in enumerate(found)}
        with engine.system_session("test") as session:
            fill(session, start, found)
        with engine.system_session("test") as session:
            unit = session._unit
            rows = [unit.row("piece", i) for i in wanted]
            assert {r["id"]: {n: r[n] for n in FACTS} for r in rows if r} == wanted  # Python
            records = session.find("piece", where=f"id >= {start}", limit=100).records
            assert {r.id: {n: r[n] for n in FACTS} for r in records} == wanted  # SQL
            left = {r.id for r in session.find("piece", where=f"id >= {start} and passed(b) and not passed(c)", limit=100).records}
            assert left == {i for i, w in wanted.items() if w["b_out"] and not w["c_out"]}
            for batch in session.find("batch", where=f"id >= {start // 3}", limit=100).records:
                mine = [w for i, w in wanted.items() if i // 3 == batch.id]
                by_hand = {
                    "out": sum(w["b_out"] for w in mine),
                    "back": sum(w["c_min"] > 30 or w["amounts"] > 1 for w in mine),
                    "latest": max((w["b_at"] for w in mine if w["b_at"]), default=None),
                }
                row = unit.row("batch", batch.id)
                assert row is not None
                assert {n: batch[n] for n in by_hand} == {n: row[n] for n in by_hand} == by_hand

    with opened(APP, database_url, tmp_path) as engine:
        holds()
