"""Commands from the outside: what they print, in both languages and as JSON, and their exit codes."""

import json
import re
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest
from dougong.cli import command as door
from dougong.cli.command import run
from dougong.cli.speech import width

from tests.web.shop import SHOP, write_shop


class Line:
    """Types commands at a fresh database and reads what comes."""

    def __init__(self, capsys: pytest.CaptureFixture[str], db: str) -> None:
        self._capsys = capsys
        self._db = db

    def __call__(self, *arguments: str, db: bool = True) -> tuple[int, str, str]:
        code = run([*arguments, *(("--db", self._db) if db else ())])
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def json(self, *arguments: str, db: bool = True) -> Any:
        code, out, err = self(*arguments, "--format", "json", db=db)
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], database_url: str, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setenv("DOUGONG_LANG", "en")
    return Line(capsys, database_url)


def test_a_life_of_an_app(line: Line, tmp_path: Path) -> None:
    folder = str(write_shop(tmp_path / "shop"))
    assert line("check", folder, db=False) == (0, "No errors: 2 objects, 15 fields\n", "")
    assert "+ new object Customer (table customer)" in line("plan", folder)[1]
    assert line("serve", folder)[::2] == (
        1,
        f"Nothing has been applied to the database yet; run dougong apply {folder} first, or add --apply\n",
    )
    assert "Applied as release 1" in line("apply", folder)[1]
    assert line("plan", folder)[1] == "Nothing changes\n"
    assert line("user", "add", "li.wei", "--name", "李伟", "--role", "seller", "--password", "correct horse")[0] == 0
    assert line.json("user", "list")[0] | {"id": 0} == {
        "id": 0,
        "login": "li.wei",
        "name": "李伟",
        "email": None,
        "roles": ["seller"],
        "active": True,
    }
    made = line.json("token", "add", "li.wei", "--name", "robot", "--days", "3")
    assert made["token"].startswith("dg_")
    assert line("token", "revoke", str(made["id"]))[1] == f"Token {made['id']} is revoked\n"
    assert line("token", "revoke", "99")[::2] == (1, "R684 There is no token 99\n")
    assert line("user", "disable", "li.wei")[0] == 0 and line.json("user", "list")[0]["active"] is False
    rows = tmp_path / "rows.csv"
    rows.write_text("name,region\nA,east\nB,nowhere\n", encoding="utf-8")
    code, out, _ = line("import", folder, "customer", str(rows), "--key", "name")
    assert code == 1 and out.startswith("1 created, 0 updated, 0 unchanged, 1 rejected\n  3: region: There is no option “nowhere”")
    assert (tmp_path / "rows.rejected.csv").read_text("utf-8-sig").splitlines()[1].startswith("B,nowhere,3,region,")


def test_another_app_over_a_database_needs_a_yes(line: Line, tmp_path: Path) -> None:
    line("apply", str(write_shop(tmp_path / "shop")))
    other = str(write_shop(tmp_path / "other", SHOP.replace("app: shop", "app: store")))
    assert "! this database belongs to the app shop and would become store" in line("plan", other)[1]
    code, _, err = line("apply", other)
    assert code == 1 and err.startswith("1 change needs a yes;")
    assert "Applied as release 2" in line("apply", other, "--yes")[1]
    assert line("plan", other)[1] == "Nothing changes\n"


def test_dropping_a_field_with_values_needs_a_yes(line: Line, tmp_path: Path) -> None:
    folder = str(write_shop(tmp_path / "shop"))
    line("apply", folder)
    rows = tmp_path / "rows.csv"
    rows.write_text("name,phone\nA,13800000000\n", encoding="utf-8")
    assert line("import", folder, "customer", str(rows))[0] == 0
    write_shop(tmp_path / "shop", SHOP.replace('      phone: phone "电话" "Phone"\n', ""))
    assert [o["kind"] for o in line.json("plan", folder)["operations"]].count("destructive") == 1
    code, _, err = line("apply", folder)
    assert (code, err) == (1, "1 change needs a yes; add --yes to go on without being asked\n")
    assert line("apply", folder, "--yes")[0] == 0


