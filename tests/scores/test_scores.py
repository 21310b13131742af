"""Scores: equal to adding up by hand, live, searchable, explained to whoever may know, and moved by rules for good."""

from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.pipeline import read_app
from dougong.runtime.scores.explaining import ScoreReason, explain_scores
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import hire, opened

APP = """
app: scored
objects:
  visit: {fields: {lead: link lead as visits required, owner: user default me}}
  lead:
    fields:
      name: text required
      source: choice(fair "展会", site) "来源" "Source"
      phone: phone
      amount: money "金额" "Amount"
      owner: user default me
scores:
  heat:
    of: lead
    title: {zh: 热度, en: Heat}
    rules:
      - +20 when source = fair {zh} "展会来源"
      - +30 when count(visits) >= 2 "常来"
      - -15 when phone is blank
      - {points: 8, when: amount > 100 or amount < 0}
    bands: {A: ">= 30", B: 0..30, C: "< 0"}
  plain:
    of: lead
    rules: [+1 when amount > 100, +2 when source = fair]
triggers:
  bought:
    on: lead.amount changed
    when: amount > 1000
    do: [{score: {heat: +10, because: {zh: "买了 {{ amount }}", en: "bought for {{ amount }}"}}}]
  back:
    on: lead.amount changed
    when: amount = 1
    do: [{score: {score: heat, points: "0 - heat_points", because: 退货}}]
roles:
  sales: {may: ["read, create, update lead", "read, create visit where owner = me"]}
  outside: {may: ["read lead(name, heat, heat_band, source, owner) where owner = me"]}
  boss: {admin: true, may: ["read, create, update, delete lead", "read, create visit"]}
""".replace(" {zh}", "")
BANDS = ((30, "A"), (0, "B"), (-99, "C"))


def by_hand(lead: dict[str, Any], visits: int, given: int) -> tuple[int, str, int]:
    amount = lead["amount"]
    heat = 20 * (lead["source"] == "fair") + 30 * (visits >= 2) - 15 * (lead["phone"] is None) + given
    heat += 8 * (amount is not None and not 0 <= amount <= 100)
    plain = (amount is not None and amount > 100) + 2 * (lead["source"] == "fair")
    return heat, next(name for low, name in BANDS if heat >= low), plain


LEADS = st.tuples(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from([None, "fair", "site"]),
            "phone": st.sampled_from([None, "13800000000"]),
            "amount": st.sampled_from([None, -1, 0, 100, 101, 2000]),
        }
    ),
    st.integers(0, 3),
)


def test_scores_are_what_adding_up_gives(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")

        @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(LEADS, min_size=1, max_size=5))
        def agree(leads: list[tuple[dict[str, Any], int]]) -> None:
            wanted = {}
            with engine.session("boss") as session:
                for lead, visits in leads:
                    made = session.create("lead", {"name": "x", **lead, "amount": None})
                    for _ in range(visits):
                        session.create("visit", lead=made.id)
                    session.update("lead", made.id, {"amount": lead["amount"]})
                    wanted[made.id] = by_hand(lead, visits, 10 * ((lead["amount"] or 0) > 1000))
            first = min(wanted)
            with engine.reader("boss") as session:
                found = session.find("lead", where=f"id >= {first}", order="-heat, id", limit=100).records
                assert {r.id: (r.heat, r.heat_band, r.plain) for r in found} == wanted
                assert [r.id for r in found] == sorted(wanted, key=lambda id: (-wanted[id][0], id))
                hot = session.find("lead", where=f"heat_band = A and id >= {first}", limit=100).records
                assert {r.id for r in hot} == {id for id, (_, band, _) in wanted.items() if band == "A"}
                for r in found:
                    told = explain_scores(session, "lead", r.id)
                    assert [(t.total, sum(p.points for p in t.parts)) for t in told] == [(r.heat, r.heat), (r.plain, r.plain)]

        agree()


def test_points_are_given_for_good_and_told_with_their_reason(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            lead = session.create("lead", name="a", amount=1500, phone="13800000000").id
            session.update("lead", lead, {"amount": 3000})
            assert session.get("lead", lead).heat_points == 10  # an amount given from the start is no change
            session.update("lead", lead, {"amount": 50})
            assert (session.get("lead", lead).heat, lines(session, lead)) == (10, ["Heat: 10 (B)", "  +10 bought for 3000"])
            session.update("lead", lead, {"amount": 1})
            assert (session.get("lead", lead).heat, lines(session, lead)[1:]) == (0, ["  +10 bought for 3000", "  -10 退货"])
            told = {name for change in session.history("lead", lead) for name in change.fields}
            assert {"plain", "heat_points"} <= told


def lines(session: Any, lead: int) -> list[str]:
    heat: ScoreReason = explain_scores(session, "lead", lead)[0]
    return [en for _, en in heat.lines()]


def test_whoever_may_not_read_what_a_rule_asks_hears_of_one_sum(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        hire(engine, "sam", "sales")
        hire(engine, "out", "outside")
        with engine.session("boss") as session:
            lead = session.create("lead", name="a", source="fair", amount=200, owner=3).id
            for _ in range(2):
                session.create("visit", lead=lead)
            clauses = ["app.yaml:17", "app.yaml:18", "app.yaml:19", "app.yaml:20"]
            assert [p.clause for p in explain_scores(session, "lead", lead)[0].parts] == clauses
        assert told(engine, "boss", lead) == [(20, "展会来源"), (30, "常来"), (-15, "phone为空"), (8, "金额大于100 或者 金额小于0")]
        assert told(engine, "sam", lead) == [(20, "展会来源"), (-15, "phone为空"), (8, "金额大于100 或者 金额小于0"), (30, "其他规则")]
        assert told(engine, "out", lead) == [(20, "展会来源"), (23, "其他规则")]


def told(engine: Engine, login: str, lead: int) -> list[tuple[int, str]]:
    with engine.reader(login) as session:
        return [(p.points, p.why[0]) for p in explain_scores(session, "lead", lead)[0].parts]


def test_another_release_counts_anew(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            lead = session.create("lead", name="a", source="fair", amount=200).id
            assert session.get("lead", lead).plain == 3
        changed = tmp_path / "changed"
        changed.mkdir()
        text = APP.replace("  plain:\n    of: lead\n", "  simple:\n    of: lead\n    was: plain\n").replace(
            "+2 when source", "+5 when source"
        )
        (changed / "app.yaml").write_text(text, encoding="utf-8")
        engine.apply(changed, "test")
        with engine.reader("boss") as session:
            assert session.get("lead", lead).simple == 6


@pytest.mark.parametrize(
    ("wrong", "code", "line"),
    [
        ("+20 when souce = fair", "T320", 17),
        ("+20 when heat > 3", "T215", None),
        ("+20 when amount", "T330", 17),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_at_its_place(wrong: str, code: str, line: int | None) -> None:
    text = APP.replace('+20 when source = fair "展会来源"', wrong)
    found = [d for d in read_app({"app.yaml": text}).diagnostics if d.severity == "error"]
    assert [d.code.code for d in found][:1] == [code] and (line is None or found[0].place.line == line)


def test_a_score_is_one_of_the_records_object() -> None:
    text = APP.replace("{heat: +10,", "{heet: +10,")
    found = read_app({"app.yaml": text}).diagnostics
    assert [(d.code.code, d.message("en")) for d in found if d.severity == "error"] == [
        ("T204", "`score` cannot be `heet`; expected a score of `lead`")
    ]
