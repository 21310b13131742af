"""The examples do what their READMEs say: the real pipeline of a hardware seller comes in, misfits come back as files that can be mended."""

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.exchange.importing import Wish, import_file
from dougong.exchange.report import Report, write_rejects
from starlette.testclient import TestClient

from examples.embedding import program as embedding
from tests.source import ROOT

EXTRACT = Path(__file__).parent / "hardware_sales"
REAL = ROOT.parent / "shared" / "data" / "maven_crm"
APP = ROOT / "examples" / "hardware_sales"
FILES = {"product": "products.csv", "agent": "sales_teams.csv", "account": "accounts.csv", "opportunity": "sales_pipeline.csv"}
CHOSEN = {"opportunity": {"deal_stage": "stage"}}
MENDED = {"account": ("technolgy", "technology"), "opportunity": ("GTXPro", "GTX Pro")}


@dataclass
class Pipeline:
    """The four files, and an engine to bring them into."""

    engine: Engine
    folder: Path
    home: Path

    def bring(self, name: str, file: Path | None = None) -> Report:
        """Import one file; its rejected rows are written to `<object>-rejected.csv`."""
        wish = Wish(name, CHOSEN.get(name, {}), language="en")
        table, report = import_file(self.engine.app, lambda: self.engine.system_session("import"), file or self.folder / FILES[name], wish)
        write_rejects(self.rejected(name), table, report.rejected, "en")
        return report

    def rejected(self, name: str) -> Path:
        return self.home / f"{name}-rejected.csv"

    def mend(self, name: str) -> Path:
        """The rejected rows of an object, with what was misspelt put right."""
        text = self.rejected(name).read_text(encoding="utf-8-sig")
        mended = self.home / f"{name}-mended.csv"
        mended.write_text(text.replace(*MENDED[name]), encoding="utf-8")
        return mended

    def rows(self, name: str) -> list[dict[str, str]]:
        return read(self.folder / FILES[name])

    def misfits(self) -> dict[str, set[str]]:
        """The rows that cannot come in, worked out without the engine: misspelt sectors and products, and what hangs on them."""
        accounts = self.rows("account")
        bad = {r["account"] for r in accounts if r["sector"] == "technolgy"}
        while more := {r["account"] for r in accounts if r["subsidiary_of"] in bad} - bad:
            bad |= more
        products = {r["product"] for r in self.rows("product")}
        lost = {r["opportunity_id"] for r in self.rows("opportunity") if r["product"] not in products or r["account"] in bad}
        return {"product": set(), "agent": set(), "account": bad, "opportunity": lost}

    def state(self) -> list[object]:
        """Every record of every object with its version."""
        with self.engine.system_session("test") as session:
            return [sorted(map(repr, everything(session, name))) for name in FILES]


def everything(session: object, name: str) -> Iterator[object]:
    cursor = None
    while True:
        page = session.find(name, limit=1000, cursor=cursor)  # type: ignore[attr-defined]
        yield from page.records
        cursor = page.next_cursor
        if cursor is None:
            return


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(params=["extract", "real"])
def pipeline(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Pipeline]:
    folder = REAL if request.param == "real" else EXTRACT
    if not folder.is_dir():
        print(f"\n!!! {folder} is not there: only the small extract was imported, not the real pipeline !!!", file=sys.__stderr__)
        folder = EXTRACT
    engine = Engine.open(APP, database=database_url, files_dir=tmp_path / "files")
    yield Pipeline(engine, folder, tmp_path)
    engine.close()


def test_good_rows_are_in_misfits_come_back_and_mended_they_come_in(pipeline: Pipeline) -> None:
    misfits = pipeline.misfits()
    assert misfits["account"]
    assert misfits["opportunity"]
    reports = {name: pipeline.bring(name) for name in FILES}
    assert counts(reports) == {n: (len(pipeline.rows(n)) - len(misfits[n]), 0, 0, len(misfits[n])) for n in FILES}
    for name, key in (("account", "account"), ("opportunity", "opportunity_id")):
        back = read(pipeline.rejected(name))
        assert {r[key] for r in back} == misfits[name]
        assert all(r["_reason"] for r in back)

    before = pipeline.state()
    again = {name: pipeline.bring(name) for name in FILES}
    assert counts(again) == {n: (0, 0, len(pipeline.rows(n)) - len(misfits[n]), len(misfits[n])) for n in FILES}
    assert pipeline.state() == before

    for name in MENDED:
        report = pipeline.bring(name, pipeline.mend(name))
        assert (report.created, report.rejected) == (len(misfits[name]), [])
    won = sum(Decimal(r["close_value"]) for r in pipeline.rows("opportunity") if r["deal_stage"] == "Won")
    with pipeline.engine.system_session("test") as session:
        assert session.count("opportunity") == len(pipeline.rows("opportunity"))
        assert sum(total for _, _, total in session.group("opportunity", by="stage", where="stage = won", sum="close_value")) == won
        assert sum(agent["won_value"] or 0 for agent in session.find("agent", limit=100).records) == won


def test_each_reason_names_what_is_wrong(pipeline: Pipeline) -> None:
    for name in FILES:
        pipeline.bring(name)
    sector = next(r for r in read(pipeline.rejected("account")) if r["sector"] == "technolgy")
    assert (sector["_field"], "technolgy" in sector["_reason"], "technology" in sector["_reason"]) == ("sector", True, True)
    product = next(r for r in read(pipeline.rejected("opportunity")) if r["product"] == "GTXPro")
    assert "“GTXPro”" in product["_reason"]
    assert "“GTX Pro”" in product["_reason"]
    account = next(r for r in read(pipeline.rejected("opportunity")) if r["product"] != "GTXPro")
    assert f"“{account['account']}”" in account["_reason"]


def test_another_program_takes_enquiries_for_the_crm_inside_it(database_url: str, tmp_path: Path) -> None:
    visitor = TestClient(embedding.build(database_url), base_url="http://127.0.0.1")
    assert "Thank you" in visitor.post("/enquiry", data={"company": "周记五金", "need": "螺栓"}).text
    assert "Thank you" in visitor.post("/enquiry", data={"company": "周记五金", "need": "螺母"}).text
    assert "is required" in visitor.post("/enquiry", data={"company": "周记五金", "need": ""}).text
    assert visitor.get("/healthz").status_code == 200
    engine = Engine.open(embedding.APP, database=database_url, apply=False, files_dir=tmp_path)
    with engine.system_session("test") as session:
        assert (session.count("customer"), session.count("deal")) == (1, 2)
    engine.close()


def counts(reports: dict[str, Report]) -> dict[str, Sequence[int]]:
    return {n: (r.created, r.updated, r.unchanged, len(r.rejected)) for n, r in reports.items()}