def test_every_mistake_of_a_definition_is_shown_at_its_place(line: Line, tmp_path: Path) -> None:
    text = SHOP.replace("phone: phone", "phone: fone").replace("reason: text", "reason: texte").replace("credit >= 0", "kredit >= 0")
    folder = write_shop(tmp_path / "shop", text)
    code, out, err = line("check", str(folder), db=False)
    assert code == 1 and err == ""
    lines = out.splitlines()
    guilty = next(i for i, each in enumerate(lines) if "fone" in each)
    number = next(n for n, each in enumerate(text.splitlines(), 1) if "fone" in each)
    assert lines[guilty].startswith(f"app.yaml:{number}:") and " error T" in lines[guilty]
    assert lines[guilty + 1].endswith('phone: fone "电话" "Phone"')
    assert lines[guilty + 2].strip("| ").startswith("^") and lines[guilty + 2].index("^") == lines[guilty + 1].index("fone")
    assert out.count(" error T") >= 3
    found = json.loads(run_json(line, "check", str(folder)))["diagnostics"]
    assert {d["line"] for d in found} >= {number} and all(d["code"] and d["message"] for d in found)
    chinese = line("check", str(folder), "--lang", "zh", db=False)[1]
    assert "错误 T" in chinese and "是不是想写 `phone`?" in chinese
    assert line("apply", str(folder))[0] == 1


def run_json(line: Line, *arguments: str) -> str:
    return line(*arguments, "--format", "json", db=False)[1]


def test_the_mark_stands_under_chinese_text(line: Line, tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text("app: x\nobjects:\n  客户: {fields: {名称: txet}}\n", encoding="utf-8")
    shown = [each for each in line("check", str(tmp_path), db=False)[1].splitlines() if "|" in each]
    assert width(shown[1][: shown[1].index("^")]) == width(shown[0][: shown[0].index("txet")])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["eval", "1 + 2 * 3"], 0, "7\n"),
        (["eval", "a * 2 & 'x'", "--record", '{"a": 1.50}'], 0, '"3x"\n'),
        (["eval", "1 +"], 1, None),
        (["eval", "a", "--record", "["], 2, None),
        (["eval", "1", "--of", "deal"], 2, None),
        (["check", "nowhere"], 1, None),
        (["bogus"], 2, None),
        (["check"], 2, None),
        (["import", "x", "y", "z", "--nope"], 2, None),
        (["check", ".", "--show", "bogus"], 2, None),
        (["--version"], 0, None),
    ],
)
def test_exit_codes(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str | None) -> None:
    assert run(arguments) == code
    out, err = capsys.readouterr()
    assert words is None or out == words
    assert "Traceback" not in out + err


@pytest.mark.parametrize("target", ["python", "sql", "js"])
def test_an_expression_is_shown_in_every_language(line: Line, tmp_path: Path, target: str) -> None:
    folder = str(write_shop(tmp_path / "shop"))
    code, out, _ = line("eval", "amount >= 10", "--of", "deal", "--app", folder, "--as", target, db=False)
    assert code == 0 and "amount" in out


@pytest.mark.parametrize("stage", ["model", "tables", "forms", "plan"])
def test_every_stage_can_be_printed(line: Line, tmp_path: Path, stage: str) -> None:
    folder = str(write_shop(tmp_path / "shop"))
    code, out, _ = line("check", folder, "--show", stage, db=False)
    assert code == 0 and out
    assert line.json("check", folder, "--show", stage, db=False) is not None


