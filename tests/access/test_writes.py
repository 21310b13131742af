"""What a person may write is exact to the cell: random grants, people and writes against a brute-force reading, on both databases.

A write passes exactly if each of its fields is given by some grant that covers the row as it is, and by some that covers it as it will be.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dougong.derive.schema import AppSchema
from dougong.engine import Engine
from dougong.model.rights import ActionName, Grant, Role
from dougong.refusals import Refused
from dougong.runtime.actor import Cause
from dougong.runtime.compiled import Compiled
from dougong.runtime.gate import write
from dougong.runtime.signing import actor_of
from dougong.runtime.unit import Unit
from dougong_dsl.expression import Scope, check
from dougong_dsl.places import Place, Source
from dougong_dsl.titles import Title
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import NOON, THINGS, codes, hire, opened

Row = Mapping[str, Any]
PLACE = Place("grants", 1, 1)
FIELDS = ("name", "level", "note", "secret", "owner")
RULES: Mapping[str, Callable[[Row, Row], bool]] = {
    "owner = me": lambda row, me: row["owner"] == me["id"],
    "level > 2": lambda row, me: row["level"] is not None and row["level"] > 2,
    "note is blank": lambda row, me: row["note"] is None,
    "partner.region = me.region": lambda row, me: row["partner"] == 1 and me["region"] == "east",
}
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "level": st.sampled_from((None, 1, 3)),
        "note": st.sampled_from((None, "n")),
        "secret": st.just("s"),
        "owner": st.sampled_from((1, 2)),
    },
)


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "ann", region="east")
        hire(engine, "bob", region="west")
        with engine.system_session("test") as session:
            session.create("partner", name="p", region="east")
        yield engine


def grants(schema: AppSchema) -> st.SearchStrategy[list[Grant]]:
    def grant(actions: frozenset[ActionName], rule: str | None, fields: frozenset[str] | None, hide: frozenset[str]) -> Grant:
        where = None if rule is None else check(Source.inline(rule), Scope(schema, "thing"))[0]
        return Grant(actions, "thing", PLACE, where, fields, hide)

    actions: tuple[ActionName, ...] = ("read", "create", "update", "delete", "move")
    chosen: st.SearchStrategy[frozenset[ActionName]] = st.frozensets(st.sampled_from(actions), min_size=2)
    named = st.frozensets(st.sampled_from(FIELDS), min_size=2)
    hidden = st.frozensets(st.sampled_from(FIELDS), max_size=1)
    return st.lists(st.builds(grant, chosen, st.none() | st.sampled_from(list(RULES)), st.none() | named, hidden), max_size=4)


class Oracle:
    """The grants, read by hand."""

    def __init__(self, grants: list[Grant], me: Row) -> None:
        self.grants, self.me = grants, me

    def covering(self, action: ActionName, row: Row) -> list[Grant]:
        return [g for g in self.grants if action in g.actions and (g.where is None or RULES[g.where.source.text](row, self.me))]

    def gives(self, action: ActionName, row: Row, names: set[str]) -> bool:
        covering = self.covering(action, row)
        return bool(covering) and all(any((g.fields is None or n in g.fields) and n not in g.hide for g in covering) for n in names)

    def may_create(self, row: Row, given: set[str]) -> bool:
        return self.gives("create", row, given)

    def may_update(self, old: Row, new: Row, given: set[str]) -> bool:
        return self.gives("update", old, given) and self.gives("update", new, given)


def test_writes_pass_exactly_where_the_grants_reach(engine: Engine) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(grants(AppSchema(engine.app)), st.sampled_from((1, 2)), VALUES, VALUES, st.sampled_from((None, 1)))
    def agree(given: list[Grant], user: int, before: dict[str, Any], values: dict[str, Any], partner: int | None) -> None:
        compiled = Compiled(
            replace(engine.app, roles={"r": Role("r", Title.same("r"), tuple(given), PLACE)}), engine.release.id, engine.database.dialect
        )
        with engine.system_session("test") as session:
            old = dict(session.create("thing", {**before, "name": f"old {session.count('thing')}", "partner": partner}))
        with engine.database.write() as connection:
            actor = replace(actor_of(compiled, connection, user)[1], roles=("r",))
            unit = Unit(compiled, connection, actor, Cause("test"), "en", NOON, is_write=True)
            oracle = Oracle(given, actor.values)
            compare(unit, oracle, old, values)
        with engine.system_session("test") as session:
            for record in session.find("thing", limit=100).records:
                session.delete("thing", record.id)

    agree()


def compare(unit: Unit, oracle: Oracle, old: dict[str, Any], values: dict[str, Any]) -> None:
    new = {**old, **values}
    assert passes(lambda: write.update(unit, "thing", old["id"], values)) == oracle.may_update(old, new, set(values)), "update"
    kept = new if oracle.may_update(old, new, set(values)) else old
    given = {**values, "name": "new"}
    row = {"level": None, "note": None, "partner": None, "owner": oracle.me["id"], **given}
    assert passes(lambda: write.create(unit, "thing", given)) == oracle.may_create(row, set(given)), "create"
    may_move = bool(oracle.covering("move", kept))
    assert passes(lambda: write.update(unit, "thing", old["id"], {"stage": "doing"})) == may_move, "move"
    may_delete = bool(oracle.covering("delete", kept))
    assert passes(lambda: write.delete(unit, "thing", old["id"])) == may_delete, "delete"


def passes(attempt: Any) -> bool:
    """Whether the gate lets a write through; a refusal must be one about rights."""
    try:
        attempt()
    except Refused as refused:
        assert {code[:2] for code, _ in codes(refused)} == {"R4"}, refused
        return False
    return True
