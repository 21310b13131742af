"""The language guides keep their word: their apps apply on both databases, their expressions give the shown results, their
wrong definitions are answered with the shown words, their short and long forms are one."""

from pathlib import Path
from typing import Any

import pytest
from dougong import Engine
from dougong.cli.diagnostics import lines as told
from dougong.definition.fields import plain
from dougong.flow.scenarios.play import play_all
from dougong.flow.scenarios.world import World
from dougong.model.app import App
from dougong.names import written
from dougong.pipeline import read_app
from dougong.read.yaml import read_yaml

from tests.documents import Block, blocks
from tests.guide import lines, pairs, shown, world
from tests.source import ROOT
from tests.test_docs import apps

GUIDES = {"zh": ROOT / "docs" / "language.md", "en": ROOT / "docs" / "language.en.md"}
FILE = "app.yaml"
READERS = {"field": written.field, "move": written.move, "grant": written.grant, "event": written.event}
LANGUAGES = pytest.mark.parametrize("language", GUIDES)


def guide(language: str, *kinds: str) -> list[Block]:
    return blocks(GUIDES[language], *kinds)


def whole(language: str) -> dict[str, str]:
    """The app that the guide builds up."""
    return apps(guide(language, "yaml"))[1]


def written_down(files: dict[str, str], folder: Path) -> Path:
    """An app's folder with these files."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name.rpartition("/")[2]).write_text(text, encoding="utf-8")
    return folder


def built(language: str) -> App:
    app = read_app(whole(language)).app
    assert app is not None
    return app


@LANGUAGES
def test_the_app_applies_grows_and_then_nothing_is_left_to_change(language: str, database_url: str, tmp_path: Path) -> None:
    for number, files in enumerate(apps(guide(language, "yaml"))[:2]):  # the first, small one grows into the whole
        folder = written_down(files, tmp_path / f"app-{number}")
        with Engine.open(folder, database=database_url) as engine:
            assert engine.plan(folder).is_empty


# what the story below is about, in the words of each guide
WORDS = {
    "zh": {
        "customer": ("客户", {"姓名": "林晚", "城区": "东城"}),
        "piano": ("钢琴", {"品牌": "珠江", "类型": "立式"}, "客户"),
        "visit": ("上门", {"日期": "2026-03-01", "项目": ["调律"], "收费": "450", "折扣": "0.1"}, "客户", "钢琴"),
        "moves": ("做完", "完成"),
        "reads": ("累计", "日期"),
        "rating": {"评分": 5},
    },
    "en": {
        "customer": ("customer", {"name": "Lin Wan", "district": "east"}),
        "piano": ("piano", {"make": "Pearl River", "kind": "upright"}, "customer"),
        "visit": ("visit", {"day": "2026-03-01", "work": ["tuning"], "price": "450", "discount": "0.1"}, "customer", "piano"),
        "moves": ("done", "paid"),
        "reads": ("spent", "day"),
        "rating": {"rating": 5},
    },
}


@LANGUAGES
def test_a_visit_that_is_paid_counts_and_books_the_next(language: str, database_url: str, tmp_path: Path) -> None:
    words: dict[str, Any] = WORDS[language]
    folder = written_down(whole(language), tmp_path / "app")
    with Engine.open(folder, database=database_url) as engine, engine.system_session("the guide") as crm:
        customer = crm.create(words["customer"][0], words["customer"][1])
        piano = crm.create(words["piano"][0], {**words["piano"][1], words["piano"][2]: customer.id})
        kind, values, *links = words["visit"]
        visit = crm.create(kind, {**values, links[0]: customer.id, links[1]: piano.id})
        done, paid = words["moves"]
        crm.move(kind, visit.id, done, {})
        crm.move(kind, visit.id, paid, words["rating"])
        total, day = words["reads"]
        assert crm.get(words["customer"][0], customer.id)[total] == 450
        assert sorted(str(v[day]) for v in crm.find(kind, limit=10).records) == ["2026-03-01", "2026-09-01"]


@LANGUAGES
def test_its_scenarios_come_true(language: str) -> None:
    with World(whole(language)) as world:
        outcomes = play_all(world, world.app.scenarios.values())
    assert outcomes
    assert [(o.scenario.name, o.failure) for o in outcomes if o.failure is not None] == []


@LANGUAGES
def test_expressions_give_the_shown_results(language: str) -> None:
    (data,) = guide(language, "data")
    there = world(built(language), data)
    found = [(text, shown(there.value(text), language), result) for block in guide(language, "expr") for text, result in lines(block)]
    assert [(text, value) for text, value, _ in found] == [(text, result) for text, _, result in found]
    assert len(found) > 30


@LANGUAGES
def test_wrong_definitions_get_the_shown_words(language: str) -> None:
    for wrong, answer in pairs(guide(language, "wrong", "told")):
        assert (wrong.language, answer.language) == ("wrong", "told"), wrong.where
        files = {FILE: wrong.text}
        found = [line for d in read_app(files).diagnostics for line in told(d, files, "zh" if language == "zh" else "en")]
        assert found == answer.text.splitlines(), wrong.where


@LANGUAGES
def test_short_and_long_forms_are_one(language: str) -> None:
    for short, long in pairs(guide(language, "short", "long")):
        kind = _kind(short)
        assert (short.language, long.language, _kind(long)) == ("short", "long", kind), short.where
        values = [read_yaml(FILE, text)[0] for text in (_quoted(short.text), long.text)]
        forms = [READERS[kind](value) for value in values]
        assert None not in forms, short.where
        assert _plain(forms[0]) == _plain(forms[1]), short.where


def _kind(block: Block) -> str:
    line = block.document.read_text(encoding="utf-8").splitlines()[block.line - 1]
    return line.split()[1]


def _quoted(text: str) -> str:
    return "'" + text.strip().replace("'", "''") + "'"


def _plain(form: Any) -> Any:
    return {key: [str(v) for v in value] if isinstance(value, list) else value for key, value in plain(form).items()}


def test_the_guides_have_the_same_chapters() -> None:
    shapes = [[b.language for b in blocks(path, "yaml", "expr", "wrong", "told", "short", "long", "data")] for path in GUIDES.values()]
    assert shapes[0] == shapes[1]
    heads = [[line.split(" ")[1] for line in path.read_text("utf-8").splitlines() if line.startswith("## ")] for path in GUIDES.values()]
    assert heads[0] == heads[1]
