"""Documents are tests: their YAML loads, their commands give the answers they print, what they link to is there."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from dougong.pipeline import read_app

from scripts import reference
from tests.documents import DATA, DOCUMENTS, Block, blocks, commands, matches, shell
from tests.source import ROOT


def name(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def having(*languages: str) -> list[Path]:
    return [d for d in DOCUMENTS if blocks(d, *languages)]


@pytest.mark.parametrize("document", having("yaml"), ids=name)
def test_yaml_adds_up_to_an_app_without_a_diagnostic(document: Path) -> None:
    for files in apps(blocks(document, "yaml")):
        built = read_app(files)
        assert [f"{d.place} {d.code.code} {d.message('en')}" for d in built.diagnostics] == []


@pytest.mark.parametrize("document", having("console"), ids=name)
def test_commands_answer_as_printed(document: Path, tmp_path: Path) -> None:
    if not DATA.is_dir() and "shared/data" in document.read_text(encoding="utf-8"):
        # the figures of such a story are those of the real data; tests/test_examples.py walks it on an extract
        print(f"\n!!! {DATA} is not there: the commands of {name(document)} were not run !!!", file=sys.__stderr__)
        return
    with shell(tmp_path) as prompt:
        for block in blocks(document, "console"):
            for command in commands(block):
                found = prompt.type(command.text)
                assert matches(command.answer, found), f"{block.where}\n$ {command.text}\nprinted:\n{command.answer}\nfound:\n{found}"


@pytest.mark.parametrize("document", having("python"), ids=name)
def test_python_runs(document: Path, tmp_path: Path) -> None:
    with shell(tmp_path) as prompt:
        program = prompt.folder / "blocks.py"
        lines = ""
        for block in blocks(document, "python"):
            lines += "\n" * (block.line - lines.count("\n")) + block.text  # tracebacks name the document's own lines
        program.write_text(lines, encoding="utf-8")
        answer = prompt.type(f"{sys.executable} -W error {program.name} && echo finished")
    assert answer.endswith("finished\n"), answer


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = [t.partition("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in t]
    assert [t for t in targets if t and not (document.parent / t).exists()] == []


@pytest.mark.parametrize("document", having("sh", "console"), ids=name)
def test_named_commands_exist(document: Path) -> None:
    text = "\n".join(b.text for b in blocks(document, "sh", "console"))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [t for t in re.findall(r"\bmake ([a-z]+)", text) if not re.search(rf"^{t}:", makefile, re.MULTILINE)] == []
    assert [c for c in re.findall(r"^(?:\$ )?dougong ([a-z]+)\b", text, re.MULTILINE) if f" {c} " not in known_commands()] == []


def test_the_reference_is_fresh() -> None:  # python -m scripts.reference
    assert {f.name: f.read_text(encoding="utf-8") for f in sorted(reference.FOLDER.glob("*.md"))} == dict(reference.pages())


def apps(found: list[Block]) -> list[dict[str, str]]:
    """The blocks of a document as the files of its apps; each file keeps the block's line numbers."""
    result: list[dict[str, str]] = []
    for block in found:
        if block.text.lstrip().startswith("app:") or not result:
            result.append({})
        result[-1][f"{name(block.document)}-{block.line}.yaml"] = "\n" * block.line + block.text
    return result


@cache
def known_commands() -> str:
    """What `dougong --help` prints."""
    command = Path(sys.executable).parent / "dougong"
    return subprocess.run([command, "--help"], capture_output=True, text=True, check=True, env={"COLUMNS": "140"}).stdout
