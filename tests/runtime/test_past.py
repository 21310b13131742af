"""Facts of a record's past (`passed`, `time_in`, `entered_at`, `changes`) wherever the engine asks them: gates, rights, lists, filters."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dougong.database import Connection
from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.clock import SettableClock

from tests.runtime.apps import NOON, codes, hire, opened

APP = """
app: samples
title: {zh: 打样, en: Samples}
objects:
  customer:
    title: {zh: 客户, en: Customer}
    fields:
      name: text required "名称"
      sent: integer "已寄样" = count(parcels where passed(sample))
      slow: integer "寄样久" = count(parcels where time_in(sample) > 2 days)
  parcel:
    title: {zh: 订单, en: Order}
    fields:
      name: text required "名称"
      amount: money "金额"
      reason: {type: text, title: 原因, required_when: changes(amount) >= 2, show_when: changes(amount) >= 2}
      customer: link customer as parcels "客户"
      owner: user default me "负责人"
      hours: number(2) "打样小时" = hours(time_in(sample))
      since: datetime "寄样时间" = entered_at(sample)
      edits: integer "改价次数" = changes(amount)
      was_sent: boolean "寄过样" = passed(sample)
    checks:
      - {rule: changes(amount) <= 3, message: "改价 {{ changes(amount) }} 次"}
  label:
    fields:
      text: text
      parcel: link parcel as labels
pipelines:
  orders:
    of: parcel
    stages:
      lead: {title: {zh: 线索, en: Lead}, start: true}
      sample: {title: {zh: 打样, en: Sampling}}
      won: {title: {zh: 成交, en: Won}, kind: won}
    moves:
      - lead -> sample
      - sample -> lead "退回" "Send back"
      - lead -> won when passed(sample) and time_in(sample) >= 1 day
      - sample -> won
views:
  long:
    of: parcel
    where: time_in(sample) > 1 day
    columns: [name]
    highlight: {red: time_in(sample) > 2 days}
roles:
  clerk: {may: [read user, "read, create, update customer", "read, create label", "read, create, update, move parcel", "import parcel"]}
  sampler: {may: [read user, read customer, "read, create, move parcel", "update parcel where instate(lead) and not passed(sample)"]}
  after: {may: ["read parcel where passed(sample)", read customer, read label]}
  blind: {may: ["read parcel(name)", "read customer"]}
  pricing: {may: ["read parcel(name, amount) where passed(sample)", "read parcel(name)"]}
  priceless: {may: ["read parcel hide amount"]}
triggers:
  note_it:
    on: parcel.stage changed
    when: passed(sample) and changes(stage) >= 2
    do: [{set: {reason: '"寄过样"'}}]
"""


def after(engine: Engine, **amount: float) -> None:
    """Let time go by."""
    clock = engine.clock
    assert isinstance(clock, SettableClock)
    clock.advance(timedelta(**amount))


def test_a_record_goes_its_way(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "ann", "clerk")
        with engine.session("ann") as session:
            customer = session.create("customer", name="宁波某厂")
            order = session.create("parcel", name="A", customer=customer.id)
            assert (order.hours, order.since, order.edits, order.was_sent) == (0, None, 0, False)
        with engine.session("ann") as session, pytest.raises(Refused) as refused:
            session.move(order, "won")
        assert codes(refused.value) == {("R304", "stage")}
        said = refused.value.refusals[0].message("zh")
        assert "已走过“打样”" in said and "在“打样”停留的时间不少于1 天（现在为0 天）" in said, said
        with engine.session("ann") as session:
            order = session.move(order, "sample")
            assert (order.hours, order.since, order.was_sent) == (0, NOON, False)
        after(engine, days=3)
        with engine.session("ann") as session:
            assert session.get("parcel", order.id).hours == 72
            assert session.get("customer", customer.id).as_dict().items() >= {"sent": 0, "slow": 1}.items()
            order = session.move(session.get("parcel", order.id), "lead")
            assert (order.hours, order.since, order.was_sent, order.reason) == (72, NOON, True, "寄过样")
            assert session.get("customer", customer.id).as_dict().items() >= {"sent": 1, "slow": 1}.items()
        after(engine, days=1)
        with engine.session("ann") as session:
            assert session.get("parcel", order.id).hours == 72
            assert session.count("parcel", where="passed(sample) and statesince() = entered_at(lead) and hoursinstate() = 24") == 1
            assert session.count("parcel", where="entered_at(线索) > entered_at(打样)") == 1
            assert [r.id for r in session.find("parcel", view=session.app.views["long"]).records] == [order.id]
            assert session.move(session.get("parcel", order.id), "won").stage == "won"


def test_changes_are_counted_with_the_one_under_way(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "ann", "clerk")
        with engine.session("ann") as session:
            order = session.create("parcel", name="A", amount=1)
            order = session.update(order, amount=2)
            assert order.edits == 1
        with engine.session("ann") as session:
            shown = session.preview("parcel", {"amount": 3}, order.id)
            assert "reason" in shown.required and "reason" in shown.shown
            assert "reason" not in session.preview("parcel", {"name": "B"}, order.id).required
        with engine.session("ann") as session, pytest.raises(Refused) as refused:
            session.update(order, amount=3)
        assert codes(refused.value) == {("R201", "reason")}
        with engine.session("ann") as session:
            order = session.update(order, amount=3, reason="谈价")
            order = session.update(order, amount=4)
            assert order.edits == 3 and session.update(order, name="B").edits == 3
        with engine.session("ann") as session, pytest.raises(Refused) as refused:
            session.update(session.get("parcel", order.id), amount=5)
        assert "改价 4 次" in refused.value.refusals[0].message("zh")


def test_rights_that_hang_on_the_past(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        for who, role in (("ann", "clerk"), ("sam", "sampler"), ("late", "after")):
            hire(engine, who, role)
        with engine.session("ann") as session:
            customer = session.create("customer", name="C")
        with engine.session("sam") as session:
            one, two = (session.create("parcel", name=n, amount=1, customer=customer.id) for n in "AB")
            one = session.update(one, amount=2)
            one = session.move(session.move(one, "sample"), "lead")
        with engine.session("sam") as session, pytest.raises(Refused):
            session.update(one, amount=3)
        with engine.session("ann") as session:
            for parcel in (one, two):
                session.create("label", text=parcel.name, parcel=parcel.id)
        with engine.session("late") as session:
            assert [r.id for r in session.find("parcel").records] == [one.id] == [session.get("parcel", one.id).id]
            assert [r.text for r in session.find("label", where="parcel.amount > 0").records] == [
                "A"
            ]  # the link leads only to what is seen
            assert session.count("label", where="parcel.was_sent") == 1 and session.count("label", where="parcel.was_sent is blank") == 1
            assert session.count("customer", where="count(parcels) = 1 and count(parcels where passed(sample)) = 1") == 1
            with pytest.raises(Refused):
                session.get("parcel", two.id)


def test_nobody_learns_the_past_of_what_they_may_not_see(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        for who, role in (("ann", "clerk"), ("ben", "blind"), ("pia", "pricing"), ("pam", "priceless")):
            hire(engine, who, role)
        with engine.session("ann") as session:
            orders = [session.create("parcel", name=n, amount=1) for n in "AB"]
            orders = [session.update(o, amount=2) for o in orders]
            session.move(session.move(orders[0], "sample"), "lead")
        with engine.session("ben") as session:
            assert session.count("parcel", where="passed(sample)") == 1  # the stage is read with the record
            with pytest.raises(Refused, match="R721"):
                session.count("parcel", where="changes(amount) = 1")
            with pytest.raises(Refused, match="R721"):
                session.count("customer", where="any(parcels, changes(amount) = 1)")
        with engine.session("pia") as session:  # the price only where the sample is out
            assert [r.id for r in session.find("parcel", where="changes(amount) = 1").records] == [orders[0].id]
            assert session.count("parcel", where="changes(amount) is blank") == 1
        with engine.session("pam") as session:
            assert session.count("parcel", where="passed(sample)") == 1
            with pytest.raises(Refused, match="R721"):
                session.count("parcel", where="changes(amount) = 1")


BEFORE = """
app: samples
objects:
  parcel: {fields: {name: text, price: money}}
