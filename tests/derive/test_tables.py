"""The tables of an app: what a person with SQL finds, and what the database itself keeps true."""

from collections.abc import Iterator

import pytest
from dougong.database import Database, UniqueViolation
from dougong.derive.columns import index_name
from dougong.derive.tables import build_tables
from dougong.model.app import App
from dougong.plan.inspect import live_columns, live_indexes
from dougong.plan.layout import Index

from tests.plan.worlds import World, app, world

PIPELINE = "pipelines: {flow: {of: 线索, stages: {new: {start: true}, won: {kind: won}}, moves: [new -> won]}}\n"


@pytest.fixture
def lead() -> App:
    fields = {
        "姓名": "text",
        "手机": "phone unique",
        "来源": "text indexed",
        "客户": "link customer",
        "总价": "money",
        "今天": "boolean = today > created_at",
    }
    return app({"customer": {"name": "text"}, "线索": {**fields, "负责人": "user"}}, PIPELINE)


@pytest.fixture
def here(database_url: str, lead: App) -> Iterator[World]:
    with world(database_url) as made:
        made.become(lead)
        yield made


def test_a_table_has_its_names_and_no_column_for_what_asks_the_time(lead: App) -> None:
    table = build_tables(lead, "sqlite").of["线索"]
    head = ["id", "created_at", "created_by", "updated_at", "updated_by", "version"]
    assert [c.name for c in table.columns] == [*head, "stage", "stage_since", "姓名", "手机", "来源", "客户", "总价", "负责人"]
    assert table.columns["姓名"].nullable and not table.columns["created_at"].nullable


def test_indexes_serve_links_stages_and_what_the_author_asked_for(here: World) -> None:
    with here.database.read() as connection:
        assert live_indexes(connection, "线索") == {
            "线索.created_at.index": Index(("created_at",), False),
            "线索.stage.stage_since.index": Index(("stage", "stage_since"), False),
            "线索.手机.unique": Index(("手机",), True),
            "线索.来源.index": Index(("来源",), False),
            "线索.客户.index": Index(("客户",), False),
            "线索.负责人.index": Index(("负责人",), False),
        }


def test_unique_ignores_what_is_blank(here: World) -> None:
    for phone in (None, None, "13800000000"):
        here.insert("线索", {"手机": phone})
    with pytest.raises(UniqueViolation) as raised:
        here.insert("线索", {"手机": "13800000000"})
    assert raised.value.columns == ("手机",)


def test_users_have_the_engines_columns_and_the_apps(database_url: str) -> None:
    with world(database_url) as here:
        here.become(app({"user": {"region": "choice(east, west)"}, "lead": {"name": "text"}}))
        with here.database.read() as connection:
            columns = live_columns(connection, "dg_user")
    assert {"login", "name", "email", "roles", "manager", "active", "password_hash", "language", "region"} <= set(columns)


def test_text_sorts_by_code_point_on_both(here: World) -> None:
    for name in ("乙", "a", "B", "甲", "é", "z"):
        here.insert("线索", {"姓名": name})
    with here.database.read() as connection:
        found = [row[0] for row in connection.all('SELECT "姓名" FROM "线索" ORDER BY "姓名"')]
    assert found == sorted(found)


def test_sqlite_refuses_a_value_of_the_wrong_type(sqlite_url: str, lead: App) -> None:
    with world(sqlite_url) as here:
        here.become(lead)
        with pytest.raises(Exception, match="cannot store TEXT value in INTEGER column"):
            here.insert("线索", {"总价": "many"})


def test_long_names_are_cut_to_what_postgresql_takes() -> None:
    names = [index_name("客户" * 8, ("字段" * 8 + end,), "index") for end in "ab"]
    assert all(len(n.encode()) <= 63 for n in names) and names[0] != names[1]
    assert names[0].startswith("客户客户")


def test_an_engine_that_brings_a_new_table_makes_it(here: World) -> None:
    with here.database.write() as connection:
        connection.run('DROP TABLE "dg_todo"')
        connection.run('DROP INDEX "dg_change.object.record_id.id.index"')
        connection.run('DROP INDEX "dg_file.object.field.index"')
        connection.run('ALTER TABLE "dg_file" DROP COLUMN "field"')
    here.become(app({"customer": {"name": "text"}}))
    with here.database.read() as connection:
        assert "field" in live_columns(connection, "dg_file") and live_columns(connection, "dg_todo")


def test_a_database_opens_again(here: World) -> None:
    again = Database.open(here.database.url)
    with again.read() as connection:
        assert connection.all('SELECT count(*) FROM "线索"') == [(0,)]
    again.close()
