"""What approvals promise beside who is asked: locked fields, the definition they began with, the record as it was, expressions about them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dougong.derive.speech import Speaker
from dougong.engine import Engine
from dougong.exchange.importing import Wish, import_file
from dougong.fields.base import Language
from dougong.flow.sweep import sweep
from dougong.refusals import Refused
from dougong.runtime.session import Session

from tests.runtime.approvals.apps import NUMBER, firm
from tests.runtime.apps import codes
from tests.runtime.people.apps import later

LANGUAGES: tuple[Language, ...] = ("zh", "en")
LOCKED = """  pay:
    title: {zh: 付款, en: Payment}
    of: deal
    lock: [amount]
    steps:
      - 经理: by owner.manager
triggers:
  cheaper:
    on: deal.name changed
    when: name = "便宜"
    do: [{set: {amount: 1}}]
"""
LADDER = """  pay:
    of: deal
    reads: {reads}
    steps:
      - 经理: by owner.manager
      - 财务: by role fin when amount > 100 or name is blank
"""
BEFORE = """  pay:
    of: deal
    same_person: again
    lock: [amount]
    steps:
      - 经理: by owner.manager
      - 财务: by user ann when amount > 100
      - 总经理: by user m1 within 8 hours else approve
    on_approved: [{set: {amount: amount + 1}}]
"""
AFTER = """  pay:
    of: deal
    steps:
      - 老板: by user adm
    on_approved: [{set: {name: '"新"'}}]
"""


def submit(engine: Engine, amount: int = 500, approval: str = "pay") -> int:
    """Sue's deal, submitted."""
    with engine.session("sue") as session:
        deal = session.create("deal", name="泵", amount=amount, owner=NUMBER["sue"]).id
        session.submit("deal", deal, approval=approval)
    return deal


def answer(engine: Engine, login: str, deal: int, work: Callable[[Session, int], None] | None = None) -> None:
    """Somebody answers what they are asked about a deal; yes, unless `work` says otherwise."""
    with engine.session(login) as session:
        (task,) = (t.id for a in session.approvals_waiting() if a.record_id == deal for t in a.tasks if t.is_mine)
        session.approve(task) if work is None else work(session, task)


def state(engine: Engine, deal: int) -> str:
    with engine.reader("adm") as session:
        return session.approvals("deal", deal)[0].state


def value(engine: Engine, deal: int, name: str) -> Any:
    with engine.reader("adm") as session:
        return session.get("deal", deal)[name]


def test_only_locked_fields_are_locked_whoever_writes(database_url: str, tmp_path: Path) -> None:
    with firm(database_url, tmp_path, LOCKED) as engine:
        deal = submit(engine)
        with engine.session("sue") as session:
            session.update("deal", deal, {"name": "水泵", "amount": 500})  # an amount that stays is no change
        for values in ({"amount": 1}, {"name": "便宜"}, {"amount": None}):  # by hand, by a trigger, emptied
            with pytest.raises(Refused) as refused, engine.session("sue") as session:
                session.update("deal", deal, values)
            assert codes(refused.value) == {("R359", "amount")}
        with pytest.raises(Refused) as refused, engine.system_session("test") as session:
            session.delete("deal", deal)
        assert "R363" in {code for code, _ in codes(refused.value)}
        (tmp_path / "deals.csv").write_text(f"name,amount\n水泵,7\n水泵{deal},8\n", encoding="utf-8")

        def sessions() -> Any:
            return engine.session("adm")

        _, report = import_file(engine.app, sessions, tmp_path / "deals.csv", Wish("deal", language="en", key="name"))
        assert [r.code.code for row in report.rejected for r in row.refusals] == ["R359"]
        answer(engine, "m2", deal)
        with engine.session("sue") as session:
            session.update("deal", deal, {"amount": 1})


@pytest.mark.parametrize(("reads", "end"), [("live", "approved"), ("snapshot", "running")])
def test_a_step_sees_the_record_as_it_is_or_as_it_was(database_url: str, tmp_path: Path, reads: str, end: str) -> None:
    with firm(database_url, tmp_path, LADDER.replace("{reads}", reads)) as engine:
        deal = submit(engine, 500)
        with engine.session("sue") as session:
            session.update("deal", deal, {"amount": 50})
        answer(engine, "m2", deal)
        assert state(engine, deal) == end


