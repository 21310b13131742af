"""Pools: claiming, quotas, giving back, what is shown; what time takes back; and a comparison with a plain simulation."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from dougong.engine import Engine
from dougong.flow.sweep import sweep
from dougong.refusals import Refused
from dougong.runtime.clock import SettableClock

from tests.runtime.apps import NOON, hire, opened

APP = """
app: sea
objects:
  user: {fields: {city: text}}
  lead:
    fields:
      name: text
      phone: phone masked
      secret: text
      city: text
      vip: boolean
      owner: user
  visit: {fields: {lead: link lead as visits}}
pipelines:
  flow: {of: lead, stages: {new: {start: true}, won: {kind: won}}, moves: [new -> won]}
pools:
  hq:
    of: lead
    title: 总部公海
    by: [sales]
    where: city = me.city
    shows: [name, phone]
    open: 3
    per_day: 2
    views_per_day: 4
    again: 5 days
    recycle: lead without visit for 14 days
    unless: vip
    warn: 3 days
    rest: 20 days
triggers:
  lose: {on: lead.name changed to "lost", do: [{recycle: hq}]}
roles:
  sales: {may: [read lead where owner = me, "update, move lead(name) where owner = me"]}
"""


@contextmanager
def sea(url: str, folder: Path, text: str = APP) -> Iterator[Engine]:
    with opened(text, url, folder) as engine:
        yield engine


def pooled(engine: Engine, count: int, **values: object) -> list[int]:
    """Records in the pool."""
    with engine.system_session("test") as session:
        ids = [session.create("lead", **{"name": f"l{n}", "phone": "13812345678", "city": "nb", **values}).id for n in range(count)]
        for record_id in ids:
            session.update("lead", record_id, {"name": "lost"})
        return ids


def clock_of(engine: Engine) -> SettableClock:
    assert isinstance(engine.clock, SettableClock)
    return engine.clock


def refusal(engine: Engine, login: str, record_id: int) -> str | None:
    """Claim; what it is refused with."""
    try:
        with engine.session(login) as session:
            session.claim("lead", record_id)
    except Refused as refused:
        return refused.refusals[0].code.code
    return None


def state(engine: Engine, record_id: int) -> tuple[int | None, str | None]:
    with engine.system_session("test", write=False) as session:
        row = session.get("lead", record_id)
        return row.owner, row.pool


def test_a_claim_takes_a_record_out_and_quotas_are_counted_by_the_day(database_url: str, tmp_path: Path) -> None:
    with sea(database_url, tmp_path) as engine:
        li = hire(engine, "li", "sales", city="nb")
        hire(engine, "far", "sales", city="sh"), hire(engine, "other", city="nb")
        ids = pooled(engine, 5)
        assert state(engine, ids[0]) == (None, "hq")
        assert (refusal(engine, "other", ids[0]), refusal(engine, "far", ids[0])) == (
            "R404",
            "R404",
        )  # nothing is told of what they may not see
        assert [refusal(engine, "li", i) for i in ids[:3]] == [None, None, "R375"]
        assert state(engine, ids[0]) == (li, None)
        assert refusal(engine, "li", ids[0]) == "R372"
        clock_of(engine).set(NOON + timedelta(hours=12))  # past midnight in Shanghai
        assert [refusal(engine, "li", i) for i in ids[2:4]] == [None, "R374"]
        with engine.session("li") as session, pytest.raises(Refused, match="R379"):
            session.release("lead", ids[0], " ")
        with engine.session("li") as session:
            session.release("lead", ids[0], "打不通")
        assert (state(engine, ids[0]), refusal(engine, "li", ids[0])) == ((None, "hq"), "R376")
        clock_of(engine).set(NOON + timedelta(days=6))
        assert refusal(engine, "li", ids[0]) is None


def test_what_a_pool_shows_is_all_that_is_seen_and_looks_are_counted(database_url: str, tmp_path: Path) -> None:
    with sea(database_url, tmp_path) as engine:
        hire(engine, "li", "sales", city="nb"), hire(engine, "boss", city="nb")
        ids = pooled(engine, 6)
        pooled(engine, 2, city="sh")
        with engine.session("li") as session:
            page = session.pool("hq", limit=3)
            assert [r.id for r in page.records] == ids[:3] and page.views_left == 1
            assert dict(page.records[0].values) == {"name": "lost", "phone": "138****5678"}
            with pytest.raises(Refused, match="R404"):
                session.get("lead", ids[0])
        with engine.session("li") as session:
            rest = session.pool("hq", after=page.cursor or 0)
            assert ([r.id for r in rest.records], rest.views_left) == ([ids[3]], 0)
            assert [r.id for r in session.pool("hq").records] == ids[:4]  # what was seen today may be seen again
        with engine.session("boss") as session, pytest.raises(Refused, match="R371"):
            session.pool("hq")
        with engine.session("li") as session, pytest.raises(Refused, match="R370"):
            session.pool("sea")


def test_of_two_who_claim_at_once_one_gets_it(database_url: str, tmp_path: Path) -> None:
    with sea(database_url, tmp_path) as engine:
        people = {hire(engine, f"p{n}", "sales", city="nb"): f"p{n}" for n in range(4)}
        (record,) = pooled(engine, 1)
        start, said = Barrier(4), dict.fromkeys(people.values(), "?")

        def run(login: str) -> None:
            start.wait()
            said[login] = refusal(engine, login, record) or "got it"

        threads = [Thread(target=run, args=(login,)) for login in people.values()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        owner, pool = state(engine, record)
        assert (sorted(said.values()), pool) == (["R404"] * 3 + ["got it"], None)
        assert owner is not None and said[people[owner]] == "got it"


def test_time_takes_back_what_nobody_visits_and_warns_before(database_url: str, tmp_path: Path) -> None:
    with sea(database_url, tmp_path) as engine:
        li = hire(engine, "li", "sales", city="nb")
        clock = clock_of(engine)
        with engine.system_session("test") as session:
            plain, vip, seen = (session.create("lead", name=n, owner=li, vip=n == "vip").id for n in ("plain", "vip", "seen"))

        def after(days: float) -> list[tuple[int | None, str | None]]:
            clock.set(NOON + timedelta(days=days))
            while sweep(engine):
                pass
            return [state(engine, i) for i in (plain, vip, seen)]

        mine, gone = (li, None), (None, "hq")
        assert after(10.9) == [mine] * 3
        assert after(11) == [mine] * 3
        with engine.session("li") as session:
            assert [(m.record_id, "总部公海" in m.text) for m in session.messages()] == [(seen, True), (plain, True)]
        with engine.system_session("test") as session:
            session.create("visit", lead=seen)
        assert after(14) == [gone, mine, mine]
        assert after(24) == [gone, mine, mine]
        assert after(25) == [gone, mine, gone]
        with engine.system_session("test") as session:
            session.update("lead", plain, {"owner": li})  # came into the pool on day 14, rests for 20 days
        assert after(25 + 14) == [gone, mine, gone]
        with engine.system_session("test") as session:
            session.update("lead", plain, {"owner": li})
        assert after(39 + 14) == [mine, mine, gone]
        assert after(39 + 20) == [gone, mine, gone]


def test_what_somebody_had_who_leaves_goes_to_the_pool(database_url: str, tmp_path: Path) -> None:
    with sea(database_url, tmp_path) as engine:
        li, wu = hire(engine, "li", "sales", city="nb"), hire(engine, "wu", "sales", city="nb")
        with engine.system_session("test") as session:
            opened_, won = (session.create("lead", name=n, city="nb", owner=li).id for n in ("open", "won"))
            session.move("lead", won, "won")
            report = session.handover(li, wu, pools=True)
        assert [(p.what, p.id, p.pool) for p in report.pooled] == [("lead", opened_, "hq")]
        assert (state(engine, opened_), state(engine, won)) == ((None, "hq"), (li, None))
        assert refusal(engine, "wu", opened_) is None


@dataclass
class Sea:
    """What pools promise, played without a database."""

    owner: dict[int, str | None]
    claims: list[tuple[str, date]] = field(default_factory=list)
    lost: dict[tuple[str, int], datetime] = field(default_factory=dict)

    def claim(self, who: str, record: int, now: datetime) -> str | None:
        day = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
        if self.owner[record] == who:
            return "R372"
        if self.owner[record] is not None:
            return "R404"
        if sum(o == who for o in self.owner.values()) >= 3:
            return "R374"
        if self.claims.count((who, day)) >= 2:
            return "R375"
        at = self.lost.get((who, record))
        if at is not None and at + timedelta(days=5) > now:
            return "R376"
        self.owner[record] = who
        self.claims.append((who, day))
        return None

    def release(self, who: str, record: int, now: datetime) -> str | None:
        if self.owner[record] != who:
            return "R404"
        self.owner[record] = None
        self.lost[(who, record)] = now
        return None


@pytest.mark.parametrize("seed", [1, 2])
def test_it_does_what_the_simulation_does(database_url: str, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    with sea(database_url, tmp_path) as engine:
        logins = {hire(engine, f"p{n}", "sales", city="nb"): f"p{n}" for n in range(2)}
        ids, now = pooled(engine, 5), NOON
        sea_ = Sea(dict.fromkeys(ids))
        for _ in range(120):
            now += timedelta(hours=dice.choice((0, 0, 1, 5, 30)))
            clock_of(engine).set(now)
            who, record = dice.choice(list(logins.values())), dice.choice(ids)
            if dice.random() < 0.6:
                assert refusal(engine, who, record) == sea_.claim(who, record, now)
            else:
                try:
                    with engine.session(who) as session:
                        session.release("lead", record, "x")
                    said = None
                except Refused as refused:
                    said = refused.refusals[0].code.code
                assert said == sea_.release(who, record, now)
        with engine.system_session("test", write=False) as session:
            owners = {i: session.get("lead", i).owner for i in ids}
        assert {i: None if o is None else logins[o] for i, o in owners.items()} == sea_.owner


def test_what_cannot_go_back_while_it_is_locked_goes_later(database_url: str, tmp_path: Path) -> None:
    approvals = "approvals: {keep: {of: lead, lock: [owner], steps: [boss: by role boss]}}\nroles:\n  boss: {may: [read lead]}\n"
    with sea(database_url, tmp_path, APP.replace("roles:\n", approvals)) as engine:
        li = hire(engine, "li", "sales", city="nb")
        hire(engine, "boss", "boss")
        with engine.system_session("test") as session:
            lead = session.create("lead", name="a", owner=li).id
            session.submit("lead", lead, approval="keep")

        def after(days: float) -> tuple[int | None, str | None]:
            clock_of(engine).set(NOON + timedelta(days=days))
            while sweep(engine):
                pass
            return state(engine, lead)

        assert after(14) == (li, None)
        with engine.session("boss") as session:
            session.approve(session.approvals_waiting()[0].tasks[0].id)
        assert (after(14.9), after(15)) == ((li, None), (None, "hq"))
