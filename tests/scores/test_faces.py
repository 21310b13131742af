"""Where the points come from, over HTTP, on the page, on the command line, and for editors."""

from pathlib import Path

from dougong.engine import Engine
from dougong.names.index import declared, index
from dougong.names.symbols import Symbol

from tests.cli.test_commands import Line, line
from tests.scores.test_scores import APP
from tests.web.shop import api, shop

__all__ = ["line"]  # the fixture
PARTS = [
    {"points": 20, "why": "展会来源", "clause": "app.yaml:17", "at": None},
    {"points": -15, "why": "phone is blank", "clause": "app.yaml:19", "at": None},
]


def made(engine: Engine) -> int:
    with engine.system_session("test") as session:
        boss = session.find("user", where="login = 'boss'").records[0].id
        return session.create("lead", name="a", source="fair", owner=boss).id


def test_the_api_and_the_page_tell_where_points_come_from(database_url: str, tmp_path: Path) -> None:
    text = APP.replace("  sales: {may", "  seller: {may")
    with shop(tmp_path / "app", database_url, text) as engine:
        lead, boss = made(engine), api(engine, "boss")
        told = boss.get(f"/api/v1/lead/{lead}/scores").json()["data"]
        assert told[0] == {"name": "heat", "title": "Heat", "total": 5, "band": "B", "parts": PARTS}
        page = boss.get(f"/o/lead/{lead}").text
        assert 'Heat <b class="num">5</b>' in page and '<b class="num">+20</b> 展会来源' in page
        assert "/api/v1/lead/{id}/scores" in boss.get("/api/v1/openapi.json").json()["paths"]


def test_the_command_line_tells_it_too(line: Line, tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "app.yaml").write_text(APP, encoding="utf-8")
    with Engine.open(folder, database=database_url) as engine, engine.system_session("test") as session:
        session.create("lead", name="a", source="fair")
    code, out, err = line("explain", str(folder), "--record", "lead/1", "--scores")
    assert (code, err) == (0, "")
    assert out.splitlines()[:3] == ["Heat: 5 (B)", "  +20 展会来源 (app.yaml:17)", "  -15 phone is blank (app.yaml:19)"]
    assert line("explain", str(folder), "--scores")[0] == 2


def test_editors_find_a_score_wherever_it_is_named() -> None:
    files = {"app.yaml": APP + "views: {v: {of: lead, where: heat > 3, columns: [heat, heat_band]}}\n"}
    lines = APP.splitlines()
    at = [1 + n for n, text in enumerate(lines) if "  heat:" in text or "{heat: +10" in text or "score: heat" in text]
    places = index(files, declared(files)).of(Symbol("field", "heat", "lead"))
    outside = next(n for n, text in enumerate(lines, 1) if "outside:" in text)
    assert sorted({o.place.line for o in places}) == sorted({*at, outside, len(lines) + 1})
    asked = index(files, declared(files)).of(Symbol("field", "source", "lead"))
    assert len([o for o in asked if 16 < o.place.line < 28]) == 2
