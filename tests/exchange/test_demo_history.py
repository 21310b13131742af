"""Sample records on a clock that can be set: made over past weeks, after what they link to, with time limits that live."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.exchange.demo import LEFT_DUE, is_half_loaded, load_demo
from dougong.flow.sweep import sweep
from dougong.runtime.clock import SettableClock
from dougong.runtime.session import Session

NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)
APP = """
app: shop
timezone: Asia/Shanghai
objects:
  customer: {fields: {name: text required, since: date}}
  deal: {fields: {name: text required, customer: link customer, met: date, log: text}}
pipelines:
  flow:
    of: deal
    stages:
      ask: {start: true, overdue: after 3 working days, on_overdue: [{set: {log: "'late'"}}]}
      won: {kind: won}
    moves: [ask -> won]
triggers:
  silent:
    on: customer without deal for 7 days
    do: [{set: {name: "name & '!'"}}]
roles: {boss: {may: ["read deal"]}}
"""
CUSTOMERS = "\n".join(f"  - {{_key: c{n}, name: c{n}, since: today-{60 - n}}}" for n in range(40))
DEALS = "\n".join(
    f'  - {{name: d{n}, customer: "@c{n}"{", met: today-5" if n % 4 == 0 else ""}{", stage: won" if n % 2 else ""}}}' for n in range(40)
)


def test_records_have_a_past(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "records.yaml").write_text(f"customer:\n{CUSTOMERS}\ndeal:\n{DEALS}\n", encoding="utf-8")
    clock = SettableClock(NOW)
    with Engine.open({"app.yaml": APP}, database=database_url, clock=clock, files_dir=tmp_path / "files") as engine:
        assert load_demo(engine, tmp_path / "demo") == {"user": 0, "customer": 40, "deal": 40}
        assert clock.now() == NOW
        with engine.system_session("test", write=False) as session:
            customers = {c.id: c for c in session.find("customer", limit=100).records}
            deals = session.find("deal", limit=100).records
        assert len({c.created_at for c in customers.values()}) == 40
        assert min(c.created_at for c in customers.values()) == NOW - timedelta(weeks=6)
        for deal in deals:
            assert customers[deal.customer].created_at < deal.created_at <= NOW
            assert deal.met is None or deal.created_at >= NOW - timedelta(days=5)
            assert deal.stage_since == deal.created_at
        running = [d for d in deals if d.stage == "ask"]
        late = [d for d in running if d.due_at <= NOW]
        assert 0 < len(late) <= len(running) / 3
        assert {(c.since - NOW.date()).days for c in customers.values()} == {n - 60 for n in range(40)}
        done = sum(sweep(engine) for _ in range(3))
        assert 0 < done <= LEFT_DUE


class Killed(BaseException):
    """The process is gone."""


class Dying:
    """An engine whose process is killed in the middle of its `last` transaction, before it is committed."""

    def __init__(self, engine: Engine, last: int) -> None:
        self.app, self.database, self.files_dir, self.clock = engine.app, engine.database, engine.files_dir, engine.clock
        self._engine, self._left = engine, last

    @contextmanager
    def system_session(self, reason: str) -> Iterator[Session]:
        """A transaction, the last of which does not end."""
        self._left -= 1
        with self._engine.system_session(reason) as session:
            yield session
            if self._left == 0:
                raise Killed


DEATHS = ((1, False), (2, False), (5, True), (4, True), (8, True))  # in which transaction; whether people and records are there by then


def test_what_was_interrupted_is_gone_on_with(database_url: str, tmp_path: Path) -> None:
    """Killed again and again, before the people, between records, at the end: in the end everything is as if nothing had happened."""
    demo = tmp_path / "demo"
    demo.mkdir()
    (demo / "note.txt").write_text("x", encoding="utf-8")
    people = [f"  - {{login: {name}, name: {name}, password: pass-{name}-9, roles: [boss]}}\n" for name in "ab"]
    (demo / "users.yaml").write_text("users:\n" + "".join(people), encoding="utf-8")
    few = [text.split("\n")[:4] for text in (CUSTOMERS, DEALS)]
    deals = [line[:-1] + ", paper: note.txt, owner: b}" for line in few[1]]
    (demo / "records.yaml").write_text("\n".join(["customer:", *few[0], "deal:", *deals]), encoding="utf-8")
    app, found = APP.replace("log: text", "log: text, paper: file, owner: user"), []
    for url, deaths in ((database_url, DEATHS), (f"sqlite:///{tmp_path / 'other.db'}", ())):
        clock = SettableClock(NOW)
        with Engine.open({"app.yaml": app}, database=url, clock=clock, files_dir=tmp_path / "files") as engine:
            for last, is_begun in deaths:
                clock.set(NOW + (timedelta(hours=1) if is_half_loaded(engine) else timedelta()))
                with pytest.raises(Killed):
                    load_demo(Dying(engine, last), demo)
                assert is_half_loaded(engine) is is_begun
            assert load_demo(engine, demo) == {"user": 2, "customer": 4, "deal": 4}
            assert not is_half_loaded(engine)
            found.append(_kept(engine))
    assert found[0] == found[1]
    assert len(found[0]) == 10


def _kept(engine: Engine) -> list[tuple[object, ...]]:
    """What there is of people and records, by name."""
    with engine.system_session("test", write=False) as session:
        names = {r.id: r.name for r in session.find("customer").records}
        records = [r for name in ("customer", "deal") for r in session.find(name).records]
        made = [
            (r.name, r.created_at, names.get(r.get("customer") or 0), r.get("paper") is None, len(session.history(r.object, r.id)))
            for r in records
        ]
        return sorted([*made, *((u.login, u.created_at) for u in session.find("user").records)])
