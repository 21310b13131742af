"""The buttons that a person sees are exactly the moves that would succeed: random people, records, gates and moves, each tried for real."""

from pathlib import Path
from typing import Any

from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.session import Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import hire, opened

STAGES = ("a", "b", "c", "d")
GIVEN: dict[str, Any] = {"amount": 7, "note": "n", "level": 1}
GATES = ("{}", "{fields: [note]}", "{fields: [level]}", "{actions: [{id: called}]}", "{actions: [{id: seen, by: boss}], fields: [note]}")
CONDITIONS = ("", " when amount > 5", " when level > 0", " when owner = me")
ROLES = ("", " by boss", " by clerk")
BESIDE = ("x", "y", "z")
ASKS = ("", " asks(note)", " asks(amount)")


class _Undone(Exception):
    """Takes back what was tried."""


@st.composite
def flows(draw: st.DrawFn) -> str:
    stages = []
    for name in STAGES:
        entering = draw(st.sampled_from(GATES[:1] if name == "a" else GATES))
        leaving = draw(st.sampled_from(GATES))
        gates = [f"{key}: {gate}" for key, gate in (("to_enter", entering), ("to_leave", leaving)) if gate != "{}"]
        stages.append(f"      {name}: {{{', '.join([*(['start: true'] if name == 'a' else []), *gates]) or 'kind: open'}}}")
    moves = []
    for source in STAGES:
        for target in STAGES:
            if source != target and (draw(st.booleans()) or target == "b"):
                ends = (draw(st.sampled_from(each)) for each in (ROLES, CONDITIONS, ASKS))
                moves.append(f"      - {source} -> {target}{''.join(ends)}")
    return "\n".join(["    stages:", *stages, "    moves:", *moves])


def text(flow: str, rights: str) -> str:
    return f"""
app: a
objects:
  thing:
    fields:
      name: text
      amount: integer
      level: integer
      note: text
      owner: user default me
    checks:
      - {{rule: "stage <> 'd' or amount is blank or amount < 100", message: d}}
pipelines:
  flow:
    of: thing
{flow}
  beside:
    of: thing
    field: side
    stages: {{x: {{start: true}}, y: {{to_leave: {{fields: [level]}}}}, z: {{kind: done, to_enter: {{actions: [{{id: checked}}]}}}}}}
    moves: [x -> y by clerk, "y -> z when amount > 5", y -> x by boss]
roles:
  clerk: {{may: [{rights}]}}
  boss: {{may: ["read, create, update, move, import thing"]}}
"""


records = st.fixed_dictionaries(
    {"stage": st.sampled_from(STAGES), "side": st.sampled_from(BESIDE)},
    optional={"amount": st.sampled_from((3, 7, 200)), "level": st.sampled_from((0, 1)), "note": st.just("n")},
)
rights = st.sampled_from(
    (
        '"read thing", "move thing along beside"',
        '"read thing", "move thing along flow where amount > 5"',
        '"read, create, update, move thing"',
        '"read, create thing", "move thing where owner = me"',
        '"read thing", "move thing where amount > 5"',
        '"read thing"',
    )
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flow=flows(), made=st.lists(records, min_size=1, max_size=4), may=rights, done=st.sets(st.sampled_from(("called", "seen", "checked")))
)
def test_buttons_are_the_moves_that_succeed(tmp_path_factory: Any, flow: str, made: list[dict[str, Any]], may: str, done: set[str]) -> None:
    folder: Path = tmp_path_factory.mktemp("buttons")
    with opened(text(flow, may), f"sqlite:///{folder}/a.db", folder) as engine:
        people = [hire(engine, "clerk", "clerk"), hire(engine, "boss", "boss")]
        ids = _records(engine, people, made, done)
        for who in people:
            for record in ids:
                _compare(engine, who, record)


def _records(engine: Engine, people: list[int], made: list[dict[str, Any]], done: set[str]) -> list[int]:
    """Records in all kinds of stages, as they came about before the gates were there."""
    found = []
    with engine.system_session("test") as session:
        for n, values in enumerate(made):
            record = session.create("thing", {**values, "stage": "a", "side": "x", "owner": people[n % 2]})
            session.connection.run(_stand(engine), {"stage": values["stage"], "side": values["side"], "id": record.id})
            found.append(record.id)
    with engine.system_session("test") as session:
        actions = session.unit.compiled.rules("thing").actions
        for number in found:
            for action in done & actions.keys():
                session.do_action("thing", number, action)
    return found


def _stand(engine: Engine) -> Any:
    from dougong.database.text import compile_text
    from sqlalchemy import text as sql

    return compile_text(sql("UPDATE thing SET stage = :stage, side = :side WHERE id = :id"), engine.database.dialect)


def _compare(engine: Engine, who: int, record: int) -> None:
    with engine.session(who) as session:
        row, states = session.get("thing", record), session.moves("thing", record)
    for pipeline, field, known in (("flow", "stage", STAGES), ("beside", "side", BESIDE)):
        for target in known:
            found = [s for s in states if (s.pipeline, s.target) == (pipeline, target)]
            assert all(s.allowed or s.refusals for s in found)
            answers = {name: GIVEN[name] for state in found for name in state.asks}
            if target != row[field]:
                is_shown = any(state.allowed for state in found)
                assert _succeeds(engine, who, record, (pipeline, target), answers) is is_shown, (row[field], target)


def _succeeds(engine: Engine, who: int, record: int, way: tuple[str, str], answers: dict[str, Any]) -> bool:
    def tried(session: Session) -> None:
        session.move("thing", record, way[1], answers, pipeline=way[0])
        raise _Undone

    try:
        engine.run(who, tried, write=True)
    except _Undone:
        return True
    except Refused:
        return False
    raise AssertionError("neither done nor refused")