pipelines:
  way: {of: parcel, stages: {new: {start: true}, lab: {}, gone: {kind: done}}, moves: [new -> lab, lab -> gone, gone -> lab]}
roles:
  clerk: {may: ["read, create, update, move parcel"]}
"""


def test_what_happened_under_a_former_name_is_found(database_url: str, tmp_path: Path) -> None:
    with opened(BEFORE, database_url, tmp_path) as engine:
        hire(engine, "ann", "clerk")
        with engine.session("ann") as session:
            one = session.create("parcel", name="A", price=1)
            one = session.move(session.update(one, price=2), "lab")
            two = session.move(session.move(session.create("parcel", name="B", price=1), "lab"), "gone")
        after(engine, days=2)
        with engine.session("ann") as session:
            session.move(session.get("parcel", one.id), "gone")
        renamed = BEFORE.replace("lab: {}", "testing: {was: lab}").replace("lab", "testing").replace("was: testing", "was: lab")
        renamed = renamed.replace(
            "parcel: {fields: {name: text, price: money}}", "box: {was: parcel, fields: {name: text, amount: {type: money, was: price}}}"
        )
        (tmp_path / "app" / "app.yaml").write_text(renamed.replace("of: parcel", "of: box").replace("move parcel", "move box"), "utf-8")
        engine.apply(tmp_path / "app", "test")
        with engine.session("ann") as session:
            assert session.count("box", where="passed(testing)") == 2
            assert [r.id for r in session.find("box", where="time_in(testing) = 2 days and changes(amount) = 1").records] == [one.id]
            assert [r.id for r in session.find("box", where="time_in(testing) = 0 days").records] == [two.id]
            assert session.count("box", where="entered_at(testing) = #2026-03-01 12:00#") == 2
            assert [change.kind for change in session.history("box", two.id)] == ["moved", "moved", "created"]
            box = session.move(session.get("box", two.id), "testing")
            assert session.count("box", where=f"id = {box.id} and not passed(testing) and changes(stage) = 3") == 1


def test_many_records_are_asked_about_at_once(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "ann", "clerk")
        with engine.session("ann") as session:
            customer = session.create("customer", name="A")
            for n in range(50):
                session.move(session.create("parcel", name=str(n), customer=customer.id), "sample")
        asked: list[object] = []
        execute = Connection._execute

        def counted(connection: Connection, sql: Any, params: Any) -> Any:
            asked.append(sql)
            return execute(connection, sql, params)

        with engine.session("ann") as session:
            monkeypatch.setattr(Connection, "_execute", counted)
            page = session.find("parcel", where="time_in(sample) >= 0 days", limit=50)
            assert len(page.records) == 50 and page.records[0].hours == 0 and len(asked) <= 2
            asked.clear()
            row = session._unit.row("customer", customer.id)  # as the gate looks at it
            assert row is not None and (row["sent"], row["slow"]) == (0, 0) and len(asked) == 3
            monkeypatch.undo()
