"""`start`: a pipeline begins under its record, once as long as one is open; and `overdue: on` a planned date in both spellings."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.flow.scenarios.mutate import mutants
from dougong.names.index import declared, index
from dougong.pipeline import read_app
from dougong.rewrite.formatted import format_app
from dougong.rewrite.rewrite import Form
from dougong.runtime.due.explain import explain_due

from tests.runtime.apps import NOON, hire, opened
from tests.splits.apps import contracts

APP = """
app: projects
objects:
  customer:
    fields:
      name: text required
      ready: boolean
  project:
    fields:
      name: text required
      customer: link customer required as projects
      check_by: date
      note: text
pipelines:
  project_flow:
    of: project
    under: customer
    stages:
      work: {start: true}
      done: {kind: done}
    moves: [work -> done, done -> work "again"]
  check_flow:
    of: project
    field: check_stage
    under: customer
    stages:
      open: {start: true, overdue: {on: check_by}}
      shut: {kind: done}
    moves: [open -> shut]
triggers:
  ready:
    on: customer.ready changed to true
    do:
      - start: {name: project_flow, with: {name: customer.name & " 1"}}
        then: [{update: {of: projects, where: id = created.id, set: {note: created.name & " started"}}}]
  checked:
    on: customer.ready changed to false
    do: [{start: {name: check_flow, with: {name: '"again"'}, again: true}}]
roles:
  sales: {may: ["read, create, update customer", "read, create, update, move project"]}
"""


def found(engine: Engine) -> list[tuple[str, str | None, str]]:
    with engine.system_session("test") as session:
        return [(p["name"], p["note"], p["stage"]) for p in session.find("project", order="id").records]


def test_one_is_started_while_none_is_open(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "li", "sales")
        with engine.session("li") as session:
            customer = session.create("customer", name="K").id

        def ready(value: bool) -> None:
            with engine.session("li") as session:
                session.update("customer", customer, {"ready": value})

        ready(True)
        first = ("K 1", "K 1 started", "work")
        assert found(engine) == [first]
        ready(False)
        assert found(engine) == [first, ("again", None, "work")]
        ready(True)
        assert len(found(engine)) == 2, "one is open"
        with engine.system_session("test") as session:
            entry = session.trigger_log(trigger="ready").entries[0]
            assert [did["outcome"] for did in entry.did] == ["nothing"] and entry.did[0]["running"] == [1, 2]
            for project in session.find("project").records:
                session.move(project, "done")
        ready(False)
        ready(True)
        assert [name for name, _, _ in found(engine)] == ["K 1", "again", "again"], "the one that `again` made is open"


def test_a_planned_date_is_over_with_its_working_hours(sqlite_url: str, tmp_path: Path) -> None:
    with opened(APP, sqlite_url, tmp_path) as engine, engine.system_session("test") as session:
        customer = session.create("customer", name="K").id
        made = session.create("project", name="p", customer=customer)
        assert made["check_stage_due_at"] is None
        friday = session.update(made, check_by=date(2026, 3, 6))
        assert friday["check_stage_due_at"] == datetime(2026, 3, 6, 10, tzinfo=UTC)
        saturday = session.update(friday, check_by=date(2026, 3, 7))
        assert saturday["check_stage_due_at"] == datetime(2026, 3, 7, 16, tzinfo=UTC) > NOON
        (why,) = explain_due(session, "project", made.id)
        assert why.sentence() == ("“open”的时限：2026-03-08 00:00。", "Deadline of “open”: at 2026-03-08 00:00.")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("overdue: {on: note}", "T204"),
        ("overdue: on nothing", "T206"),
        ("overdue: {calendar: x}", "T203"),
        ("overdue: on", "T402"),
    ],
)
def test_a_deadline_needs_a_date(wrong: str, code: str) -> None:
    built = read_app({"app.yaml": APP.replace("overdue: {on: check_by}", wrong)})
    assert [d.code.code for d in built.diagnostics if d.is_error] == [code]


def test_an_approval_takes_no_values() -> None:
    text = APP.replace("roles:", "approvals:\n  ok: {of: customer, steps: [一: by role sales]}\nroles:", 1)
    text = re.sub(r"\{name: check_flow.*again: true\}", "{name: ok, again: true}", text)
    built = read_app({"app.yaml": text})
    assert [(d.code.code, d.message("en")) for d in built.diagnostics if d.is_error] == [
        ("T201", "`again` is not a key of the start of an approval")
    ]


def test_names_in_splits_and_starts_are_found() -> None:
    files = {"app.yaml": APP}
    seen = index(files, declared(files))
    lines = APP.split("\n")

    def where(kind: str, name: str) -> set[str]:
        places = (o.place for symbol, found in seen.by_symbol.items() if (symbol.kind, symbol.name) == (kind, name) for o in found)
        return {lines[p.line - 1].strip() for p in places}

    assert any(line.startswith("do: [{start: {name: check_flow") for line in where("pipeline", "check_flow"))
    assert "open: {start: true, overdue: {on: check_by}}" in where("field", "check_by")
    assert sum(line == "under: customer" for line in where("field", "customer")) == 1


def test_a_deadline_has_both_spellings() -> None:
    short = read_app({"app.yaml": APP.replace("{on: check_by}", "on check_by")})
    long = format_app(short, Form.LONG)
    assert "on check_by" not in long.files["app.yaml"] and not long.kept
    assert "overdue: on check_by" in format_app(read_app(long.files), Form.SHORT).files["app.yaml"]


def test_how_many_parts_a_whole_waits_for_is_put_to_the_test() -> None:
    built = read_app({"app.yaml": contracts("any")})
    assert [(m.found, m.to) for m in mutants(built) if m.found in ("all", "any")] == [("any", "all")]
