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


BOARD = """
app: board
objects:
  goal:
    fields:
      name: text
      all: integer = countrec(step, weight > 0)
  step:
    fields: {goal: link goal as steps, weight: integer default 1}
    checks:
      - {rule: "countrec(step, weight > this.weight) < 90", message: many}
      - {rule: "sum(goal.steps.weight) < 90", message: many}
  sight: {fields: {name: text}, checks: [{rule: "sumrec(goal, all) >= 0", message: no}]}
"""


@pytest.mark.parametrize("nested", [False, True], ids=["one look-up", "one for each of many"])
def test_a_rule_that_would_read_very_many_records_is_stopped(
    nested: bool, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the bounds set low: ten at once, 33 through each other."""
    for module in ("dougong.derive.statements", "dougong.runtime.unit"):
        monkeypatch.setattr(f"{module}.MOST_ROWS", 10)
    monkeypatch.setattr("dougong.runtime.unit.MOST_NESTED", 33)
    with opened(BOARD, database_url, tmp_path) as engine:
        with engine.system_session("test") as session:
            goals = [session.create("goal", name=str(number)) for number in range(3)]
            steps = [session.create("step", goal=goals[0].id) for _ in range(10)]
            assert session.create("sight", name="10 for each of 3")
            assert session.get("goal", goals[0].id)["all"] == 10
        if nested:
            with engine.system_session("test") as session:
                session.create("goal", name="one more")
            with engine.system_session("test") as session, pytest.raises(Refused) as refused:
                session.create("sight", name="10 for each of 4")
            assert (refused.value.refusals[0].code.code, refused.value.refusals[0].params["most"]) == ("R211", 33)
            return
        with engine.system_session("test") as session:
            last = session.create("step", goal=goals[1].id)
        with engine.system_session("test") as session, pytest.raises(Refused) as refused:
            session.update("step", steps[0].id, {"weight": 2})
        assert "more than 10 records of step" in refused.value.refusals[0].message("en")
        with engine.system_session("test") as session:
            assert session.get("goal", goals[0].id)["all"] == 11  # what is read is computed by the database
            session.delete("step", last.id)
            session.update("step", steps[0].id, {"weight": 2})
