"""What `dougong fmt` writes is how everything that is shown is written: templates, examples and the blocks of the documents."""

from pathlib import Path

import pytest
from dougong.pipeline import read_app
from dougong.rewrite.formatted import format_app

from tests.documents import DOCUMENTS, blocks
from tests.source import ROOT
from tests.test_docs import apps

FOLDERS = ("manufacturing", "education", "pharma", "builtin_templates", "examples", "bench/apps")


def _app_folders() -> list[Path]:
    """Every folder in which a file says `app:`; a part of a template belongs to the folder above it."""
    files = (path for top in FOLDERS for path in (ROOT / top).rglob("*.yaml"))
    return sorted({path.parent for path in files if any(line.startswith("app:") for line in path.read_text("utf-8").splitlines())})


@pytest.mark.parametrize("folder", _app_folders(), ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_every_template_and_example_is_in_the_house_style(folder: Path) -> None:
    built = read_app(folder)
    assert built.app is not None
    done = format_app(built)
    assert (done.kept, {name for name, text in done.files.items() if text != built.files[name]}) == ((), set())


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if blocks(d, "yaml")], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_block_of_the_documents_is_in_the_house_style(document: Path) -> None:
    for files in apps(blocks(document, "yaml")):
        built = read_app(files)
        assert built.app is not None
        assert format_app(built).files == files


def test_functions_are_written_small() -> None:
    files = {"app.yaml": "app: one\nobjects:\n  lead:\n    fields:\n      a: integer\n      b: integer = ROUND( Max(a,1) )\n"}
    assert format_app(read_app(files)).files["app.yaml"].splitlines()[-1].strip() == "b: integer = round(max(a, 1))"