def test_a_running_approval_keeps_its_definition(database_url: str, tmp_path: Path) -> None:
    """Changed, then removed: steps, conditions, limits, locks and what follows stay those of the start."""
    with firm(database_url, tmp_path, BEFORE) as engine:
        first, second = submit(engine), submit(engine)
        text = (tmp_path / "app" / "app.yaml").read_text("utf-8")
        (tmp_path / "app" / "app.yaml").write_text(text.replace(BEFORE, AFTER), "utf-8")
        engine.apply(tmp_path / "app", "test")
        third = submit(engine)
        with pytest.raises(Refused) as refused, engine.session("sue") as session:
            session.update("deal", first, {"amount": 1})
        assert codes(refused.value) == {("R359", "amount")}
        for login in ("m2", "ann", "m1"):
            answer(engine, login, first)
        answer(engine, "adm", third)
        told = [(state(engine, d), value(engine, d, "amount"), value(engine, d, "name")) for d in (first, third)]
        assert told == [("approved", 501, "泵"), ("approved", 500, "新")]
        text = (tmp_path / "app" / "app.yaml").read_text("utf-8")
        (tmp_path / "app" / "app.yaml").write_text(text.replace("approvals:\n" + AFTER, ""), "utf-8")
        engine.apply(tmp_path / "app", "test")
        answer(engine, "m2", second)
        answer(engine, "ann", second)
        later(engine, hours=9)
        while sweep(engine):
            pass
        assert (state(engine, second), value(engine, second, "amount")) == ("approved", 501)


LEFT = """  pay:
    of: deal
    start: deal entered review
    {key}
    steps:
      - 经理: by owner.manager within 8 hours
    on_withdrawn: [{set: {amount: 0}}]
pipelines:
  flow:
    of: deal
    stages: {open: {title: 开始, start: true}, review: {title: {zh: 评审, en: Review}}, won: {title: 成交, kind: won}}
    moves: [open -> review, review -> open, review -> won]
"""


def test_an_approval_ends_when_its_record_leaves_the_stage(database_url: str, tmp_path: Path) -> None:
    """Whoever was asked hears why, what asked them is read, no limit runs any more, it can be started anew; `continue` lets it run."""
    with firm(database_url, tmp_path, LEFT.replace("{key}", "when_left: withdraw"), "") as engine:
        with engine.session("sue") as session:
            deal = session.create("deal", name="泵", amount=5, owner=NUMBER["sue"]).id
            session.move("deal", deal, "review")
        with engine.reader("m2") as session:
            (asked,) = session.messages(unread=True)
        with engine.session("adm") as session:
            session.update("deal", deal, {"amount": 6})
            session.move("deal", deal, "open")
        with engine.reader("m2", language="en") as session:
            assert session.approvals_waiting() == []
            told = session.messages(unread=True)
            assert [(m.kind, m.text) for m in told] == [("approval", "pay: 泵 was withdrawn: the record has left “Review”")]
            assert asked.id not in {m.id for m in told}
            (ended,) = session.approvals("deal", deal)
            assert (ended.state, ended.left_stage, [t.state for t in ended.tasks]) == ("withdrawn", "Review", ["cancelled"])
        with engine.reader("sue") as session:
            assert [m.text for m in session.messages()] == ["pay：泵 已撤回：记录离开了“评审”"]
        assert value(engine, deal, "amount") == 6
        with engine.session("sue") as session:
            session.move("deal", deal, "review")
        later(engine, hours=9)
        sweep(engine)
        with engine.reader("m1") as session:
            assert [a.started_at > ended.started_at for a in session.approvals_waiting()] == [False]
        answer(engine, "m1", deal)
        assert state(engine, deal) == "approved"


def test_an_approval_may_go_on_without_the_stage(database_url: str, tmp_path: Path) -> None:
    with firm(database_url, tmp_path, LEFT.replace("{key}", "when_left: continue"), "") as engine:
        with engine.session("sue") as session:
            deal = session.create("deal", name="泵", amount=5, owner=NUMBER["sue"]).id
            session.move("deal", deal, "review")
            session.move("deal", deal, "won")
        answer(engine, "m2", deal)
        assert state(engine, deal) == "approved"


def test_the_release_in_which_it_began_says_whether_it_ends(database_url: str, tmp_path: Path) -> None:
    """Changed or removed since: an approval goes on, or ends, as was written when it began."""
    text = LEFT.replace("{key}", "when_left: continue")
    with firm(database_url, tmp_path, text) as engine:
        with engine.session("sue") as session:
            deals = [session.create("deal", name="泵", owner=NUMBER["sue"]).id for _ in range(2)]
            session.move("deal", deals[0], "review")
        path = tmp_path / "app" / "app.yaml"
        path.write_text(path.read_text("utf-8").replace("when_left: continue", "when_left: withdraw"), "utf-8")
        engine.apply(tmp_path / "app", "test")
        with engine.session("sue") as session:
            session.move("deal", deals[1], "review")
            for deal in deals:
                session.move("deal", deal, "won")
        assert [state(engine, deal) for deal in deals] == ["running", "withdrawn"]


