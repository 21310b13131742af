"""Pools about two fields of one object: each claim, return and leave touches its own field alone."""

from pathlib import Path

import pytest
from dougong.refusals import Refused
from dougong.runtime.session import Session

from tests.runtime.apps import codes, hire, opened

APP = """
app: two
objects:
  customer: {fields: {name: text required, owner: user default me, caller: user}}
pools:
  sea: {of: customer, by: [sales, caller]}
  calls: {of: customer, field: caller, by: [caller]}
roles:
  sales: {may: ["read, create, update customer"]}
  caller: {may: ["read, update customer"]}
triggers:
  begin: {on: customer created, do: [{recycle: calls}]}
  lost: {on: customer.name changed, do: [{recycle: sea}]}
"""


def state(session: Session, id: int) -> tuple[int | None, str | None, int | None, str | None]:
    row = session.get("customer", id)
    return row.owner, row.pool, row.caller, row.caller_pool


def test_pools_of_two_fields_leave_each_other_alone(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        li, ke = hire(engine, "li", "sales"), hire(engine, "ke", "caller")
        with engine.session("li") as session:
            one = session.create("customer", name="a").id
            assert state(session, one) == (li, None, None, "calls")
            with pytest.raises(Refused) as refused:
                session.claim("customer", one)
            assert codes(refused.value) == {("R371", None)}
            session.update("customer", one, {"name": "b"})
            assert state(session, one) == (None, "sea", None, "calls")
        with engine.session("ke") as session:
            session.claim("customer", one, pool="calls")
            assert state(session, one) == (None, "sea", ke, None)
            session.claim("customer", one)
            assert state(session, one) == (ke, None, ke, None)
            with pytest.raises(Refused) as refused:
                session.release("customer", one, "tired")
            assert codes(refused.value) == {("R378", None)}
            session.release("customer", one, "tired", pool="calls")
            assert state(session, one) == (ke, None, None, "calls")
            session.release("customer", one, "tired")
            assert state(session, one) == (None, "sea", None, "calls")
