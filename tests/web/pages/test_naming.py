"""What records are called on pages, and what their colours say."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dougong.engine import Engine
from dougong.runtime.clock import SettableClock
from dougong.runtime.users import create_user
from dougong.web.pages.lists import marks_of

from tests.web.shop import api, write_shop

APP = """\
app: calls
objects:
  customer:
    fields: {name: text required, owner: user default me}
  call:
    fields: {customer: link customer required as calls}
  answer:
    fields:
      mood: choice(good "满意" "Happy", bad "不满意" "Unhappy") required
pipelines:
  flow:
    of: customer
    stages: {new: {start: true, overdue: after 2 days}, done: {kind: won}}
    moves: [new -> done]
views:
  plain: {of: customer, columns: [name], highlight: {yellow: name = "乙"}}
  old: {of: customer, columns: [name], highlight: {red: stage_since <= now - 5 days}}
roles:
  sales: {may: ["read, create, update customer", "read, create call", "read, create answer"]}
"""


def test_records_are_called_by_what_people_read(tmp_path: Path) -> None:
    clock = SettableClock(datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai")))
    with Engine.open(write_shop(tmp_path / "calls", APP), database=f"sqlite:///{tmp_path / 'calls.db'}", clock=clock) as engine:
        with engine.system_session("test") as session:
            create_user(session, "li", "李", None, ["sales"])
        with engine.session("li") as session:
            customer = session.create("customer", name="甲").id
            call, answer = session.create("call", customer=customer).id, session.create("answer", mood="bad").id
        li, zh = api(engine, "li"), {"accept-language": "zh"}
        assert f"<h1>#{call}</h1>" in li.get(f"/o/call/{call}", headers=zh).text
        assert "<h1>不满意</h1>" in li.get(f"/o/answer/{answer}", headers=zh).text
        assert "<h1>Unhappy</h1>" in li.get(f"/o/answer/{answer}", headers={"accept-language": "en"}).text
        assert f'<span class="name">#{call}</span>' in li.get(f"/o/customer/{customer}", headers=zh).text
        with engine.reader("li") as session:
            assert session.titles("call", [call]) == {call: f"#{call}"}
        _colours(engine, clock, customer)


def _colours(engine: Engine, clock: SettableClock, customer: int) -> None:
    """Red is what is over time, but in a view that says itself what red means."""
    seen = []
    for days in (1, 2, 2):
        clock.advance(timedelta(days=days))
        with engine.reader("li") as session:
            made, records = engine.app.objects["customer"], session.find("customer").records
            seen.append([marks_of(session, made, engine.app.views[view], records) for view in ("plain", "old")])
    assert seen == [[{}, {}], [{customer: "red"}, {}], [{customer: "red"}, {customer: "red"}]]
