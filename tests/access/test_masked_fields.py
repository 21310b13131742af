"""A field that is `masked` by itself: masked for everybody but those whose grants name it."""

from pathlib import Path

import pytest
from dougong.refusals import Refused

from tests.runtime.apps import codes, hire, opened

PEOPLE = """
app: people
objects:
  person:
    record_title: name
    fields:
      name: text
      card: text masked
roles:
  desk: {may: [read person]}
  named: {may: ["read person(name, card)"]}
  payroll: {may: [read person, "read person(card)"]}
  own: {may: [read person, "read person(card) where name = me.login"]}
  maker: {may: ["read, create, update person"]}
  keeper: {may: ["read, update person", "read, update person(card)"]}
"""


def test_a_masked_field_is_clear_where_a_grant_names_it(database_url: str, tmp_path: Path) -> None:
    with opened(PEOPLE, database_url, tmp_path) as engine:
        for login in ("desk", "named", "payroll", "own", "maker", "keeper"):
            hire(engine, login, login)
        with engine.system_session("test") as session:
            mine, other = (session.create("person", name=n, card="110101199001011234").id for n in ("own", "else"))
        seen = {}
        for login in ("desk", "named", "payroll", "own"):
            with engine.reader(login) as session:
                seen[login] = (session.get("person", mine).card, session.get("person", other).card)
        hidden, clear = "110***********1234", "110101199001011234"
        assert seen == {"desk": (hidden, hidden), "named": (clear, clear), "payroll": (clear, clear), "own": (clear, hidden)}
        with engine.reader("desk") as session, pytest.raises(Refused) as refused:
            session.find("person", where="card = '110101199001011234'")
        assert codes(refused.value) == {("R733", "where")}
        with engine.reader("desk") as session:
            for order in ("card", "-card"):
                with pytest.raises(Refused) as refused:
                    session.find("person", order=order)
                assert codes(refused.value) == {("R733", "card")}
            with pytest.raises(Refused) as refused:
                session.find("person", where="name = 'x' and cardx = '1'")
            assert codes(refused.value) == {("R721", "where")}
        with engine.session("maker") as session:
            made = session.create("person", name="new", card="123456789")
            assert made.card == "123**6789"
            with pytest.raises(Refused) as refused:
                session.update(made, card="123**6789")  # what stands on the screen is not the value
            assert codes(refused.value) == {("R403", "card")}
            assert session.update(made, name="newer").name == "newer"
        with engine.session("keeper") as session:
            assert session.update("person", mine, {"card": "7"}).card == "7"
