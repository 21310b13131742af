"""Imports through the gate: good rows are in, bad ones come back with a reason, and a second run changes nothing."""

import csv
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.exchange.columns import parse_map
from dougong.exchange.importing import Wish, import_file
from dougong.exchange.report import Report, write_beside, write_rejects
from dougong.refusals import Refused
from dougong.runtime.actor import Cause
from dougong.runtime.session import Session

CUSTOMERS = """\
编号,客户名称,Region,标签,信用额度,合作日期,负责人
C1,宁波某厂,华东,重点、老客户,"12,000.50",2026年3月1日,安
C2,Suzhou Parts,South,VIP,,2026/3/2,bob
C3,坏行,West,,abc,,谁
"""


def run(engine: Engine, folder: Path, text: str, object: str = "customer", user: str | None = None, **wish: Any) -> Report:
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")

    def sessions() -> AbstractContextManager[Session]:
        return engine.session(user) if user else engine.system_session("import", cause=Cause("import", path.name))

    _, report = import_file(engine.app, sessions, path, Wish(object, language="en", **wish))
    return report


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, len(report.rejected)


def found(engine: Engine, object: str = "customer") -> list[Mapping[str, Any]]:
    with engine.system_session("test") as session:
        return [dict(r) for r in session.find(object, order="id", limit=1000).records]


def reasons(report: Report) -> list[tuple[int, tuple[str, ...], list[str]]]:
    return [(r.row.line, r.headers, [x.message("en") for x in r.refusals]) for r in report.rejected]


def test_rows_go_in_as_people_write_them(engine: Engine, tmp_path: Path) -> None:
    report = run(engine, tmp_path, CUSTOMERS)
    assert counts(report) == (2, 0, 0, 1) and report.key == "code"
    first, second = found(engine)
    assert (first["name"], first["region"], first["tags"], str(first["credit"]), str(first["since"])) == (
        "宁波某厂",
        "east",
        ("vip", "old"),
        "12000.50",
        "2026-03-01",
    )
    assert (second["region"], second["tags"], second["credit"]) == ("south", ("vip",), None)
    assert first["owner"] != second["owner"]
    (rejected,) = reasons(report)
    assert rejected[:2] == (4, ("负责人", "Region", "信用额度")) and rejected[2][0] == "There is no User “谁”" and len(rejected[2]) == 3


def test_a_second_run_changes_nothing_and_a_mended_one_only_what_differs(engine: Engine, tmp_path: Path) -> None:
    run(engine, tmp_path, CUSTOMERS)
    before = found(engine)
    assert counts(run(engine, tmp_path, CUSTOMERS)) == (0, 0, 2, 1)
    assert found(engine) == before
    mended = CUSTOMERS.replace("West,,abc,,谁", "East,,3,,ann").replace("Suzhou Parts", "苏州零件")
    assert counts(run(engine, tmp_path, mended)) == (1, 1, 1, 0)
    after = found(engine)
    assert [r["version"] for r in after] == [1, 2, 1] and after[1]["name"] == "苏州零件"
    with engine.system_session("test") as session:
        change = session.history("customer", after[1]["id"])[0]
    assert (change.cause, change.cause_id, dict(change.fields)) == ("import", "rows.csv", {"name": ("Suzhou Parts", "苏州零件")})


def test_a_dry_run_says_the_same_and_keeps_nothing(engine: Engine, tmp_path: Path) -> None:
    assert counts(run(engine, tmp_path, CUSTOMERS, is_dry=True)) == (2, 0, 0, 1)
    assert found(engine) == []


