"""Sample data with parts: those of one record are made together, on a clock that can be set too."""

from datetime import UTC, datetime
from pathlib import Path

from dougong.engine import Engine
from dougong.exchange.demo import load_demo
from dougong.runtime.clock import SettableClock

from tests.splits.apps import contracts

RECORDS = "contract:\n" + "".join(f"  - {{_key: c{n}, name: c{n}, amount: {10 * n}}}\n" for n in range(1, 9))
RECORDS += "part:\n" + "".join(
    f'  - {{contract: "@c{n}", party: p{turn}, amount: {amount}}}\n' for turn, amount in ((0, 7), (1, 3)) for n in (1,)
)
RECORDS += "".join(f'  - {{contract: "@c{n}", party: p{turn}, amount: {5 * n}}}\n' for turn in range(2) for n in range(2, 9))


def test_parts_of_a_demo_are_made_together(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "records.yaml").write_text(RECORDS, encoding="utf-8")
    clock = SettableClock(datetime(2026, 3, 20, 4, tzinfo=UTC))
    with Engine.open({"app.yaml": contracts()}, database=sqlite_url, clock=clock, files_dir=tmp_path / "files") as engine:
        assert load_demo(engine, tmp_path / "demo") == {"user": 0, "contract": 8, "part": 16}
        with engine.system_session("test", write=False) as session:
            made = {c.id: c["created_at"] for c in session.find("contract").records}
            parts = session.find("part").records
        assert len(set(made.values())) == 8
        assert {(p["contract"], p["created_at"]) for p in parts} == {(p["contract"], p["created_at"]) for p in parts if p["party"] == "p0"}
        assert all(made[p["contract"]] < p["created_at"] for p in parts)
