"""The story of a whole tells who split it into which parts with which amounts, and who changed that, as far as its reader may see it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from dougong.engine import Engine
from dougong.runtime.clock import SettableClock

from tests.runtime.apps import hire, opened
from tests.splits.apps import contracts
from tests.web.shop import api


def story(engine: Engine, login: str, number: int) -> list[Any]:
    with engine.reader(login) as session:
        events = session.split_story("contract", number)
    return [
        (e.by, e.is_first, [(c.kind, c.title, c.is_there, [tuple(map(str, p)) for p in c.sums.values()]) for c in e.changes], e.hidden)
        for e in events
    ]


def tick(engine: Engine) -> None:
    assert isinstance(engine.clock, SettableClock)
    engine.clock.set(engine.clock.now() + timedelta(hours=1))


def test_the_whole_tells_how_it_was_split(engine: Engine) -> None:
    tick(engine)
    with engine.session("sales") as session:
        whole = session.create("contract", name="三方合同", amount=100).id
    tick(engine)
    with engine.session("sales") as session:
        a, b = session.split("contract", whole, parts=[{"party": "甲", "amount": 60}, {"party": "乙"}])
    tick(engine)
    with engine.session("clerk") as session:
        session.split("contract", whole, parts=[{"id": a.id, "amount": 70}, {"party": "丙"}])
    tick(engine)
    with engine.session("clerk") as session:
        session.update("part", a.id, {"party": "甲方"})  # no matter of amounts
        session.create("part", contract=whole, party="丁", amount=0)
    first = ("sales", True, [("came", "甲方", True, [("None", "60.00")]), ("came", "乙", False, [("None", "40.00")])], 0)
    again = [
        ("left", "乙", False, [("40.00", "None")]),
        ("changed", "甲方", True, [("60.00", "70.00")]),
        ("came", "丙", True, [("None", "30.00")]),
    ]
    last = ("clerk", False, [("came", "丁", True, [("None", "0.00")])], 0)
    assert story(engine, "sales", whole) == [first, ("clerk", False, again, 0), last]
    assert story(engine, "stranger", whole) == [("sales", True, [], 2), ("clerk", False, [], 3), ("clerk", False, [], 1)]

    page = api(engine, "sales", "zh").get(f"/o/contract/{whole}").text
    assert "<b>sales</b><span>做了拆分：部分</span>" in page and "<b>clerk</b><span>调整了拆分：部分</span>" in page
    assert f'<dt><a href="/o/part/{a.id}">甲方</a></dt>' in page and "¥70.00" in page
    assert f'href="/o/part/{b.id}"' not in page and "<dt>乙</dt><dd><del>" in page and "已去掉" in page
    assert "调整了拆分" in api(engine, "sales", "zh").get(f"/o/contract/{whole}?story=updated").text
    assert "调整了拆分" not in api(engine, "sales", "zh").get(f"/o/contract/{whole}?story=moved").text
    hidden = api(engine, "stranger", "zh").get(f"/o/contract/{whole}").text
    assert "另有您看不到的部分" in hidden and "甲方" not in hidden and "乙" not in hidden


def test_a_part_that_goes_to_another_whole_is_told_by_both(engine: Engine) -> None:
    tick(engine)
    with engine.session("sales") as session:
        one, two = (session.create("contract", name=name, amount=amount).id for name, amount in (("一", 10), ("二", 0)))
        (part,) = session.split("contract", one, parts=[{"party": "甲", "amount": 10}])
    tick(engine)
    with engine.session("sales") as session:
        session.update("part", part.id, {"contract": two})
        session.update("contract", two, {"amount": 10})
        session.create("part", contract=one, party="临时", amount=1)
        session.delete("part", session.find("part", where="party = '临时'").records[0].id)  # nothing is left of it
    moved = [("came", "甲", True, [("None", "10.00")])]
    assert story(engine, "sales", one) == [("sales", True, moved, 0), ("sales", False, [("left", "甲", True, [("10.00", "None")])], 0)]
    assert story(engine, "sales", two) == [("sales", True, moved, 0)]


def test_the_story_outlives_new_names(database_url: str, tmp_path: Path) -> None:
    with opened(contracts(), database_url, tmp_path) as engine:
        hire(engine, "sales", "sales")
        with engine.session("sales") as session:
            whole = session.create("contract", name="三方合同", amount=100).id
            session.split("contract", whole, parts=[{"party": "甲", "amount": 100}])
        text = re.sub(r"\bpart\b", "share", contracts()).replace("  share:\n", "  share:\n    was: part\n", 1)
        text = re.sub(r"\bamount: money\b.*", "total: {type: money, was: amount}", text)
        text = re.sub(r"(?<!was: )\bamount\b", "total", text)
        engine.apply({"app.yaml": text}, "tester")
        with engine.session("sales") as session:
            (told,) = session.split_story("contract", whole)
            assert [change.kind for change in session.history("share", told.changes[0].id)] == ["created"]
        assert (told.part, [(c.title, {n: str(new) for n, (_, new) in c.sums.items()}) for c in told.changes]) == (
            "share",
            [("甲", {"total": "100.00"})],
        )
