"""Triggers run in the same transaction, as the system, in declared order; loops are refused with their name."""

from pathlib import Path

import pytest
from dougong.fields.base import Language
from dougong.refusals import Refused

from tests.runtime.apps import THINGS, codes, hire, opened

LANGUAGES: tuple[Language, ...] = ("zh", "en")
BASE = THINGS[: THINGS.index("triggers:")]


def app(triggers: str) -> str:
    return BASE + "triggers:\n" + triggers


def test_set_sees_the_change_and_history_names_the_trigger(database_url: str, tmp_path: Path) -> None:
    text = app("""
  bigger:
    on: thing.amount changed
    when: amount > old.amount
    do:
      - set: {level: 5, note: "'was ' & old.amount"}
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.session("clerk") as session:
            thing = session.create("thing", name="x", amount=10)
            assert session.update(thing, amount=5).level is None
            thing = session.update("thing", thing.id, {"amount": 20})
            assert (thing.level, thing.note, thing.version) == (5, "was 5", 4)
            newest, before, *_ = session.history("thing", thing.id)
        assert (newest.cause, newest.cause_id, newest.actor.id, set(newest.fields)) == ("trigger", "bigger", None, {"level", "note"})
        assert (before.cause, before.actor.id) == ("python", 1)


def test_a_trigger_that_is_refused_undoes_the_write(database_url: str, tmp_path: Path) -> None:
    text = app("""
  spoil:
    on: thing entered doing
    do:
      - set: {amount: "-1"}
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.session("clerk") as session:
            thing = session.create("thing", name="x", level=1)
        with pytest.raises(Refused) as refused, engine.session("clerk") as session:
            session.move(thing, "doing")
        assert codes(refused.value) == {("R202", "amount")}
        with pytest.raises(Refused) as spoiled, engine.session("clerk") as session:
            with pytest.raises(Refused):
                session.move(thing, "doing")
            with pytest.raises(Refused):
                session.create("thing", name="y")
        assert codes(spoiled.value) == {("R503", None)}
        with engine.reader("clerk") as session:
            assert session.get("thing", thing.id).stage == "open"
            assert session.count("thing") == 1


def test_a_loop_is_refused_with_the_triggers_named(database_url: str, tmp_path: Path) -> None:
    text = app("""
  up:
    on: thing.level changed
    do:
      - set: {amount: amount + 1}
  down:
    on: thing.amount changed
    do:
      - set: {level: level + 1}
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.session("clerk") as session:
            thing = session.create("thing", name="x", level=1, amount=1)
        with pytest.raises(Refused, match="R207.*: down → up → down|R207.*: up → down → up"), engine.session("clerk") as session:
            session.update(thing, level=2)
        with engine.reader("clerk") as session:
            assert session.get("thing", thing.id).level == 1


def test_a_chain_that_comes_to_rest_is_no_loop(database_url: str, tmp_path: Path) -> None:
    text = app("""
  settle:
    on: thing changed
    do:
      - set: {level: "if(amount > 100, 2, 1)"}
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.session("clerk") as session:
            thing = session.create("thing", name="x", amount=1)
            assert session.update(thing, amount=200).level == 2


def test_assign_takes_the_least_loaded_candidate_and_todo_tells_everybody_concerned(database_url: str, tmp_path: Path) -> None:
    text = app("""
  share:
    on: thing created
    do:
      - assign: {field: owner, from: "user where region = 'east' and thing.amount > 0", by: least loaded}
      - todo: {for: [owner, role boss], text: "看看 {{ name }}:{{ amount }}"}
""")
    with opened(text, database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss", region="west")
        ann, bob = (hire(engine, login, "clerk", region="east") for login in ("ann", "bob"))
        with engine.session("boss") as session:
            owners = [session.create("thing", name=f"t{i}", amount=i).owner for i in (1, 2, 3)]
            many = session.create_many("thing", [{"name": "t4", "amount": 4}, {"name": "t5", "amount": -1}])
            nobody = session.create("thing", name="t6").owner
        assert owners == [ann, bob, ann]
        assert [r.owner if not isinstance(r, Refused) else codes(r) for r in many] == [bob, {("R202", "amount")}]
        assert nobody == boss  # no candidate: the default stays
        with engine.session("ann") as session:
            todos = session.todos()
            assert [t.text for t in todos] == ["看看 t3:3", "看看 t1:1"]
            session.finish_todo(todos[0].id)
            assert len(session.todos()) == 1
            with pytest.raises(Refused):
                session.finish_todo(todos[0].id)


def test_a_todo_speaks_the_language_of_its_reader(database_url: str, tmp_path: Path) -> None:
    text = app("""
  look:
    on: thing created
    do:
      - todo: {for: owner, text: {zh: "看看 {{ name }}", en: "Look at {{ name }}"}}
      - todo: {for: owner, text: "回电"}
""")
    with opened(text, database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        with engine.session(boss) as session:
            session.create("thing", name="t")
        told = {}
        for language in LANGUAGES:
            with engine.reader(boss, language=language) as session:
                told[language] = [t.text for t in session.todos()]
        assert told == {"zh": ["回电", "看看 t"], "en": ["回电", "Look at t"]}


def test_an_older_database_gets_what_a_newer_engine_keeps(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine, engine.database.write() as connection:
        connection.run('ALTER TABLE "dg_todo" DROP COLUMN "text_en"')
    with opened(THINGS, database_url, tmp_path) as engine, engine.system_session("test", language="en") as session:
        assert session.todos() == []


def test_leaving_deleting_and_changing_to_a_value(database_url: str, tmp_path: Path) -> None:
    text = app("""
  left:
    on: thing left open
    do:
      - create: {of: poke, set: {name: "'left'"}}
  gone:
    on: thing deleted
    do:
      - create: {of: poke, set: {name: "'gone ' & name"}}
  to_b:
    on: thing.kind changed from a to b
    do:
      - create: {of: poke, set: {name: "'to b'"}}
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            thing = session.create("thing", name="x", kind="a")
            session.update("thing", thing.id, {"kind": None})
            session.update("thing", thing.id, {"kind": "b", "reason": "r"})
            assert session.count("poke") == 0
            session.update("thing", thing.id, {"kind": "a"})
            session.update("thing", thing.id, {"kind": "b"})
            session.move("thing", thing.id, "doing")
            session.delete("thing", thing.id)
            assert [r.name for r in session.find("poke", order="id").records] == ["to b", "left", "gone x"]
