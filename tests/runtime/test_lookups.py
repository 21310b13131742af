"""Look-ups over other objects where the engine runs them: in a check when a record is written, in SQL when a list is read."""

from pathlib import Path

import pytest
from dougong.refusals import Refused

from tests.runtime.apps import hire, opened

APP = """
app: parts
objects:
  supplier:
    fields:
      name: text required "名称"
      open_orders: integer = countrec(purchase, supplier = this.id and not done)
      last_note: text = lookup(purchase, supplier = this.id, note, number)
  purchase:
    fields:
      number: integer required
      supplier: link supplier
      note: text
      done: boolean default false
    checks:
      - {rule: "not exists(purchase, note = this.note and id <> this.id)", message: 备注重复}
roles:
  clerk: {may: ["read, create supplier", "read, create purchase"]}
  junior: {may: [read supplier, "read purchase where done"]}
"""


def test_a_check_and_a_formula_look_at_other_objects(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "clerk")
        hire(engine, "young", "junior")
        with engine.session("boss") as session:
            supplier = session.create("supplier", name="宁波某厂")
            for number, note in ((2, "second"), (1, "first")):
                session.create("purchase", number=number, supplier=supplier.id, note=note)
            session.create("purchase", number=3, supplier=supplier.id, done=True)
        with engine.session("boss") as session:
            found = session.get("supplier", supplier.id)
            assert (found.open_orders, found.last_note) == (2, "first")
            assert [s.id for s in session.find("supplier", where="open_orders = 2 and last_note = 'first'").records] == [supplier.id]
        with engine.session("boss") as session, pytest.raises(Refused):
            session.create("purchase", number=4, supplier=supplier.id, note="second")
        with engine.session("young") as session:  # a filter of one's own counts only what one may see
            assert session.find("supplier", where="countrec(purchase, supplier = this.id) = 1").records
            assert not session.find("supplier", where="exists(purchase, note = 'first')").records
