"""Names over several releases: facts and timelines know fields and stages under every name that they ever had."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dougong import Engine
from dougong.runtime.session import Session

from tests.web.shop import api

DEFINITION = """
app: names
title: Names
objects:
  deal:
    title: Deal
    fields:
      name: text "Name"
      {field}
      was_there: boolean "Was there" = {fact}
pipelines:
  flow:
    of: deal
    stages:
      new: {{title: New, start: true}}
      {stage}
      won: {{title: Won, kind: won}}
    moves: [any open -> {current}, "{current} -> won"]
    {moved}
roles:
  boss: {{title: Boss, may: ["read, create, update, move deal"]}}
triggers:
  often: {{title: Often, on: deal changed, when: "changes({name}) >= 3", do: [{{set: {{name: "'often'"}}}}]}}
"""


def definition(stage: str, field: str, *, fact: str = "", moved: str = "") -> dict[str, str]:
    name, current = field.split(":")[0], stage.split(":")[0]
    return {
        "app.yaml": DEFINITION.format(stage=stage, current=current, field=field, name=name, fact=fact or f"passed({current})", moved=moved)
    }


FIRST = definition("talk: {title: Talking}", "phone: text")
SECOND = definition("call: {title: Calling, was: talk}", "tel: {type: text, was: phone}")
THIRD = definition("meet: {title: Meeting, was: call}", "mobile: {type: text, was: tel}")
LATER = definition("meet: {title: Meeting}", "mobile: {type: text}")  # the author has tidied up
GONE = definition("other: {title: Other}", "mobile: {type: text}", fact="passed(other)", moved="moved: {meet: new}")


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    with Engine.open(FIRST, database=database_url, files_dir=tmp_path) as opened:
        yield opened


def facts(engine: Engine, where: str) -> list[int]:
    with engine.system_session("test") as session:
        return [record["id"] for record in session.find("deal", where=where, order="id").records]


def write(engine: Engine, record_id: int, **values: Any) -> None:
    with engine.system_session("test") as session:
        session.update("deal", record_id, **values)


def test_facts_follow_names_over_releases(engine: Engine) -> None:
    with engine.system_session("test") as session:
        one, other = (session.create("deal", name=n, phone="1")["id"] for n in ("a", "b"))
    write(engine, one, stage="talk", phone="2")
    write(engine, one, stage="won")
    engine.apply(SECOND, "tester")
    write(engine, one, tel="3")
    engine.apply(THIRD, "tester")
    for release in (THIRD, LATER):
        engine.apply(release, "tester")
        assert facts(engine, "passed(meet)") == facts(engine, "was_there") == [one]
        assert facts(engine, "entered_at(meet) is not blank and time_in(meet) >= 0 minutes") == [one]
        assert facts(engine, "changes(mobile) = 2") == [one]
    assert facts(engine, "changes(mobile) = 0") == [other]
    write(engine, one, mobile="4")
    assert facts(engine, "name = 'often'") == [one]


def test_the_timeline_keeps_what_things_were_called(engine: Engine) -> None:
    with engine.system_session("test") as session:
        session.create("user", login="li", name="li", roles=["boss"], active=True)
        one = session.create("deal", name="a", phone="1")["id"]
    write(engine, one, stage="talk", phone="2")
    engine.apply(SECOND, "tester")
    engine.apply(THIRD, "tester")
    engine.apply(GONE, "tester")
    with engine.system_session("test") as session:
        history = session.history("deal", one)
    assert [(c.kind, c.cause, c.stage) for c in history if c.stage] == [
        ("moved", "release", ("meet", "new")),
        ("moved", "system", ("new", "talk")),
        ("created", "system", (None, "new")),
    ]
    assert [c.fields["mobile"] for c in history if "mobile" in c.fields] == [("1", "2"), (None, "1")]
    page = api(engine, "li", "en").get(f"/o/deal/{one}").text
    assert "Meeting</span> → <b>New" in page and "Talking" in page and "by a new release" in page
    titles = engine.app.pasts["deal"].titles["stage"]
    assert {name: title.en for name, title in titles.items()} == {"talk": "Talking", "call": "Calling", "meet": "Meeting"}


def test_a_new_server_knows_too(sqlite_url: str, tmp_path: Path) -> None:
    with Engine.open(FIRST, database=sqlite_url, files_dir=tmp_path) as engine:
        another_server_knows(engine, sqlite_url, tmp_path)


def another_server_knows(engine: Engine, url: str, folder: Path) -> None:
    with engine.system_session("test") as session:
        one = session.create("deal", name="a")["id"]
    write(engine, one, stage="talk")
    write(engine, one, stage="won")
    engine.apply(SECOND, "tester")
    engine.apply(THIRD, "tester")
    with Engine.open(THIRD, database=url, files_dir=folder, apply=False) as other:
        assert facts(other, "passed(meet)") == [one]


def test_a_unit_of_work_that_meets_a_stage_of_a_newer_release_is_done_again(postgres_url: str, tmp_path: Path) -> None:
    """The release changes hands while the work is under way; the next try knows where the record stands."""
    gone = definition("other: {title: Other}", "phone: text", fact="passed(other)", moved="moved: {talk: other}")
    with (
        Engine.open(FIRST, database=postgres_url, files_dir=tmp_path) as engine,
        Engine.open(FIRST, database=postgres_url, files_dir=tmp_path) as other,
    ):
        with engine.system_session("test") as session:
            session.create("user", login="li", name="li", roles=["boss"], active=True)
            one = session.create("deal", name="a")["id"]
        write(engine, one, stage="talk")
        tries: list[int] = []

        def work(session: Session) -> str:
            tries.append(session.unit.compiled.release_id)
            if len(tries) == 1:
                other.apply(gone, "tester")
            return str(session.update("deal", one, name="b").stage)

        assert engine.run("li", work, write=True) == "other"
        assert tries == [1, 2]


GATED = """
app: gated
objects:
  deal: {title: Deal, fields: {name: text}}
pipelines:
  flow:
    of: deal
    stages:
      STAGE: {title: Asked, WAS start: true, to_leave: {actions: [{id: called, title: Called}]}}
      done: {title: Done}
      won: {title: Won, kind: won}
    moves: [STAGE -> done, done -> won]
"""


def test_what_proved_a_stage_counts_under_its_new_name(sqlite_url: str, tmp_path: Path) -> None:
    """A record that came from a renamed stage loses its support when the proof of that stage is withdrawn."""
    first, then = GATED.replace("STAGE", "asked").replace("WAS", ""), GATED.replace("STAGE", "inquiry").replace("WAS", "was: asked,")
    with Engine.open({"app.yaml": first}, database=sqlite_url, files_dir=tmp_path) as engine:
        with engine.system_session("test") as session:
            one = session.create("deal", name="a")["id"]
            session.do_action("deal", one, "called")
            session.update("deal", one, stage="done")
        engine.apply({"app.yaml": then}, "tester")
        with engine.system_session("test") as session:
            assert session.get("deal", one)["unsupported"] is False
            session.undo_action("deal", one, "called")
        with engine.system_session("test") as session:
            assert session.get("deal", one)["unsupported"] is True
