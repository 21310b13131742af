"""What deadlines cost the write that moves them: the same writes of an object with three due rules and of one without, in turns."""

import tempfile
import time
from pathlib import Path
from statistics import median

from dougong.engine import Engine
from dougong.runtime.session import Session

from bench.results import Result, Target
from tests import postgres

WRITES, QUICK = 1_000, 300
ROW = "create and update with three due rules (plain: without)"
FIELDS = "{fields: {name: text required, amount: money, ppap: date, owner: user default me}}"
APP = f"""
app: keeping
objects:
  deal: {FIELDS}
  lead: {FIELDS}
pipelines:
  deals:
    of: deal
    stages: {{open: {{start: true, overdue: after 3 working days}}, won: {{kind: won}}}}
    moves: [open -> won]
  leads:
    of: lead
    stages: {{open: {{start: true}}, won: {{kind: won}}}}
    moves: [open -> won]
triggers:
  soon: {{on: 7 days before deal.ppap, do: [{{todo: {{for: owner, text: soon}}}}]}}
  silent: {{on: deal without update for 14 days, do: [{{todo: {{for: owner, text: silent}}}}]}}
roles: {{boss: {{may: ["read, create, update, move deal", "read, create, update, move lead"]}}}}
"""


def measure(database: str, url: str, writes: int = WRITES) -> Result:
    """Milliseconds of a transaction that makes a record and changes its date and its name, the median of so many of each kind."""
    spent: dict[str, list[float]] = {"deal": [], "lead": []}
    with tempfile.TemporaryDirectory(prefix="dougong-bench-") as place:
        folder = Path(place) / "app"
        folder.mkdir()
        (folder / "app.yaml").write_text(APP, encoding="utf-8")
        own = f"sqlite:///{place}/new.db" if url.startswith("sqlite") else postgres.create_database(url, "keeping")
        with Engine.open(folder, database=own, files_dir=Path(place) / "files") as engine:
            with engine.system_session("benchmark") as session:
                boss = session.create("user", login="boss", name="boss", roles=["boss"], active=True).id
            for number in range(2 * writes):
                name = ("deal", "lead")[number % 2]
                start = time.perf_counter()
                with engine.session(boss) as crm:
                    _write(crm, name, number)
                spent[name].append((time.perf_counter() - start) * 1000)
    values = {"dougong": median(spent["deal"]), "plain": median(spent["lead"])}
    return Result(ROW, database, "ms", values, Target(0.4, of="plain"), more_is_better=False)


def _write(crm: Session, name: str, number: int) -> None:
    made = crm.create(name, {"name": f"{name} {number}", "amount": number, "ppap": "2030-03-01"})
    crm.update(name, made.id, {"ppap": "2030-04-01"})
    crm.update(name, made.id, {"name": f"{name} {number}!"})
