"""Sample records on a clock that can be set: made over past weeks, after what they link to, with time limits that live."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from dougong.engine import Engine
from dougong.exchange.demo import LEFT_DUE, load_demo
from dougong.flow.sweep import sweep
from dougong.runtime.clock import SettableClock

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
