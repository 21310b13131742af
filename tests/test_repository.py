"""Promises of the repository as a whole: what is in it, what is not, and that its files agree with each other."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.source import ROOT, Module, everything, product

VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
ASSETS = ROOT / "engine/dougong/web/assets"
# needed, though no line imports them: uvicorn is five times slower without the first two, Starlette reads no form without the third
UNSEEN = {"uvloop", "httptools", "python-multipart"}
# installed by those that declare them, and never without
COMES_WITH = {"lsprotocol": "pygls", "pydantic-core": "pydantic", "markupsafe": "jinja2", "psycopg-pool": "psycopg"}
OURS = {"dougong", "dougong_dsl", "tests", "bench", "scripts", "hatch_build", "examples"}


def test_every_module_says_what_it_is_in_charge_of() -> None:
    assert [m.where for m in everything() if m.text.strip() and not ast.get_docstring(m.tree)] == []


def test_no_module_has_a_vague_name() -> None:
    assert [m.where for m in everything() if VAGUE & set(m.name.split("."))] == []


def test_no_test_is_skipped() -> None:
    skipping = re.compile(r"pytest\.(skip|importorskip|xfail)\b|mark\.(skip|skipif|xfail)\b")
    tests = [m for m in everything() if m.name.startswith("tests.") and m.name != "tests.test_repository"]
    assert [m.where for m in tests if skipping.search(m.text)] == []


def test_nothing_of_others_and_nothing_built_is_committed() -> None:
    foreign = re.compile(r"node_modules/|\.min\.(js|css)$|static/dist/|\.(woff2?|ttf|otf|whl|pyc|db|sqlite3?)$")
    assert [f for f in tracked() if foreign.search(f)] == []
    assert [f for f in tracked() if (ROOT / f).exists() and (ROOT / f).stat().st_size > 500_000] == []


def test_the_front_end_is_locked_and_names_no_registry() -> None:
    lock = (ASSETS / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
    assert re.findall(r'"[\^~]\d', (ASSETS / "package.json").read_text(encoding="utf-8")) == []


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_continuous_integration_runs_what_people_run() -> None:
    run = ROOT / ".ci/run"
    assert os.access(run, os.X_OK)
    assert run.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


def test_every_command_of_the_makefile_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    assert set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) == phony


def test_the_product_imports_what_it_declares_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = {normal(d) for d in project["dependencies"] + [d for name in extras if name != "dev" for d in extras[name]]}
    assert distributions(imported(product())) | UNSEEN == declared


def test_the_tests_import_what_they_declare() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {normal(d) for d in project["dependencies"] + project["optional-dependencies"]["dev"]}
    assert distributions(imported(everything())) - declared == set()


def imported(modules: tuple[Module, ...]) -> set[str]:
    """The names of the foreign top-level packages that the modules import."""
    found: set[str] = set()
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - OURS


def distributions(packages: set[str]) -> set[str]:
    """The distributions that carry the packages; what is not installed goes by its own name."""
    known = packages_distributions()
    names = {normal(known.get(package, [package])[0]) for package in packages}
    return {COMES_WITH.get(name, name) for name in names}


def normal(requirement: str) -> str:
    """The name in a requirement, as PyPI writes it."""
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def tracked() -> list[str]:
    """The files under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return listed.stdout.split("\0")[:-1]