def test_rejected_rows_come_back_ready_to_mend(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(CUSTOMERS, encoding="utf-8")
    table, report = import_file(engine.app, lambda: engine.system_session("import"), path, Wish("customer", language="zh"))
    rejects = tmp_path / "rejects.csv"
    write_rejects(rejects, table, report.rejected, "zh")
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == [
        {"编号": "C3", "客户名称": "坏行", "Region": "West", "标签": "", "信用额度": "abc", "合作日期": "", "负责人": "谁"}
        | {"_line": "4", "_field": "负责人, Region, 信用额度", "_reason": rows[0]["_reason"]}
    ]
    assert [("谁" in r, "West" in r, "abc" in r) for r in rows[0]["_reason"].split("; ")] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    mended = rejects.read_text("utf-8-sig").replace("West", "East").replace("abc", "3").replace("谁,4", "ann,4")
    assert counts(run(engine, tmp_path, mended)) == (1, 0, 0, 0)


def test_a_row_tells_everything_that_is_wrong_with_it_at_once(engine: Engine, tmp_path: Path) -> None:
    run(engine, tmp_path, "code,name,owner\nK,Known,ann\n")
    bad = "code,name,head,credit,since,owner\nN,,Nowhere,-5,soon,nobody\nK,Known,Nowhere,-5,soon,ann\nM,,,x,,\n,Nameless,,x,,\n"
    report = run(engine, tmp_path, bad)
    told = {line: (headers, len(texts)) for line, headers, texts in reasons(report)}
    assert told == {
        2: (("head", "owner", "since", "name", "credit"), 5),
        3: (("head", "since", "credit"), 3),
        4: (("credit", "name"), 2),
        5: (("code", "credit"), 2),
    }
    assert counts(report) == (0, 0, 0, 4)


def test_rejects_go_to_the_working_directory_where_the_folder_cannot_be_written(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(CUSTOMERS, encoding="utf-8")
    table, report = import_file(engine.app, lambda: engine.system_session("import"), path, Wish("customer"))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert write_beside(path, table, report.rejected, "en") == tmp_path / "rows.rejected.csv"
    (tmp_path / "rows.rejected.csv").unlink()
    (tmp_path / "rows.rejected.csv").mkdir()  # nothing can be written under this name
    assert write_beside(path, table, report.rejected, "en") == here / "rows.rejected.csv"
    (here / "rows.rejected.csv").unlink()
    (here / "rows.rejected.csv").mkdir()
    with pytest.raises(OSError, match="rows.rejected.csv"):
        write_beside(path, table, report.rejected, "en")


def test_links_within_a_file_may_point_forward_or_nowhere(engine: Engine, tmp_path: Path) -> None:
    text = "code,name,head\nA,Leaf,Branch\nB,Branch,Root\nC,Root,\nD,Lost,Nowhere\nE,Twin,\nF,Twin,\nG,Child,Twin\n"
    report = run(engine, tmp_path, text)
    names = {r["id"]: r["name"] for r in found(engine)}
    heads = {r["name"]: names.get(r["head"]) for r in found(engine) if r["head"]}
    assert heads == {"Leaf": "Branch", "Branch": "Root"}
    assert sorted(reasons(report)) == [
        (5, ("head",), ["There is no Customer “Nowhere”"]),
        (8, ("head",), ["2 × Customer are called “Twin”; it is not clear which"]),
    ]
    assert counts(run(engine, tmp_path, text))[:3] == (0, 0, 5)


def test_a_key_that_is_blank_or_twice_is_no_key(engine: Engine, tmp_path: Path) -> None:
    report = run(engine, tmp_path, "code,name\nA,One\nA,Two\n,Three\n")
    assert [(line, text) for line, _, (text,) in reasons(report)] == [(3, "“A” is already on line 2"), (4, "The key Code is blank")]
    with pytest.raises(Refused, match="R666"):
        run(engine, tmp_path, "code,name\nA,One\n", key="cdoe")
    assert counts(run(engine, tmp_path, "code,name\nZ,One\n", key="name")) == (0, 1, 0, 0)


def test_a_row_with_too_many_cells_says_only_that(engine: Engine, tmp_path: Path) -> None:
    report = run(engine, tmp_path, "code,name\nA,One,Two\nB,Three\n")
    assert [(line, len(texts)) for line, _, texts in reasons(report)] == [(2, 1)]
    assert counts(report)[0] == 1


def test_stages_are_set_on_new_records_and_moved_on_old_ones(engine: Engine, tmp_path: Path) -> None:
    text = "name,amount,阶段,reason\nBig,5,Won,\nSmall,1,进行中,\n"
    assert counts(run(engine, tmp_path, text, "deal", key="name")) == (2, 0, 0, 0)
    assert counts(run(engine, tmp_path, text.replace("进行中", "Lots"), "deal", key="name")) == (0, 0, 1, 1)
    moved = run(engine, tmp_path, "name,stage,reason\nSmall,lost,price\n", "deal", key="name")
    assert counts(moved) == (0, 1, 0, 0)
    assert [(r["stage"], r["reason"]) for r in found(engine, "deal")] == [("won", None), ("lost", "price")]


def test_columns_that_are_no_fields_stop_the_import_before_anything_is_in(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        run(engine, tmp_path, "name,nmae,xyz\nA,B,C\n")
    assert [r.message("en").partition(";")[0] for r in caught.value.refusals] == [
        "The column “nmae” is no field of Customer",
        "The column “xyz” is no field of Customer",
    ]
    assert "did you mean “name”" in caught.value.refusals[0].message("en")
    assert found(engine) == []
    assert counts(run(engine, tmp_path, "name,nmae,xyz\nA,B,C\n", chosen=parse_map(["nmae=code", "xyz="]))) == (1, 0, 0, 0)
    for wrong, code in ((["zzz=name"], "R664"), (["nmae=nope", "xyz="], "R663"), (["nmae=name", "xyz="], "R662"), (["xyz"], "R667")):
        with pytest.raises(Refused, match=code):
            run(engine, tmp_path, "name,nmae,xyz\nA,B,C\n", chosen=parse_map(wrong))


def test_a_person_imports_with_her_own_rights(engine: Engine, tmp_path: Path) -> None:
    report = run(engine, tmp_path, "code,name,owner\nA,Mine,ann\nB,Not mine,bob\n", user="ann")
    assert [r[0] for r in reasons(report)] == [3]
    assert [r["name"] for r in found(engine)] == ["Mine"]
    hidden = run(engine, tmp_path, "code,name,credit\nC,Hidden,5\n", user="ann")
    assert reasons(hidden) == [(2, ("credit",), ["There is no field “credit”"])]


def test_many_batches(engine: Engine, tmp_path: Path) -> None:
    rows = "".join(f"K{n},Name {n},{'x' if n % 100 == 7 else n}\n" for n in range(1203))
    report = run(engine, tmp_path, "code,name,credit\n" + rows)
    assert counts(report) == (1191, 0, 0, 12)
    assert counts(run(engine, tmp_path, "code,name,credit\n" + rows)) == (0, 0, 1191, 12)
