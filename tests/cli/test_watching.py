"""`dougong check --watch`: every change is seen, and what is taken over from the last check makes no difference."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from dougong.cli.command import run
from dougong.cli.dump import STAGES
from dougong.cli.watching import checks
from dougong.pipeline import Built, read_app

APP = """app: shop
objects:
  deal:
    fields: {name: text, amount: money, total: = amount * 2}
roles: {sales: {may: read deal}}
"""


def test_a_check_after_a_change_says_what_a_first_one_would(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    texts = [APP, APP.replace("money", "text"), APP, APP.replace("amount:", "sum:"), APP + "x: 1\n", "\t", APP]

    def written() -> object:
        for text in texts:
            file.write_text(text, encoding="utf-8")
            yield None

    for built, _ in checks(tmp_path, (), written()):  # type: ignore[arg-type]
        fresh = read_app(tmp_path)
        assert built.diagnostics == fresh.diagnostics
        assert described(built) == described(fresh)


def described(built: Built) -> object:
    """An app as `--show model` prints it."""
    return None if built.app is None else STAGES["model"](built.app, "en")


def test_it_stands_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(tmp_path), "--watch", "--format", "sarif"]) == 2
    assert run(["check", str(tmp_path / "none"), "--watch", "--lang", "en"]) == 1
    assert "There is no folder" in capsys.readouterr().err


def test_the_command_sees_a_change(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(APP, encoding="utf-8")
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # a background job is started deaf to it
    program = f"{listening}; from dougong.cli import main; main()"
    command = [sys.executable, "-c", program, "check", str(tmp_path), "--watch", "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as process:
        assert process.stdout is not None
        assert "no errors" in process.stdout.readline()
        (tmp_path / "a.yaml").write_text(APP.replace("money", "mony"), encoding="utf-8")
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    assert "T404" in line
    assert process.returncode == 0
