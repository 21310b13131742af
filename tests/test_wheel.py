"""What people install: a wheel made from the source distribution, without Node, holds every file of the tree that it should, and
nothing else; and it works where no checkout is.
"""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.source import ROOT

TREES = {"engine/dougong": "dougong", "dsl/dougong_dsl": "dougong_dsl"}
TEMPLATES = ("manufacturing", "education", "pharma")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel made from the source distribution on a machine without Node."""
    folder = tmp_path_factory.mktemp("build")
    build("sdist", ROOT, folder, os.environ["PATH"])
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    build("wheel", next(p for p in folder.iterdir() if p.is_dir()), folder, path="")
    return next(folder.glob("*.whl"))


def build(target: str, source: Path, output: Path, path: str) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(output)]
    done = subprocess.run(command, cwd=source, check=False, capture_output=True, text=True, env={**os.environ, "PATH": path})
    assert done.returncode == 0, done.stderr


def test_the_wheel_holds_the_tree(wheel: Path) -> None:
    held = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    expected = {f"{name}/{f}" for tree, name in TREES.items() for f in files(ROOT / tree) if not f.startswith("web/assets/")}
    for template in [*(ROOT / t for t in TEMPLATES), *sorted((ROOT / "builtin_templates").glob("*"))]:
        expected |= {f"dougong/packs/{template.name}/{f}" for f in files(template)}
    assert sorted(expected - held) == []
    assert sorted(held - expected) == []


def test_it_works_without_a_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    where = installed(tmp_path, "import dougong; print(dougong.__file__)")
    assert where.startswith(str(tmp_path / "site"))
    installed(tmp_path, RUN, "new", "ours", "--template", "manufacturing")
    installed(tmp_path, RUN, "check", "ours")


RUN = "from dougong.cli import main; main()"


def installed(folder: Path, code: str, *arguments: str) -> str:
    """What a program says that sees the unpacked wheel."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "site")}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files(folder: Path) -> set[str]:
    """The files below a folder, without what Python caches and what starts with a dot."""
    paths = (p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    return {p.as_posix() for p in paths if "__pycache__" not in p.parts and not any(part.startswith(".") for part in p.parts)}
