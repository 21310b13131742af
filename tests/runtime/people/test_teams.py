"""Teams: a person in a team, or below it, is the same in a query, in the gate and by walking up the tree."""

import json
from pathlib import Path
from random import Random

import pytest
from dougong.database import Connection
from dougong.engine import Engine
from dougong.plan.inspect import live_columns, live_tables

from tests.runtime.apps import hire, opened

APP = """
app: teams
version: 1.0.0
title: {zh: 团队, en: Teams}
objects:
  team:
    fields: {city: text "城市"}
  job:
    title: {zh: 工作, en: Job}
    record_title: name
    fields:
      name: text required "名称"
      owner: user "负责人"
      team: team "团队"
      mine: boolean = owner in me.team
      ours: boolean = team within me.team
      top: boolean = indept("T0", true)
      there: boolean = indept("T0")
roles:
  clerk:
    title: 职员
    may: [read job where owner in me.team, "read, update job where team within me.team"]
  boss:
    title: 主管
    may: [read job, "read, create, update team", read user]
"""
PEOPLE, TEAMS, JOBS = 7, 6, 25


class World:
    """A random tree (the last round closes a circle), people in it, jobs of people and teams."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine, self.random = engine, Random(seed)
        pick = self.random.choice
        with engine.system_session("test") as s:
            self.teams: list[int] = []
            self.parent: dict[int, int | None] = {}
            for n in range(TEAMS):
                parent = pick([None, *self.teams])
                self.teams.append(s.create("team", name=f"T{n}", parent=parent, city="宁波").id)
                self.parent[self.teams[-1]] = parent
            if seed % 2:
                s.update("team", self.teams[0], {"parent": self.teams[-1]})
                self.parent[self.teams[0]] = self.teams[-1]
        self.team = {hire(engine, f"p{n}", "clerk", team=t): t for n in range(PEOPLE) for t in [pick([None, *self.teams])]}
        self.people = list(self.team)
        with engine.system_session("test") as s:
            rows = ((pick([None, *self.people]), pick([None, *self.teams])) for _ in range(JOBS))
            self.jobs = {s.create("job", name="j", owner=owner, team=team).id: (owner, team) for owner, team in rows}

    def within(self, team: int | None, above: int | None) -> bool:
        seen: set[int] = set()
        while team is not None and team not in seen:
            if team == above:
                return True
            seen.add(team)
            team = self.parent[team]
        return False


@pytest.mark.parametrize("seed", range(4))
def test_query_gate_and_tree_agree(database_url: str, tmp_path: Path, seed: int) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        world = World(engine, seed)
        for person, mine in world.team.items():
            owned = {j for j, (o, _) in world.jobs.items() if o is not None and world.within(world.team[o], mine)}
            ours = {j for j, (_, t) in world.jobs.items() if world.within(t, mine)}
            with engine.session(person) as session:
                seen = session.find("job", limit=100).records
                assert {r.id for r in seen} == owned | ours
                assert {r.id for r in seen if r.mine} == owned
                assert {r.id for r in session.find("job", where="ours").records} == ours
                top = world.teams[0]
                assert all((r.top is True, r.there is True) == (world.within(mine, top), mine == top) for r in seen)
                assert {j for j in world.jobs if session.given("update", "job", j) is not None} == ours
                assert {j for j in world.jobs if session.given("read", "job", j) is not None} == owned | ours


def test_teams_are_records_like_any(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            sales = session.create("team", name="销售部", city="上海")
            east = session.create("team", name="华东区", parent=sales.id)
            assert session.titles("team", [east.id]) == {east.id: "华东区"}
            assert [r.id for r in session.find("team", where='parent.name = "销售部"').records] == [east.id]
            assert session.history("team", east.id)[0].kind == "created"


def test_an_older_database_gets_teams(database_url: str, tmp_path: Path) -> None:
    """What an engine without teams left behind: no table, no columns, a release that knows nothing of them."""
    with opened(APP.replace('  team:\n    fields: {city: text "城市"}\n', ""), database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.database.write() as connection:
            connection.run('DROP TABLE "dg_team"')
            for column in ("team", "calendar"):
                connection.run(f'DROP INDEX IF EXISTS "dg_user.{column}.index"')
                connection.run(f'ALTER TABLE "dg_user" DROP COLUMN "{column}"')
            _forget(connection)
    with opened(APP, database_url, tmp_path) as engine:
        with engine.database.read() as connection:
            assert "dg_team" in live_tables(connection)
            assert {"team", "calendar"} <= live_columns(connection, "dg_user").keys()
        with engine.session("boss") as session:
            assert session.create("team", name="新团队", city="苏州").city == "苏州"


def _forget(connection: Connection) -> None:
    """Take teams out of the layout that the release keeps."""
    row = connection.one('SELECT "layout" FROM "dg_release"')
    assert row is not None
    layout = json.loads(row[0])
    del layout["dg_team"]
    for part in ("columns", "indexes"):
        layout["dg_user"][part] = {n: v for n, v in layout["dg_user"][part].items() if "team" not in n and "calendar" not in n}
    mark = ":layout" if connection.dialect == "sqlite" else "%(layout)s"
    connection.run(f'UPDATE "dg_release" SET "layout" = {mark}', {"layout": json.dumps(layout)})
