"""Kept texts: a SQLAlchemy statement means the same after it has become text."""

from datetime import UTC, datetime
from decimal import Decimal

import sqlalchemy as sa
from dougong.database import Database, compile_text
from dougong.database.text import DIALECTS
from dougong.derive.columns import Kinds, column, id_column, table
from sqlalchemy.schema import CreateTable


def test_lists_and_the_statements_own_values(database_url: str) -> None:
    database = Database.open(database_url)
    dialect = database.dialect
    kinds = Kinds(dialect)
    kept = table(sa.MetaData(), "客户", id_column(kinds), column("名", kinds.text), column("级", kinds.integer))
    insert = compile_text(sa.insert(kept).values({"名": sa.bindparam("名"), "级": sa.bindparam("级")}), dialect)
    names: sa.BindParameter[str] = sa.bindparam("names", expanding=True)
    chosen = compile_text(
        sa.select(kept.c.名).where(kept.c.名.in_(names), kept.c.级 > 1, kept.c.id.not_in([99])).order_by(kept.c.名), dialect
    )
    left = compile_text(sa.select(kept.c.名).where(kept.c.名.not_in(names)).limit(sa.bindparam("n", type_=sa.Integer)), dialect)
    with database.write() as connection:
        connection.run(str(CreateTable(kept).compile(dialect=DIALECTS[dialect])))
        connection.many(insert, [{"名": n, "级": i} for i, n in enumerate(["甲", "a'b", "%s :x", "丁"])])
        assert connection.all(chosen, {"names": ["甲", "丁", "%s :x"]}) == [("%s :x",), ("丁",)]
        assert connection.all(chosen, {"names": []}) == []
        assert connection.all(left, {"names": ["甲", "丁", "%s :x"], "n": 5}) == [("a'b",)]
        assert len(connection.all(left, {"names": [], "n": 3})) == 3
    assert chosen.lists >= {"names"} and "names" not in chosen.defaults
    database.close()


def test_types_come_back_as_they_are_promised(postgres_url: str) -> None:
    database = Database.open(postgres_url)
    with database.read() as connection:
        found = connection.one("SELECT 1.50::numeric(18,2), timestamptz '2026-03-01 09:30+08', '{\"a\": 1}'::jsonb, 2^40::bigint, now()")
    assert found is not None
    assert (str(found[0]), found[1], found[2]) == ("1.50", datetime(2026, 3, 1, 1, 30, tzinfo=UTC), '{"a": 1}')
    assert isinstance(found[0], Decimal) and str(found[4].tzinfo) == "UTC"
    database.close()


def test_like_minds_letter_case(database_url: str) -> None:
    database = Database.open(database_url)
    with database.read() as connection:
        assert not connection.all("SELECT 1 WHERE 'Abc' LIKE 'a%'")
    database.close()
