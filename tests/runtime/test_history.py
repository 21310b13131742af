"""History is complete: replaying `dg_change` from nothing gives the very rows that the tables hold, whatever was done."""

from pathlib import Path
from typing import Any

import orjson
from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.actor import Cause
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import NOON, THINGS, hire, opened

Step = tuple[str, int, dict[str, Any]]
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.none() | st.integers(-5, 600),
        "kind": st.none() | st.sampled_from(("a", "b")),
        "reason": st.none() | st.just("因为"),
        "level": st.none() | st.integers(0, 9),
        "due": st.none() | st.dates(),
        "note": st.none() | st.text(max_size=5),
        "stage": st.sampled_from(("open", "doing", "done", "dropped")),
    },
)
STEPS = st.lists(
    st.tuples(st.sampled_from(("create", "create_many", "update", "update", "delete")), st.integers(0, 4), VALUES), max_size=12
)


def replayed(engine: Engine) -> dict[int, dict[str, Any]]:
    """The records of `thing` as their history tells them: field → JSON value."""
    rows: dict[int, dict[str, Any]] = {}
    with engine.database.read() as connection:
        changes = connection.all("SELECT record_id, kind, fields FROM dg_change WHERE object = 'thing' ORDER BY id")
    for record_id, kind, raw in changes:
        fields = orjson.loads(raw) if isinstance(raw, str) else raw
        row = rows.setdefault(record_id, {})
        for name, (old, new) in fields.items():
            assert row.get(name) == old
            row[name] = new
        if kind == "deleted":
            assert not any(v is not None for v in row.values())
            del rows[record_id]
    return {i: {n: v for n, v in row.items() if v is not None} for i, row in rows.items()}


def stored(engine: Engine) -> dict[int, dict[str, Any]]:
    """The records as the table holds them, in the same form."""
    fields = {n: f for n, f in engine.app.objects["thing"].fields.items() if f.is_stored}
    with engine.system_session("test") as session:
        records = session.find("thing", limit=1000).records
    found = {r.id: {str(n): f.type.to_json(r[n]) for n, f in fields.items() if r[n] is not None} for r in records}
    return {r.id: {**found[r.id], "stage": r.stage} for r in records}


def test_replaying_the_history_gives_the_rows(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")

        @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
        @given(STEPS)
        def replay(steps: list[Step]) -> None:
            for number, step in enumerate(steps):
                do(engine, number, *step)
            assert replayed(engine) == stored(engine)

        replay()


def do(engine: Engine, number: int, action: str, which: int, values: dict[str, Any]) -> None:
    """One step; refused ones must leave no trace, which the replay shows."""
    try:
        with engine.session("boss") as session:
            present = session.find("thing", limit=5, fields=[]).records
            given = {**values, "name": f"thing {number} {session.count('thing')} {which}"}
            if action == "create":
                session.create("thing", given)
            elif action == "create_many":
                session.create_many("thing", [given, {**given, "name": given["name"] + " too"}, given])
            elif present and action == "update":
                session.update("thing", present[which % len(present)].id, values)
            elif present:
                session.delete("thing", present[which % len(present)].id)
    except Refused:
        pass


def test_history_says_who_when_why_and_what(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        happened = NOON.replace(day=1, hour=1)
        with engine.session("clerk", cause=Cause("form", "f1", happened)) as session:
            thing = session.create("thing", name="x", amount=10)
        with engine.session("clerk", cause=Cause("api", "r2")) as session:
            session.move(thing, "doing")
            newest, first = session.history("thing", thing.id)
        assert (newest.kind, newest.stage, newest.fields, newest.cause, newest.cause_id) == ("moved", ("open", "doing"), {}, "api", "r2")
        assert (first.kind, first.at, first.happened_at, first.actor.name) == ("created", NOON, happened, "clerk")
        assert {n: str(new) for n, (_, new) in first.fields.items()} == {
            "code": "T2026-001",
            "name": "x",
            "amount": "10.00",
            "half": "5.00",
            "owner": "1",
        }


def test_history_shows_readable_fields_of_visible_records_only(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        hire(engine, "other", "clerk")
        with engine.system_session("import") as session:
            thing = session.create("thing", name="x", secret="s", owner=1)
        with engine.reader("clerk") as session:
            (change,) = session.history("thing", thing.id)
            assert "secret" not in change.fields and change.actor.id is None
        with engine.reader("other") as session:
            try:
                session.history("thing", thing.id)
            except Refused as refused:
                assert refused.status == 404
            else:
                raise AssertionError("history of an unseen record")
            assert session.recent(10) == []
