"""Every kind of action, what follows it, what becomes of a refusal; the log, the reasons, the rehearsal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.gate import triggers

from tests.runtime.apps import codes, hire, opened

APP = """
app: shop
objects:
  customer:
    fields:
      name: text required
      spent: money
      labels: choice(vip, risk, new) many
      owner: user default me
  deal:
    fields:
      name: text required
      amount: money
      level: integer
      note: text
      customer: link customer as deals
      twin: link deal as twins
      owner: user default me
      labels: choice(big, late) many
    checks:
      - {rule: "level < 100", message: level}
  log_line:
    fields: {name: text, deal: link deal as lines}
pipelines:
  flow:
    of: deal
    stages:
      ask: {start: true}
      quote: {to_enter: {fields: [amount]}}
      won: {kind: won}
    moves: [ask -> quote, quote -> won when amount < 500, quote -> ask "back"]
roles:
  clerk:
    may: ["read, create, update, move deal(name, amount, customer, owner)", "read, create, update customer", read log_line]
  boss: {admin: true, may: ["read, create, update, delete, move, import deal", "read, create, update customer", read log_line]}
"""


def app(triggers: str) -> str:
    return APP + "triggers:\n" + triggers


def outcomes(engine: Engine, trigger: str) -> list[list[str]]:
    """The outcomes of the actions of each firing, oldest first."""
    with engine.system_session("test", write=False) as session:
        return [[d["outcome"] for d in e.did] for e in reversed(session.trigger_log(trigger=trigger).entries)]


def test_update_reaches_records_over_links_and_lists(database_url: str, tmp_path: Path) -> None:
    text = app("""
  up:
    on: deal.amount changed
    do:
      - update: {of: customer, set: {spent: deal.amount}}
      - update: {of: customer.deals, where: amount > deal.amount and id <> deal.id, set: {note: "'above ' & deal.name"}}
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            customer = session.create("customer", name="c")
            deals = [session.create("deal", name=f"d{i}", customer=customer.id, amount=i) for i in (1, 2, 3)]
            session.update("deal", deals[0].id, {"amount": "2.5"})
            notes = [session.get("deal", d.id).note for d in deals]
            assert (str(session.get("customer", customer.id).spent), notes) == ("2.50", [None, None, "above d1"])
            newest = session.history("deal", deals[2].id)[0]
            assert (newest.cause, newest.cause_id) == ("trigger", "up")
            alone = session.create("deal", name="alone", amount=1)
            session.update("deal", alone.id, {"amount": 9})
        assert outcomes(engine, "up") == [["done", "done"], ["nothing", "nothing"]]