def test_expressions_ask_whether_it_is_approved(database_url: str, tmp_path: Path) -> None:
    """The database and Python agree: never asked, running, approved, approved and asked again, rejected, another approval."""
    approvals = "".join(f"  {name}:\n    of: deal\n    steps: [{{s: by owner.manager}}]\n" for name in ("pay", "ship"))
    approvals = approvals.replace("  pay:\n", "  pay:\n    title: {zh: 付款, en: Payment}\n")
    rule = '    checks:\n      - {rule: "name <> \\"x\\" or approved(pay)", message: 先付款}\n'
    with firm(database_url, tmp_path, approvals, rule) as engine:
        zh, en = Speaker(engine.app).condition(engine.app.objects["deal"].checks[0].rule.root)
        assert zh.endswith("审批“付款”已通过") and en.endswith("the approval “Payment” is passed")
        with engine.session("sue") as session:
            never = session.create("deal", name="泵", owner=NUMBER["sue"]).id
        running, yes, again, no, other = (submit(engine, approval="ship" if n == 4 else "pay") for n in range(5))
        for deal in (yes, again, other):
            answer(engine, "m2", deal)
        answer(engine, "m2", no, lambda s, task: s.reject(task, "x"))
        with engine.session("sue") as session:
            session.submit("deal", again, approval="pay")
        deals = {never, running, yes, again, no, other}
        with engine.reader("adm") as session:
            assert {r.id for r in session.find("deal", where="approved(pay)").records} == {yes}
            assert {r.id for r in session.find("deal", where="not approved(ship)").records} == deals - {other}
        for deal in deals:
            try:
                with engine.session("sue") as session:
                    session.update("deal", deal, {"name": "x"})
                found = True
            except Refused as refused:
                assert [r.message("zh") for r in refused.refusals] == ["先付款"]
                found = False
            assert found is (deal == yes)


def test_who_leaves_is_not_waited_for(database_url: str, tmp_path: Path) -> None:
    """An account that is closed passes its decisions up; a hand-over gives them to the heir; added signers stay added."""
    text = "  pay:\n    of: deal\n    steps: [{财务: by all of role fin}]\n"
    with firm(database_url, tmp_path, text) as engine:
        deal = submit(engine)
        answer(engine, "bob", deal, lambda s, task: s.add_signer(task, "dan", before=True))
        with engine.session("adm") as session:
            session.update("user", NUMBER["ann"], {"active": False})
            session.handover(NUMBER["dan"], NUMBER["m1"])
        asked = waiting(engine, deal)
        assert asked == {("m2", "step", "open"), ("m1", "before", "open"), ("bob", "step", "waiting"), ("cat", "step", "open")}
        for login in ("m1", "bob", "cat", "m2"):
            assert state(engine, deal) == "running"
            answer(engine, login, deal)
        assert state(engine, deal) == "approved"


def test_who_loses_the_role_decides_no_more(database_url: str, tmp_path: Path) -> None:
    """The others of the step are enough while there are enough of them; after that somebody above decides."""
    text = "  pay:\n    of: deal\n    steps: [{财务: by 2 of role fin}]\n"
    with firm(database_url, tmp_path, text) as engine:
        deal = submit(engine)
        with engine.session("ann") as session:
            (task,) = (t.id for a in session.approvals_waiting() for t in a.tasks if t.is_mine)
        with engine.session("adm") as session:
            session.update("user", NUMBER["ann"], {"roles": ["all"]})
            session.update("user", NUMBER["cat"], {"roles": ["fin"]})  # fewer roles, but still this one
        assert waiting(engine, deal) == {("bob", "step", "open"), ("cat", "step", "open")}
        with engine.session("ann") as session, pytest.raises(Refused, match="R353"):
            session.approve(task)
        with engine.session("adm") as session:
            session.update("user", NUMBER["bob"], {"roles": ["leg"]})
        assert waiting(engine, deal) == {("m2", "step", "open"), ("cat", "step", "open")}


def waiting(engine: Engine, deal: int) -> set[tuple[str, str, str]]:
    with engine.reader("adm") as session:
        tasks = session.approvals("deal", deal)[0].tasks
        kind = {t.id: t.kind for t in tasks}
    found = {(t.person.name, "before" if kind[t.id] == "before" else "step", t.state) for t in tasks}
    return {each for each in found if each[2] in ("open", "waiting")}


def test_for_whom_it_waits(database_url: str, tmp_path: Path) -> None:
    """Who stands in for whom, until when, and what happens then; nothing when it is over."""
    text = "  pay:\n    of: deal\n    steps: [{财务: by all of role fin within 8 hours else escalate}]\n"
    with firm(database_url, tmp_path, text) as engine:
        with engine.session("adm") as session:
            now = engine.clock.now()
            session.set_absence(NUMBER["ann"], now, now + timedelta(days=3), NUMBER["dan"])
        deal = submit(engine)
        due = (engine.clock.now() + timedelta(hours=8)).astimezone(engine.app.zone).strftime("%Y-%m-%d %H:%M")
        told = []
        for language in LANGUAGES:
            with engine.reader("adm", language=language) as session:
                told.append(session.approvals("deal", deal)[0].waits)
        assert told == [
            f"步骤“财务”等dan（代ann）、bob、cat审批，到 {due} 为止，逾期转给上级",
            f"The step “财务” waits for dan (for ann), bob, cat, until {due}; it goes to the manager after that",
        ]
        with engine.session("sue") as session:
            session.withdraw(session.approvals("deal", deal)[0].id)
            assert (session.approvals("deal", deal)[0].waits, session.approvals("deal", deal)[0].due_at) == ("", None)
