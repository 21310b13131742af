"""What the engine relies on beside the answers: formula fields without a column, facts, trigger variables."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from dougong_dsl.expression import can_run_in_sql, sql_decoder, sql_facts, sql_parameters, to_python, to_sql
from dougong_dsl.expression.typed import Expression
from dougong_dsl.expression.types import Record

from tests.dsl.expression.backends import Everywhere
from tests.dsl.expression.world import CHANGE, SCOPE, checked, context, deal


def test_a_formula_without_a_column_is_put_in_its_place(everywhere: Everywhere) -> None:
    formula = checked("cost * 2 + SUM(lines.price)")

    def formulas(object_name: str, field: str) -> Expression | None:
        return formula if (object_name, field) == ("deal", "amount") else None

    rows = {
        "deal": [deal(cost=Decimal("10.00"), company=1)],
        "line": [{"id": 1, "deal": 1, "price": Decimal("0.50"), "quantity": 1, "day": None, "tier": None, "ok": None}],
        "company": [{"id": 1, "name": "甲", "credit": None, "since": None, "owner": None}],
    }
    everywhere.fill(rows)
    expression = checked("amount + SUM(company.deals.amount)")
    for database in everywhere.databases:
        virtual = {name: table for name, table in database.tables.items() if name != "deal"}
        columns = [sa.Column(c.name, c.type) for c in database.tables["deal"].c if c.name != "amount"]
        virtual["deal"] = sa.Table("deal", sa.MetaData(), *columns)
        element = to_sql(expression, virtual["deal"], virtual, database.dialect, formulas)
        found = database.connection.execute(sa.select(element.label("v")).select_from(virtual["deal"])).scalar()
        assert sql_decoder(expression, database.dialect)(found) == Decimal("41.00")


def test_facts_are_bound_under_fixed_names(everywhere: Everywhere) -> None:
    sqlite = everywhere.databases[0]
    element = to_sql(
        checked("created_at > now - 1 day and due < today and region within me.region and owner = me"), sqlite.tables["deal"], {}, "sqlite"
    )
    assert sql_facts(element) == {"dg_now", "dg_today", "dg_me_region", "dg_me_id"}
    assert sql_parameters(sql_facts(element), context({}), "sqlite") == {
        "dg_now": "2026-03-15T16:30:00.250Z",
        "dg_today": "2026-03-16",
        "dg_me_region": '["华东", "north"]',
        "dg_me_id": 2,
    }
    assert sql_parameters(frozenset({"dg_today", "dg_me_region"}), context({}), "postgresql") == {
        "dg_today": date(2026, 3, 16),
        "dg_me_region": ["华东", "north"],
    }


def test_the_state_before_a_change_is_not_in_sql() -> None:
    expression = checked("CHANGED(amount)", CHANGE)
    assert not can_run_in_sql(expression)
    with pytest.raises(ValueError, match="before the change"):
        to_sql(expression, None, {}, "sqlite")


def test_a_trigger_variable_is_read_from_the_row() -> None:
    expression = checked("home = lead.region and lead.amount > 5", replace(SCOPE, object="user", names={"lead": Record("deal")}))
    tables = {"deal": [deal(id=4, amount=Decimal("6.00"))]}
    assert to_python(expression)({"id": 1, "home": "华东", "lead": 4}, context(tables)) is True