def test_then_sees_what_was_created(database_url: str, tmp_path: Path) -> None:
    text = app("""
  copy:
    on: deal entered quote
    do:
      - create: {of: deal, set: {name: "'copy of ' & name", amount: amount}}
        then:
          - {set: {twin: created, note: "'copied as ' & created.name"}}
          - create: {of: log_line, set: {name: "created.name & '/' & deal.name", deal: created}}
            when: created.amount > 5
            then: [{set: {level: created.id}}]
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            first = session.create("deal", name="a", amount=10)
            session.move("deal", first.id, "quote")
            first = session.get("deal", first.id)
            line = session.find("log_line").records[0]
            assert (first.note, line.name, line.deal, first.level) == ("copied as copy of a", "copy of a/a", first.twin, line.id)
            small = session.create("deal", name="b", amount=1)
            session.move("deal", small.id, "quote")
            assert session.get("deal", small.id).level is None


def test_a_refused_move_is_noted_and_the_write_goes_on_unless_it_must(database_url: str, tmp_path: Path) -> None:
    text = app("""
  win:
    on: deal.note changed
    do:
      - move: won
        then: [{set: {level: 1}}]
      - {set: {labels: "null"}, when: false}
  must:
    on: deal.level changed to 7
    do:
      - {move: won, must: true}
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            deal = session.create("deal", name="a", amount=1000)
            session.update("deal", deal.id, {"note": "x"})  # no move leads from ask to won
            session.move("deal", deal.id, "quote")
            session.update("deal", deal.id, {"note": "y"})  # the condition of the move
            session.update("deal", deal.id, {"amount": 5, "note": "z"})
            deal = session.get("deal", deal.id)
            assert (deal.stage, deal.level) == ("won", 1)
            entries = list(reversed(session.trigger_log("deal", deal.id, "win").entries))
        assert [[d["outcome"] for d in e.did] for e in entries] == [
            ["refused", "skipped"],
            ["refused", "skipped"],
            ["done", "done", "skipped"],
        ]
        assert [e.did[0]["refusals"][0]["code"] for e in entries[:2]] == ["R302", "R304"]
        with pytest.raises(Refused) as refused, engine.session("boss") as session:
            other = session.create("deal", name="b", amount=1)
            session.update("deal", other.id, {"level": 7})
        assert codes(refused.value) == {("R302", "stage")}


def test_as_actor_needs_the_persons_rights(database_url: str, tmp_path: Path) -> None:
    text = app("""
  system:
    on: deal created
    do: [{set: {level: 1}}]
  person:
    as: actor
    on: deal.amount changed
    do:
      - {set: {level: 2}, must: false}
      - {set: {note: "'x'"}, as: system}
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.session("clerk") as session:
            deal = session.create("deal", name="a")
            session.update("deal", deal.id, {"amount": 1})
        with engine.system_session("test", write=False) as session:
            deal = session.get("deal", deal.id)
            assert (deal.level, deal.note) == (1, "x")
            did = session.trigger_log(trigger="person").entries[0].did
        assert [(d["outcome"], d.get("as")) for d in did] == [("refused", "actor"), ("done", None)]


def test_tags_are_added_and_taken_once(database_url: str, tmp_path: Path) -> None:
    text = app("""
  mark:
    on: deal.amount changed
    do:
      - tag: {add: [big], remove: late}
  mark_customer:
    on: customer.spent changed
    do:
      - tag: {field: labels, add: [vip, new], remove: [risk]}
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            deal = session.create("deal", name="a", labels=["late"])
            assert session.update("deal", deal.id, {"amount": 1}).labels == ("big",)
            version = session.update("deal", deal.id, {"amount": 2}).version
            assert version == 4  # created, amount, tagged, amount
            customer = session.create("customer", name="c", labels=["risk", "new"])
            assert session.update("customer", customer.id, {"spent": 1}).labels == ("vip", "new")


def test_stages_do_things_before_the_triggers(database_url: str, tmp_path: Path) -> None:
    text = (
        (APP + "triggers:\n  last:\n    on: deal entered quote\n    do: [{set: {note: note & 'c'}}]\n")
        .replace("ask: {start: true}", "ask: {start: true, on_enter: [{set: {level: 1}}], on_leave: [{set: {note: \"'a'\"}}]}")
        .replace("quote: {to_enter", "quote: {on_enter: [{set: {note: \"note & 'b'\"}}], to_enter")
    )
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            deal = session.create("deal", name="x", amount=1)
            assert deal.level == 1
            assert session.move("deal", deal.id, "quote").note == "abc"
            fired = [e.trigger for e in reversed(session.trigger_log("deal", deal.id).entries)]
        assert fired == ["stage:ask:enter", "stage:ask:leave", "stage:quote:enter", "last"]


def test_a_proposal_waits_for_a_yes(database_url: str, tmp_path: Path) -> None:
    text = app("""
  propose:
    on: deal.amount changed
    do:
      - propose_move: {to: quote, for: [owner, role boss], text: {zh: "{{ amount }} 可以报价", en: "quote {{ amount }}"}, automatic: amount > 900}
""")
    with opened(text, database_url, tmp_path) as engine:
        for login in ("ann", "boss"):
            hire(engine, login, "clerk" if login == "ann" else "boss")
        with engine.session("ann") as session:
            deal = session.create("deal", name="a")
            session.update("deal", deal.id, {"amount": 5})
            session.update("deal", deal.id, {"amount": 6})  # asked already
        with engine.reader("boss", language="en") as session:
            assert [(p.record_id, p.to_stage, p.text) for p in session.proposals()] == [(deal.id, "quote", "quote 5")]
        with engine.session("ann") as session:
            (mine,) = session.proposals()
            assert mine.text == "5 可以报价"
            assert session.accept_proposal(mine.id).stage == "quote"
            with pytest.raises(Refused) as refused:
                session.accept_proposal(mine.id)
            assert codes(refused.value) == {("R432", None)}
            assert session.history("deal", deal.id)[0].cause == "proposal"
        with engine.session("boss") as session:
            assert session.proposals() == []  # one answer settles it
            other = session.create("deal", name="b")
            session.update("deal", other.id, {"amount": 7})
            session.decline_proposal(session.proposals()[0].id)
            assert session.proposals() == []
            assert session.update("deal", other.id, {"amount": 901}).stage == "quote"


def test_a_proposal_ends_when_its_record_moves_or_goes(database_url: str, tmp_path: Path) -> None:
    """By hand, to wherever: nobody has anything to answer or to read any more, also when the record comes back; a refused yes leaves it open."""
    text = app("""
  propose:
    on: deal.amount changed
    do: [{propose_move: {to: quote, for: [owner, role boss]}}]
""")
    with opened(text, database_url, tmp_path) as engine:
        for login in ("ann", "boss"):
            hire(engine, login, "clerk" if login == "ann" else "boss")
        with engine.session("boss") as session:
            deals = [session.create("deal", name=name, amount=1).id for name in "abc"]
            for deal in deals:
                session.update("deal", deal, {"amount": 5})
            assert [m.record_id for m in session.messages(unread=True)] == deals[::-1]
            with pytest.raises(Refused):
                session.accept_proposal(session.proposals()[0].id, {"nonsense": 1})
            assert len(session.proposals()) == 3
            session.move("deal", deals[0], "quote")
            session.delete("deal", deals[1])
            assert [m.record_id for m in session.messages(unread=True)] == [deals[2]]
            session.accept_proposal(session.proposals()[0].id)
            assert (session.proposals(), session.messages(unread=True)) == ([], [])
        with engine.database.read() as connection:
            told = connection.all("SELECT DISTINCT record_id, outcome FROM dg_proposal ORDER BY record_id")
        assert told == [(deals[0], "moved"), (deals[1], "deleted"), (deals[2], "accepted")]


def test_an_import_fires_once_each_in_batches(database_url: str, tmp_path: Path) -> None:
    text = app("""
  first:
    on: deal created
    when: amount <> 13
    do:
      - set: {level: amount * 2}
      - todo: {for: owner, text: "{{ name }}/{{ level }}"}
  second:
    on: deal.level changed to 8
    do: [{set: {note: "'eight'"}}]
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            rows: list[Mapping[str, Any]] = [{"name": f"d{i}", "amount": i} for i in range(60)]
            made = session.create_many("deal", rows)
            bad = {i for i, r in enumerate(made) if isinstance(r, Refused)}
            assert bad == set(range(50, 60))  # level 100 and more is refused by a check, and only those rows
            records = {r.name: r for r in session.find("deal", limit=1000).records}
            assert [records[f"d{i}"].level for i in range(50)] == [None if i == 13 else 2 * i for i in range(50)]
            assert (records["d4"].note, records["d5"].note) == ("eight", None)
            entries = session.trigger_log(trigger="first", limit=1000).entries
            assert sorted(e.record_id or 0 for e in entries) == sorted(r.id for n, r in records.items() if n != "d13")
            assert len(session.trigger_log(trigger="second").entries) == 1
        with engine.reader("boss") as session:
            assert {t.text for t in session.todos()} == {f"d{i}/{2 * i}" for i in range(50) if i != 13}


def test_the_log_is_for_administrators_and_leads_on(database_url: str, tmp_path: Path) -> None:
    text = app("""
  one:
    on: deal created
    when: amount > 1 and customer.name is blank
    do: [{create: {of: log_line, set: {name: name, deal: deal}}}]
  two:
    on: log_line created
    do: [{set: {name: "name & '!'"}}]
""")
    with opened(text, database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        hire(engine, "clerk", "clerk")
        with engine.session("boss") as session:
            for i in range(5):
                session.create("deal", name=f"d{i}", amount=i)
        with engine.reader("boss") as session:
            page = session.trigger_log(limit=4)
            rest = session.trigger_log(limit=4, cursor=page.next_cursor)
            assert (len(page.entries), len(rest.entries), rest.next_cursor) == (4, 2, None)
            inner, outer = (next(e for e in page.entries if e.trigger == t) for t in ("two", "one"))
            assert (outer.seen, outer.actor.id, outer.event) == (
                {"amount": "4.00", "customer": None, "customer.name": None},
                boss,
                "deal created",
            )
            assert (inner.chain, inner.cause, inner.cause_id) == ([("one", outer.record_id)], "trigger", "one")
            assert outer.did[0]["created"] == ["log_line", inner.record_id]
            for wrong in ({"limit": 0}, {"cursor": "x"}):
                with pytest.raises(Refused):
                    session.trigger_log(**wrong)
        with engine.session("clerk") as session:
            for ask in (session.trigger_log, lambda: session.explain_trigger("one", "deal", 1), lambda: session.dry_run("one", "deal", 1)):
                with pytest.raises(Refused) as refused:
                    ask()
                assert codes(refused.value) == {("R430", None)}


def test_why_it_did_not_fire(database_url: str, tmp_path: Path) -> None:
    text = app("""
  big:
    on: [deal.amount changed, deal entered won]
    when: amount > old.amount and customer.name = "x"
    do:
      - {set: {note: "'big'"}}
  exact:
    on: deal.level changed from 1 to 2
    do: [{set: {note: "'exact'"}}]
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            x = session.create("customer", name="x")
            deal = session.create("deal", name="a", amount=5, level=1)
            before = session.explain_trigger("big", "deal", deal.id)
            assert (before.has_fired, before.verdict[1]) == (False, "It has not fired: what it waits for has not happened")
            assert [s.holds for s in before.steps] == [False, False, False]
            assert "the record is in “ask”; it counts when it moves to “won”" in before.steps[1].said[1]
            session.update("deal", deal.id, {"amount": 7})
            session.update("deal", deal.id, {"customer": x.id})
            # today the customer is there; when the amount changed it was not
            then = session.explain_trigger("big", "deal", deal.id)
            assert then.verdict == ("没有触发：事情发生了，但条件不成立", "It has not fired: it happened, but the condition did not hold")
            (condition,) = (s for s in then.steps if s.about == "condition")
            assert "customer.name" in condition.said[1] or "x" in condition.said[1]
            session.update("deal", deal.id, {"amount": 9})
            fired = session.explain_trigger("big", "deal", deal.id)
            assert fired.has_fired and [s.holds for s in fired.steps] == [True, False, True, True, True]
            session.update("deal", deal.id, {"level": 3})
            near = session.explain_trigger("exact", "deal", deal.id)
            assert "the last change was from 1 to 3" in near.lines("en")[1]
            for trigger, code in (("none", "R431"), ("exact", "R404")):
                with pytest.raises(Refused) as refused:
                    session.explain_trigger(trigger, "deal", deal.id if code == "R431" else 999)
                assert codes(refused.value) == {(code, None)}


def test_a_dry_run_tells_everything_and_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    text = app("""
  chain:
    on: deal created
    when: level is blank or level < 90
    do:
      - set: {level: amount}
      - create: {of: log_line, set: {name: name}}
      - todo: {for: owner, text: "call {{ name }}"}
  line:
    on: log_line created
    do: [{set: {name: "name & '!'"}}]
""")
    with opened(text, database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            deal = session.create("deal", name="a", amount=8)
            session.update("deal", deal.id, {"amount": 9})
            kept = [
                len(session.trigger_log().entries),
                session.count("log_line"),
                len(session.todos()),
                len(session.history("deal", deal.id)),
            ]
            found = session.dry_run("chain", "deal", deal.id)
            assert [f.trigger for f in found.firings] == ["chain", "line"]
            did = found.firings[0].did
            assert did[0]["fields"] == {"level": (8, 9)}
            assert (did[2]["todos"], did[2]["text"]) == ([boss], ["call a", "call a"])
            session.update("deal", deal.id, {"amount": 100})
            refused = session.dry_run("chain", "deal", deal.id)
            assert [r.code.code for r in refused.refusals] == ["R202"]
            session.update("deal", deal.id, {"level": 95})
            quiet = session.dry_run("chain", "deal", deal.id)
            assert quiet.firings == () and quiet.why_not is not None
            now = [
                len(session.trigger_log().entries),
                session.count("log_line"),
                len(session.todos()),
                len(session.history("deal", deal.id)) - 2,
            ]
        assert now == kept
        with engine.reader("boss") as session, pytest.raises(Refused):
            session.dry_run("chain", "deal", deal.id)


def test_what_nobody_hears_refused_stands_in_the_log(database_url: str, tmp_path: Path) -> None:
    text = app("""
  late:
    on: deal.note changed
    do:
      - create: {of: log_line, set: {name: name}}
      - {set: {level: 100}}
""")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.system_session("test") as session:
            deal = session.create("deal", name="a")
            unit = session.unit
            (rule,) = unit.compiled.rules("deal").trigger_rules
            row = unit.row("deal", deal.id)
            assert row is not None
            firing = triggers.attempt(unit, rule, row, event="deal late", values={"due_at": "today"})
            assert firing is not None
            session.update("deal", deal.id, {"level": 1})  # the transaction goes on
        with engine.reader("boss") as session:
            (entry,) = session.trigger_log().entries
            assert (entry.event, entry.seen, [r["code"] for r in entry.refused or ()]) == ("deal late", {"due_at": "today"}, ["R202"])
            assert session.count("log_line") == 0
            explained = session.explain_trigger("late", "deal", deal.id)
            assert any(s.about == "firing" and s.holds is False for s in explained.steps)
