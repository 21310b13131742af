"""What a person sees is exact to the cell: random grants against a brute-force reading of them, on both databases, in SQL and in Python."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from dougong.access.masks import mask
from dougong.derive.schema import AppSchema
from dougong.engine import Engine
from dougong.model.rights import Grant, Role
from dougong.refusals import Refused
from dougong.runtime.actor import Cause
from dougong.runtime.compiled import Compiled
from dougong.runtime.read import finding, groups
from dougong.runtime.read.view import as_record
from dougong.runtime.signing import actor_of
from dougong.runtime.unit import Unit
from dougong_dsl.expression import Scope, check
from dougong_dsl.places import Place, Source
from dougong_dsl.titles import Title
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import NOON, THINGS, hire, opened

Row = Mapping[str, Any]
Rule = Callable[["World", Row], bool]
PLACE = Place("grants", 1, 1)
FIELDS = ("name", "amount", "half", "kind", "partner", "secret", "level", "owner")
FACTS = {"id", "version", "created_at", "created_by", "updated_at", "updated_by", "stage", "stage_since"}


@dataclass
class World:
    """All rows as they are, and who looks."""

    things: dict[int, Row]
    partners: dict[int, Row]
    me: Row
    grants: list[Grant]

    def shares(self, name: str, row: Row) -> list[Grant]:
        rules = THING_RULES if name == "thing" else PARTNER_RULES
        return [g for g in self.grants if g.object == name and (g.where is None or rules[g.where.source.text](self, row))]

    def shown(self, name: str, row: Row) -> dict[str, Any]:
        """The cells of a row that the grants show, masked where all that show a cell mask it."""
        found: dict[str, Any] = {}
        for grant in self.shares(name, row):
            for field, value in row.items():
                if field in ("id", "version"):
                    found[field] = (value, True)
                elif (grant.fields is None or field in grant.fields or field in FACTS) and field not in grant.hide:
                    is_clear = field not in grant.mask or (field in found and found[field][1])
                    found[field] = (value if is_clear else mask(value), is_clear)
        return found

    def clear(self, name: str, row: Row | None, field: str) -> Any:
        """The value of a cell as a filter may see it."""
        if row is None:
            return None
        value, is_clear = self.shown(name, row).get(field, (None, False))
        return value if is_clear else None

    def things_of(self, partner: int) -> list[Row]:
        """The visible things whose visible link leads to a partner."""
        return [t for t in self.things.values() if self.clear("thing", t, "partner") == partner]


THING_RULES: Mapping[str, Rule] = {
    "owner = me": lambda w, r: r["owner"] == w.me["id"],
    "level > 2": lambda w, r: r["level"] is not None and r["level"] > 2,
    "level is blank or stage = doing": lambda w, r: r["level"] is None or r["stage"] == "doing",
    "partner.region = me.region": lambda w, r: (
        r["partner"] is not None and w.partners[r["partner"]]["region"] == w.me["region"] is not None
    ),
    "count(partner.things) >= 3": lambda w, r: sum(1 for t in w.things.values() if r["partner"] and t["partner"] == r["partner"]) >= 3,
}
PARTNER_RULES: Mapping[str, Rule] = {
    "owner = me": lambda w, r: r["owner"] == w.me["id"],
    "region = me.region": lambda w, r: r["region"] is not None and r["region"] == w.me["region"],
}


def _level(w: World, row: Row) -> Any:
    return w.clear("thing", row, "level")


def _partner(w: World, row: Row, field: str) -> Any:
    found = w.partners.get(w.clear("thing", row, "partner"))
    return w.clear("partner", found, field)


# filter → (names it uses per object, what it means on visible cells)
FILTERS: Mapping[str, tuple[set[tuple[str, str]], Rule]] = {
    "level > 2": ({("thing", "level")}, lambda w, r: _level(w, r) is not None and _level(w, r) > 2),
    "level is blank": ({("thing", "level")}, lambda w, r: _level(w, r) is None),
    'name contains "1" or kind = a': (
        {("thing", "name"), ("thing", "kind")},
        lambda w, r: "1" in (w.clear("thing", r, "name") or "") or w.clear("thing", r, "kind") == "a",
    ),
    "half >= 10": ({("thing", "half")}, lambda w, r: w.clear("thing", r, "half") is not None and w.clear("thing", r, "half") >= 10),
    'partner.region = "east"': ({("thing", "partner"), ("partner", "region")}, lambda w, r: _partner(w, r, "region") == "east"),
    "partner.owner is blank": ({("thing", "partner"), ("partner", "owner")}, lambda w, r: _partner(w, r, "owner") is None),
    "count(partner.things) >= 2": (
        {("thing", "partner")},
        lambda w, r: w.clear("thing", r, "partner") is not None and len(w.things_of(w.clear("thing", r, "partner"))) >= 2,
    ),
    "sum(partner.things.level where kind = a) > 3": (
        {("thing", "partner"), ("thing", "level"), ("thing", "kind")},
        lambda w, r: sum(_level(w, t) or 0 for t in _siblings(w, r) if w.clear("thing", t, "kind") == "a") > 3,
    ),
    "all(partner.things, level > 1)": (
        {("thing", "partner"), ("thing", "level")},
        lambda w, r: all(_level(w, t) is not None and _level(w, t) > 1 for t in _siblings(w, r)),
    ),
}


def _siblings(w: World, row: Row) -> list[Row]:
    partner = w.clear("thing", row, "partner")
    return [] if partner is None else w.things_of(partner)


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    with opened(THINGS, database_url, tmp_path) as engine:
        for login, region in (("ann", "east"), ("bob", "west"), ("cat", None)):
            hire(engine, login, region=region)
        with engine.system_session("test") as session:
            for i in range(5):
                session.create("partner", name=f"p{i}", owner=(1, 2, None)[i % 3], region=("east", "west", None)[i % 3])
            for i in range(14):
                values = {"kind": ("a", None, "b")[i % 3], "reason": "r", "partner": (i % 6) or None, "secret": f"s{i}" * 4}
                thing = session.create(
                    "thing", name=f"thing {i}", amount=i * 5, level=i % 5 or None, owner=(1, 2, 3, None)[i % 4], **values
                )
                if i % 4 == 3 and thing.level:
                    session.move(thing, "doing")
        yield engine


def grants(schema: AppSchema) -> st.SearchStrategy[list[Grant]]:
    def grant(name: str, rule: str | None, fields: frozenset[str] | None, hide: frozenset[str], masked: frozenset[str]) -> Grant:
        where = None if rule is None else check(Source.inline(rule), Scope(schema, name))[0]
        return Grant(frozenset({"read"}), name, PLACE, where, fields, hide, masked)

    names = st.frozensets(st.sampled_from(FIELDS), max_size=3)
    named = st.frozensets(st.sampled_from(FIELDS), min_size=3)
    thing = st.builds(grant, st.just("thing"), st.none() | st.sampled_from(list(THING_RULES)), st.none() | named, names, names)
    own = st.frozensets(st.sampled_from(("name", "region", "owner")), max_size=2)
    partner = st.builds(grant, st.just("partner"), st.none() | st.sampled_from(list(PARTNER_RULES)), st.none() | own, own, own)
    return st.lists(thing | thing | partner, max_size=6)


def test_cells_filters_orders_and_counts_agree_with_the_oracle(engine: Engine) -> None:
    with engine.system_session("oracle") as session:
        things: dict[int, Row] = {r.id: dict(r) for r in session.find("thing", limit=100).records}
        partners: dict[int, Row] = {r.id: dict(r) for r in session.find("partner", limit=100).records}
    schema = AppSchema(engine.app)

    @settings(max_examples=16, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(grants(schema), min_size=1, max_size=2), st.sampled_from((1, 2, 3)), st.booleans())
    def agree(roles: list[list[Grant]], user: int, descending: bool) -> None:
        made = {f"r{i}": Role(f"r{i}", Title.same("r"), tuple(g), PLACE) for i, g in enumerate(roles)}
        compiled = Compiled(replace(engine.app, roles=made), engine.release.id, engine.database.dialect)
        with engine.database.read() as connection:
            actor = replace(actor_of(compiled, connection, user)[1], roles=tuple(made))
            unit = Unit(compiled, connection, actor, Cause("test"), "en", NOON, is_write=False)
            world = World(things, partners, actor.values, [g for each in roles for g in each])
            compare(unit, world, descending)

    agree()


def compare(unit: Unit, world: World, descending: bool) -> None:
    expected = {
        i: {n: v for n, (v, _) in world.shown("thing", row).items()} for i, row in world.things.items() if world.shares("thing", row)
    }
    if not unit.access.reads("thing"):
        assert expected == {}
        return
    found = finding.find(unit, "thing", finding.Wanted(limit=100)).records
    assert {r.id: dict(r) for r in found} == expected
    for record_id, row in world.things.items():
        in_memory = as_record(unit, unit.compiled.rules("thing"), unit.row("thing", record_id) or {})
        assert dict(in_memory) == expected.get(record_id, {"id": record_id, "version": row["version"]})
    for filter in FILTERS:
        compare_filter(unit, world, filter, set(expected))
    compare_order(unit, world, list(expected), descending)


def compare_filter(unit: Unit, world: World, filter: str, visible: set[int]) -> None:
    """A filter sees visible cells and rows only; one that names what is never visible is refused like a name that does not exist."""
    names, meaning = FILTERS[filter]
    unclear = [(object, name) for object, name in names if name not in unit.access.reads(object).clear]
    if unclear:
        with pytest.raises(Refused, match=_refused(unit, unclear)):
            groups.count(unit, "thing", filter, None, None)
    else:
        wanted = {i for i in visible if meaning(world, world.things[i])}
        filtered = finding.find(unit, "thing", finding.Wanted(where=filter, limit=100)).records
        assert {r.id for r in filtered} == wanted, filter
        assert groups.count(unit, "thing", filter, None, None) == len(wanted)


def _refused(unit: Unit, names: list[tuple[str, str]]) -> str:
    """A field that is shown masked is called so; of one that is not shown, or of another object, nothing is told."""
    masked = [object for object, name in names if name in unit.access.reads("thing").masked]
    return "R721|R402|R733" if masked else "R721|R402"


def compare_order(unit: Unit, world: World, ids: list[int], descending: bool) -> None:
    """Hidden cells sort like blank ones, behind all others."""
    order = "-level" if descending else "level"
    if "level" not in unit.access.reads("thing").clear:
        with pytest.raises(Refused, match="R733" if "level" in unit.access.reads("thing").masked else "R402"):
            finding.find(unit, "thing", finding.Wanted(order=order))
        return
    sign = -1 if descending else 1
    levels = {i: _level(world, world.things[i]) for i in ids}
    expected = sorted(ids, key=lambda i: (levels[i] is None, sign * (levels[i] or 0), sign * i))
    pages, cursor = [], None
    while True:
        page = finding.find(unit, "thing", finding.Wanted(order=order, limit=4, cursor=cursor))
        pages += [r.id for r in page.records]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert pages == expected
