"""The write gate, step by step: what each one does beside refusing (the matrix is in `test_matrix`)."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from dougong.refusals import Refused

from tests.runtime.apps import NOON, THINGS, codes, hire, opened


def test_a_new_record_has_defaults_formulas_numbers_and_facts(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        me = hire(engine, "clerk", "clerk")
        with engine.session("clerk") as session:
            thing = session.create("thing", {"name": " x ", "amount": "1,000.01", "due": "2026-03-11"})
            assert dict(thing) == dict(session.get("thing", thing.id)) == {
                "id": 1, "version": 1, "code": "T2026-001", "name": "x", "amount": Decimal("1000.01"), "half": Decimal("500.01"),
                "kind": None, "reason": None, "partner": None, "level": None, "due": dt.date(2026, 3, 11), "days_left": 10, "owner": me,
                "note": None, "stage": "open", "stage_since": NOON, "created_at": NOON, "created_by": me, "updated_at": NOON, "updated_by": me,
            }  # fmt: skip
            assert [w.message("zh") for w in thing.warnings] == ["金额很大"]


def test_messages_name_the_clause_in_both_languages(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.session("clerk") as session, pytest.raises(Refused) as refused:
            session.create("thing", kind="b", amount=-1)
        said = {r.field: (r.message("zh"), r.message("en"), r.clause) for r in refused.value.refusals}
        line = {
            name: THINGS[: THINGS.index(text)].count("\n") + 1 for name, text in (("check", "{rule: amount >="), ("reason", "reason: {"))
        }
        assert said["amount"] == ("金额 -1 不能为负", "金额 -1 不能为负", f"app.yaml:{line['check']}")
        assert said["reason"] == ("请填写原因", "原因 is required", f"app.yaml:{line['reason']}")
        assert said["name"][:2] == ("请填写名称", "名称 is required")


def test_a_field_that_is_not_shown_is_not_asked_for_and_keeps_its_value(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.session("clerk") as session:
            thing = session.create("thing", name="x", kind="b", reason="r")
            thing = session.update(thing, kind="a")
            assert thing.reason == "r"
            assert session.update(thing, reason=None).reason is None
            with pytest.raises(Refused, match="R201 reason"):
                session.update("thing", thing.id, {"kind": "b"})


def test_a_write_that_changes_nothing_leaves_no_trace(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.session("clerk") as session:
            thing = session.create("thing", name="x", amount=5)
            same = session.update(thing, name="x ", amount="5.00")
            assert same.version == 1 and len(session.history("thing", thing.id)) == 1


def test_a_move_answers_for_its_stages_its_condition_its_role_and_what_it_asks(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        hire(engine, "boss", "boss")
        with engine.session("clerk") as session:
            thing = session.create("thing", name="x", amount=800, due="2026-04-01")
            for to, expected in (
                ("done", {("R302", "stage")}),
                ("dropped", {("R303", "stage")}),
                ("nowhere", {("R301", "stage")}),
            ):
                with pytest.raises(Refused) as refused:
                    session.move(thing, to)
                assert codes(refused.value) == expected, to
            thing = session.move(thing, "进行")  # a stage goes by its title too
            with pytest.raises(Refused) as refused:
                session.move(thing, "done", due=None)
            assert codes(refused.value) == {("R304", "stage"), ("R305", "level"), ("R306", "due")}
            with pytest.raises(Refused) as refused:
                session.move(thing, "open", level=3)
            assert codes(refused.value) == {("R307", "note")}
            with pytest.raises(Refused) as refused:
                session.create("thing", name="y", stage="done")
            assert codes(refused.value) == {("R308", "stage"), ("R306", "due")}
            assert [(m.target, m.allowed, m.asks, [r.code.code for r in m.refusals]) for m in session.moves(thing)] == [
                ("done", False, ("level",), ["R304"]),
                ("open", True, ("note", "level"), []),
            ]
            done = session.move(thing, "done", level=1, amount=500)
            assert (done.stage, done.amount, done.level) == ("done", Decimal(500), 1)
        with engine.session("boss") as session:
            assert session.create("thing", name="z", stage="doing").stage == "doing"


def test_deleting_names_what_still_points_there_as_far_as_one_may_see(database_url: str, tmp_path: Path) -> None:
    blind = THINGS + ""
    blind = blind.replace("      - read, create poke\n", "      - read, create poke\n  keeper:\n    may:\n      - read, delete partner\n")
    with opened(blind, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        hire(engine, "keeper", "keeper")
        hire(engine, "clerk", "clerk")
        with engine.session("boss") as session:
            partner = session.create("partner", name="p")
            things = [session.create("thing", name=f"t{i}", partner=partner.id) for i in range(2)]
            with pytest.raises(Refused) as refused:
                session.delete(partner)
            assert [r.message("en") for r in refused.value.refusals] == ["It cannot be deleted: 2 × Thing still point to it"]
        with engine.session("keeper") as session:
            with pytest.raises(Refused) as refused:
                session.delete("partner", partner.id)
            assert codes(refused.value) == {("R206", None)}
        with engine.session("clerk") as session, pytest.raises(Refused, match="R401"):
            session.delete("thing", things[0].id)
        with engine.session("boss") as session:
            for thing in things:
                session.delete(thing)
            session.delete(partner)
            with pytest.raises(Refused, match="R404"):
                session.get("partner", partner.id)


def test_what_is_not_visible_is_not_there_and_what_is_not_yours_is_refused(database_url: str, tmp_path: Path) -> None:
    text = THINGS.replace("      - create poke\n", "      - create poke\n      - read thing where level = 1\n")
    with opened(text, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.system_session("test") as session:
            unseen, seen = session.create("thing", name="unseen"), session.create("thing", name="seen", level=1)
        with engine.session("clerk") as session:
            answers = []
            for record_id in (unseen.id, 999):
                for attempt in (lambda i: session.get("thing", i), lambda i: session.update("thing", i, {"note": "x"}),
                                lambda i: session.move("thing", i, "doing"), lambda i: session.history("thing", i)):  # fmt: skip
                    with pytest.raises(Refused) as refused:
                        attempt(record_id)
                    answers.append(str(refused.value))
            assert set(answers) == {"R404 : There is no such Thing, or you may not see it"}
            for change, expected in (({"note": "x"}, {("R405", None), ("R406", None)}), ({"owner": 1}, {("R405", None)})):
                with pytest.raises(Refused) as refused:
                    session.update("thing", seen.id, change)
                assert codes(refused.value) == expected
            assert set(session.titles("thing", [unseen.id, seen.id, 999])) == {seen.id}


def test_sessions_of_strangers_and_readers(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        clerk = hire(engine, "clerk", "clerk")
        for user in ("nobody", 999, None):
            with pytest.raises(Refused, match="R408"), engine.session(user):
                pass
        with engine.system_session("test") as session:
            session.update("user", clerk, {"active": False})
        with pytest.raises(Refused, match="R408"), engine.session("clerk"):
            pass
        with engine.system_session("test") as session:
            session.update("user", clerk, {"active": True})
        with engine.reader("clerk") as session, pytest.raises(Refused, match="R504"):
            session.create("thing", name="x")


def test_a_batch_judges_each_row_alone(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            partner = session.create("partner", name="p").id
            rows = [{"name": f"row {i}", "kind": "a", "partner": partner if i % 2 else 999, "stage": "进行"} for i in range(1100)]
            rows[3]["name"] = "row 1"
            rows[5]["amount"] = "viel"
            found = session.create_many("thing", rows)
            refused = {i: codes(r) for i, r in enumerate(found) if isinstance(r, Refused)}
            assert refused == {
                **{i: {("R204", "partner")} for i in range(0, 1100, 2)},
                3: {("R203", "name")},
                5: {("R110", "amount")},
            }
            assert session.count("thing") == 548
            first, second = found[1], found[7]
            assert not isinstance(first, Refused) and not isinstance(second, Refused)
            assert [r.code for r in session.find("thing", order="id", limit=2).records] == [first.code, second.code]
            assert session.history("thing", first.id)[0].stage == (None, "doing")


def test_a_preview_shows_what_a_form_would_become(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.reader("clerk") as session:
            seen = session.preview("thing", {"amount": "7", "kind": "b"})
            assert (seen.values["half"], seen.values["owner"], seen.values["code"]) == (Decimal("3.50"), 1, None)
            assert "secret" not in seen.values
            assert {"name", "reason"} == seen.required and "reason" in seen.shown
            assert {(r.code.code, r.field) for r in seen.refusals} == {("R201", "name"), ("R201", "reason")}
            assert "reason" not in session.preview("thing", {"kind": "a"}).shown
