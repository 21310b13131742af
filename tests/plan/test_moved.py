"""Stages that are gone: their records go where `moved` says, all or none, and history keeps the old names.

The oracle of the property test is a plain function of what each record holds.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from dougong.database import Database
from dougong.plan import apply as applying
from dougong.plan import moving, routes
from dougong.plan.operations import MoveStage
from dougong.plan.releases import latest_layout
from dougong.refusals import Refused
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plan.test_sequences import empty
from tests.plan.worlds import WHEN, World, app

STAGES = ("a", "b", "c", "d", "e", "f")
FIELDS = {"name": "text", "amount": "money", "kind": "choice(x, y)", "rich": "boolean = amount > 10"}


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    opened = Database.open(database_url)
    yield World(opened)
    opened.close()


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[World]:
    """Where the database does not matter."""
    opened = Database.open(sqlite_url)
    yield World(opened)
    opened.close()


def flow(
    stages: list[str], moved: dict[str, str] | None = None, field: str = "", was: dict[str, str] | None = None, of: str = "deal"
) -> str:
    """A pipeline whose first stage is the start."""
    lines = ["pipelines:", f"  flow_{of}:", f"    of: {of}", *([f"    field: {field}"] if field else []), "    stages:"]
    for stage in stages:
        former = f", was: {was[stage]}" if was and stage in was else ""
        lines.append(f"      {stage}: {{title: Stage {stage}, start: {'true' if stage == stages[0] else 'false'}{former}}}")
    moves = [f"      - {one} -> {other}" for one in stages for other in stages if one != other]
    lines += ["    moves:", *moves] if moves else []
    if moved:
        lines.append("    moved:")
        lines += [f"      {stage}: {json.dumps(where)}" for stage, where in moved.items()]
    return "\n".join(lines) + "\n"


def stored(here: World, record: dict[str, Any]) -> dict[str, Any]:
    is_sqlite = here.database.dialect == "sqlite"
    amount = None if record["amount"] is None else record["amount"] * 100 if is_sqlite else Decimal(record["amount"])
    rich = None if record["amount"] is None else record["amount"] > 10
    return {"amount": amount, "kind": record["kind"], "rich": rich if rich is None or not is_sqlite else int(rich)}


def log(here: World) -> list[tuple[Any, ...]]:
    with here.database.read() as connection:
        return connection.all(
            'SELECT "object", "record_id", "from_stage", "to_stage", "pipeline", "release" FROM "dg_stage_log" ORDER BY "id"'
        )


@st.composite
def changes(draw: st.DrawFn) -> tuple[list[str], list[str], dict[str, tuple[str, ...]]]:
    """Old stages, new ones, and for each that is gone how its records are told apart: one stage, or two by a condition."""
    old = draw(st.lists(st.sampled_from(STAGES), min_size=2, max_size=5, unique=True))
    new = draw(st.lists(st.sampled_from((*STAGES, "n1", "n2")), min_size=2, max_size=5, unique=True))
    condition = st.sampled_from(("amount", "kind", "rich", "since"))
    where = st.one_of(st.tuples(st.sampled_from(new)), st.tuples(condition, st.sampled_from(new), st.sampled_from(new)))
    return old, new, {stage: draw(where) for stage in old if stage not in new}


CONDITIONS = {"amount": "amount >= 5", "kind": "kind = y", "rich": "rich", "since": "created_at > now"}


def written(where: tuple[str, ...]) -> str:
    return where[0] if len(where) == 1 else f"if({CONDITIONS[where[0]]}, {where[1]}, {where[2]})"


def expected(where: tuple[str, ...], record: dict[str, Any]) -> str:
    if len(where) == 1:
        return where[0]
    amount = record["amount"]
    holds = {"amount": amount is not None and amount >= 5, "kind": record["kind"] == "y", "rich": amount is not None and amount > 10}
    return where[1] if holds.get(where[0], False) else where[2]


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"amount": st.sampled_from((None, 0, 5, 11, 20)), "kind": st.sampled_from((None, "x", "y")), "at": st.integers(0, 9)}
    ),
    max_size=9,
)


TABLES = ("deal", "lead", "claim")


@given(cases=st.tuples(*(st.tuples(changes(), RECORDS, st.sampled_from(("", "quality"))) for _ in TABLES)))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_record_goes_where_it_should(here: World, cases: Any) -> None:
    """Three objects at once, each with stages, records and a mapping of its own."""
    empty(here.database)
    here.app = None
    here.become(app(dict.fromkeys(TABLES, FIELDS), flows((old, {}, field) for (old, _, _), _, field in cases)))
    for table, ((old, _, _), records, field) in zip(TABLES, cases, strict=True):
        column = field or "stage"
        for record in records:
            record["stage"] = old[record["at"] % len(old)]
            here.insert(table, {**stored(here, record), column: record["stage"], f"{column}_since": WHEN, "version": 1})
    mapped = [(new, {s: written(w) for s, w in moved.items()}, field) for (_, new, moved), _, field in cases]
    desired = app(dict.fromkeys(TABLES, FIELDS), flows(mapped))
    told = {(o.table, o.stage): dict(o.goes) for o in here.plan(desired).operations if isinstance(o, MoveStage)}
    here.become(desired)
    lines: list[tuple[Any, ...]] = []
    for table, ((_, _, moved), records, field) in zip(TABLES, cases, strict=True):
        goes = [expected(moved[r["stage"]], r) if r["stage"] in moved else r["stage"] for r in records]
        for stage in {r["stage"] for r in records} & set(moved):
            assert told.pop((table, stage)) == Counter(g for r, g in zip(records, goes, strict=True) if r["stage"] == stage)
        assert here.column(table, field or "stage") == goes
        assert here.column(table, "version") == [2 if r["stage"] in moved else 1 for r in records]
        name = f"flow_{table}" if field else None
        lines += [(table, n, r["stage"], g, name, 2) for n, (r, g) in enumerate(zip(records, goes, strict=True), 1) if r["stage"] in moved]
    assert told == {}
    assert sorted(log(here), key=str) == sorted(lines, key=str)


def flows(cases: Iterable[tuple[list[str], dict[str, str], str]]) -> str:
    """The pipelines of all objects."""
    texts = [flow(stages, moved, field, of=table) for table, (stages, moved, field) in zip(TABLES, cases, strict=True)]
    return "pipelines:\n" + "".join(text.removeprefix("pipelines:\n") for text in texts)


def deals(here: World, count: int, stage: str = "old") -> None:
    for n in range(count):
        here.insert("deal", {"name": str(n), "stage": stage, "stage_since": WHEN, "version": 1})


def test_the_plan_asks_and_then_tells(lite: World) -> None:
    lite.become(app({"deal": {"name": "text"}}, flow(["new", "old"])))
    deals(lite, 3)
    asked = lite.plan(app({"deal": {"name": "text"}}, flow(["new", "other"])))
    assert asked.is_blocked
    assert [(d.message("zh"), d.hint("zh")) for d in asked.diagnostics] == [
        (
            "阶段 `old` 被删掉了，但 `deal` 还有 3 条记录停在这个阶段。",
            "在流程里写明它们去哪里：moved: {old: new}；如果只是改名，在新阶段里写 was: old。",
        )
    ]
    plan = lite.plan(app({"deal": {"name": "text"}}, flow(["new", "other"], {"old": "if(name = '1', other, new)"})))
    assert plan.describe("zh")[-2:] == [
        "~ deal：阶段 old 的 3 条记录移到“Stage new” 2 条、“Stage other” 1 条",
        "- deal：去掉阶段 old",
    ]
    assert plan.describe("en")[-2:] == ["~ deal: 3 records out of stage old to “Stage new” 2, “Stage other” 1", "- deal: stage old removed"]
    assert not plan.is_destructive


def test_a_crash_in_the_middle_leaves_nothing_half_done(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    here.become(app({"deal": {"name": "text"}}, flow(["new", "old"])))
    deals(here, 7)
    monkeypatch.setattr(routes, "BATCH", 2)
    whole, calls = moving._Mover.move, []

    def breaks(mover: Any, rows: Any) -> None:
        calls.append(len(rows))
        if len(calls) == 3:
            raise KeyboardInterrupt
        whole(mover, rows)

    desired = app({"deal": {"name": "text", "more": "text"}}, flow(["new"], {"old": "new"}))
    monkeypatch.setattr(moving._Mover, "move", breaks)
    with pytest.raises(KeyboardInterrupt):
        here.become(desired)
    assert here.column("deal", "stage") == ["old"] * 7
    assert (here.releases(), log(here)) == (1, [])
    monkeypatch.setattr(moving._Mover, "move", whole)
    here.become(desired)
    assert here.column("deal", "stage") == ["new"] * 7
    assert len(log(here)) == 7


def test_what_the_release_itself_brings_counts(here: World) -> None:
    """A field with another name, one with a default, one with more places, and a formula over them, all in the release that moves."""
    before = {"name": "text", "price": "number(1)"}
    here.become(app({"deal": before}, flow(["new", "old"])))
    for price in (5, 20, None):
        value = price if price is None or here.database.dialect == "postgresql" else price * 10
        here.insert("deal", {"name": "x", "price": value, "stage": "old", "stage_since": WHEN, "version": 1})
    fields = {
        "name": "text",
        "cost": "{type: number, scale: 3, was: price}",
        "times": "integer default 2",
        "whole": "number(3) = cost * times",
    }
    desired = app({"deal": fields}, flow(["new", "dear"], {"old": "if(whole > 30, dear, new)"}))
    plan = here.plan(desired)
    assert [dict(o.goes) for o in plan.operations if isinstance(o, MoveStage)] == [{"new": 2, "dear": 1}]
    here.become(desired)
    assert here.column("deal", "stage") == ["new", "dear", "new"]


def test_an_object_with_another_name_moves_too(here: World) -> None:
    here.become(app({"deal": {"name": "text"}}, flow(["new", "old"])))
    deals(here, 2)
    desired = app({"chance": {"+": "was: deal", "name": "text"}}, flow(["new"], {"old": "new"}).replace("of: deal", "of: chance"))
    here.become(desired)
    assert here.column("chance", "stage") == ["new", "new"]
    assert {line[0] for line in log(here)} == {"chance"}


def test_a_stage_that_never_was_is_told_of(lite: World) -> None:
    lite.become(app({"deal": {"name": "text"}}, flow(["new", "old"])))
    plan = lite.plan(app({"deal": {"name": "text"}}, flow(["new", "old", "x"], {"olt": "new"})))
    assert [(d.code.code, d.is_error) for d in plan.diagnostics] == [("T614", False)]
    lite.become(app({"deal": {"name": "text"}}, flow(["new"], {"old": "new"})))
    assert not lite.plan(app({"deal": {"name": "text"}}, flow(["new", "y"], {"old": "y"}))).diagnostics  # it was there once


def test_the_layout_knows_what_became_of_every_stage(lite: World) -> None:
    lite.become(app({"deal": {"name": "text"}}, flow(["a", "b", "c"])))
    lite.become(app({"deal": {"name": "text"}}, flow(["a2", "b"], {"c": "b"}, was={"a2": "a"})))
    lite.become(app({"deal": {"name": "text"}}, flow(["a3", "b"], was={"a3": "a2"})))
    with lite.database.read() as connection:
        _, layout = latest_layout(connection)
    assert {n: t.now for n, t in layout["deal"].stages["stage"].items()} == {"a": "a3", "a2": "a3", "c": None, "a3": "a3", "b": "b"}


def test_a_stage_may_be_called_like_a_field(lite: World) -> None:
    lite.become(app({"deal": {"name": "text", "quote": "integer"}}, flow(["new", "quote", "old"])))
    deals(lite, 1)
    lite.become(app({"deal": {"name": "text", "quote": "integer"}}, flow(["new", "quote"], {"old": "quote"})))
    assert lite.column("deal", "stage") == ["quote"]


def test_who_comes_late_is_moved_too(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody puts into the stage while the release changes hands goes along on PostgreSQL; whatever is there later, with the next plan."""
    here.become(app({"deal": {"name": "text"}}, flow(["new", "old"])))
    deals(here, 1)
    desired = app({"deal": {"name": "text"}}, flow(["new"], {"old": "new"}))
    original = applying._Apply._late_comers

    def late(self: Any, operation: Any, release: int) -> None:
        deals(here, 1)
        original(self, operation, release)

    monkeypatch.setattr(applying._Apply, "_late_comers", late)
    here.become(desired)
    deals(here, 1)
    assert [type(o) for o in here.plan(desired).operations] == [MoveStage]
    here.become(desired)
    assert set(here.column("deal", "stage")) == {"new"}


def test_a_stage_that_cannot_be_told_stops_everything(lite: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check makes sure that `moved` gives a stage; should it not, nothing is moved."""
    lite.become(app({"deal": {"name": "text"}}, flow(["new", "old"])))
    deals(lite, 2)
    monkeypatch.setattr(routes.Router, "_target", lambda *_: None)
    with pytest.raises(Refused, match="is no stage|R706"):
        lite.become(app({"deal": {"name": "text"}}, flow(["new"], {"old": "new"})))
    assert lite.column("deal", "stage") == ["old", "old"]