def test_a_fault_of_the_engine_is_one_line_and_a_trace(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("the roof\nis gone")

    monkeypatch.setattr(door, "application", lambda: broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert run(["check", "--lang", "en"]) == 3
    said = capsys.readouterr().err
    assert said.startswith("Something went wrong inside: RuntimeError: the roof. The full trace is in ") and said.count("\n") == 1
    assert "is gone" in Path(said.strip().rpartition(" ")[2]).read_text()


def test_a_database_that_is_not_there_is_no_traceback(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = str(write_shop(tmp_path / "shop"))
    for url in ("mysql://x", "postgresql://nobody@127.0.0.1:1/none", f"sqlite:///{tmp_path}/no/where.db"):
        assert run(["apply", folder, "--db", url, "--lang", "en"]) == 1
        assert capsys.readouterr().err.startswith("R9")


def test_what_cannot_be_written_is_no_fault(line: Line, tmp_path: Path) -> None:
    assert line("new", "/proc/none", db=False)[0] == 1
    rows = tmp_path / "rows.csv"
    rows.write_text("name\nX\n", encoding="utf-8")
    assert line("import", str(tmp_path), "customer", str(rows), "--rejects", str(rows))[0] == 2
    assert rows.read_text(encoding="utf-8") == "name\nX\n"


def test_new_makes_an_app_that_checks(line: Line, tmp_path: Path) -> None:
    folder = tmp_path / "我的 CRM"
    assert line("new", str(folder), db=False)[0] == 0
    assert line("check", str(folder), db=False)[0] == 0
    assert line("new", str(folder), db=False)[0] == 1
    copy = tmp_path / "copy"
    assert line("new", str(copy), "--template", "manufacturing", db=False)[0] == 0
    assert line("check", str(copy), db=False)[0] == 0
    assert "did you mean “manufacturing”" in line("new", str(tmp_path / "x"), "--template", "manufactoring", db=False)[2]


def test_the_schema_is_one(line: Line) -> None:
    made = json.loads(line("schema", db=False)[1])
    assert made["$schema"].endswith("2020-12/schema") and "objects" in made["properties"]


def test_a_mistyped_name_makes_nothing_and_is_said(line: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, missing = str(write_shop(tmp_path / "shop")), tmp_path / "typo.db"
    assert line("serve", str(tmp_path / "nope"))[::2] == (1, f"There is no folder {tmp_path / 'nope'}\n")
    assert line("user", "list", "--app", str(tmp_path / "nope"))[::2] == (1, f"There is no folder {tmp_path / 'nope'}\n")
    typo = ("--db", f"sqlite:///{missing}")
    assert "new object" in line("plan", folder, *typo, db=False)[1]
    assert line("serve", folder, *typo, db=False)[0] == 1
    assert "There is no database" in line("user", "list", "--app", folder, *typo, db=False)[2]
    assert not missing.exists()


def test_a_port_that_is_taken_is_said_in_one_sentence(line: Line, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, said = line("serve", str(write_shop(tmp_path / "shop")), "--port", str(port))
    assert (code, said) == (1, f"Port {port} is taken; try another one: --port {port + 1 if port < 65535 else 8000}\n")


@pytest.mark.parametrize("login", ["", " ", "li wei", "\u3000"])
def test_a_login_has_no_blanks(line: Line, tmp_path: Path, login: str) -> None:
    assert line("apply", str(write_shop(tmp_path / "shop")))[0] == 0
    assert line("user", "add", login, "--password", "correct horse")[0] == 1
    assert line.json("user", "list") == []


def test_chinese_texts_of_commands_have_chinese_punctuation() -> None:
    halves = re.compile(r"[\u4e00-\u9fff\uff08\uff09}][;,?]|[\u4e00-\u9fff]:|[;,?][\u4e00-\u9fff]|:[\u4e00-\u9fff]")
    texts = re.compile(r'"[^"\n]*[\u4e00-\u9fff][^"\n]*"')
    found = [
        f"{path.name}: {text}"
        for path in sorted(Path(door.__file__).parent.glob("*.py"))
        for text in texts.findall(path.read_text(encoding="utf-8"))
        if halves.search(text.partition(" / ")[0])
    ]
    assert found == []
