"""Importing parts: rows of one file add up together, and those of a whole that does not are rejected, the others are in."""

from contextlib import AbstractContextManager
from pathlib import Path

from dougong.engine import Engine
from dougong.exchange.importing import Wish, import_file
from dougong.exchange.report import Report
from dougong.runtime.session import Session


def run(engine: Engine, folder: Path, text: str, *, is_dry: bool = False) -> Report:
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")

    def sessions() -> AbstractContextManager[Session]:
        return engine.session("sales")

    return import_file(engine.app, sessions, path, Wish("part", language="en", is_dry=is_dry))[1]


def test_the_rows_of_a_file_add_up_together(engine: Engine, tmp_path: Path) -> None:
    with engine.session("sales") as session:
        first = session.create("contract", name="import-a", amount=100).id
        second = session.create("contract", name="import-b", amount=50).id
    file = "contract,party,amount\nimport-a,x,60\nimport-b,y,20\nimport-a,z,40\nimport-b,,30\nnowhere,q,1\n"
    for is_dry in (True, False):
        report = run(engine, tmp_path, file, is_dry=is_dry)
        assert (report.created, report.updated) == (2, 0)
        rejected = {each.row.line: [r.code.code for r in each.refusals] for each in report.rejected}
        assert rejected == {3: ["R380"], 5: ["R201"], 6: ["R670"]}
    with engine.session("sales") as session:
        assert [str(p["amount"]) for p in session.find("part", where=f"contract.id = {first}", order="id").records] == ["60.00", "40.00"]
        assert session.count("part", where=f"contract.id = {second}") == 0
    (wrong,) = [each for each in run(engine, tmp_path, "contract,party,amount\nimport-b,y,20\n").rejected]
    assert wrong.refusals[0].message("en") == "Amount of the Contract “import-b” is ¥50.00, its parts add up to ¥20.00: ¥30.00 is missing"
