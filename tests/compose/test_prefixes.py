"""Building blocks under a prefix: the same app as with its names written by hand, each letter at its place, and as many copies as one likes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from dougong.compose.provenance import Origin, why
from dougong.definition.app import define
from dougong.engine import Engine
from dougong.model.app import App
from dougong.model.resolve import resolve
from dougong.names.prefix import prefixed
from dougong.pipeline import Built, read_app
from dougong.read.files import load_files, merge_files
from dougong.rewrite.expressions import summary
from dougong_dsl.places import Place
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from tests.packs.packs import PACKS, Pack

MARKED = (Path(__file__).parent / "marked.yaml").read_text(encoding="utf-8")
MARK = re.compile("«(\\w+)»")
NAMES = sorted(set(MARK.findall(MARKED)))
TRICKY = ("name", "amount", "region", "kind", "open", "won", "east", "deals", "客户", "片区", "todo", "other", "one", "check_stage", "area")
BLOCK = MARK.sub(r"\1", MARKED)


def used(block: str, uses: str, more: str = "") -> Built:
    return read_app({"app.yaml": f"app: a\nuses: {uses}\n{more}", ".uses/block/app.yaml": block})


def errors(built: Built) -> list[str]:
    return [f"{d.place} {d.code.code} {d.message('en')}" for d in built.diagnostics if d.is_error]


def app_of(built: Built) -> App:
    assert errors(built) == []
    assert built.app is not None
    return built.app


def places(value: Any) -> Iterator[tuple[int, int]]:
    """Every place that a model remembers, without its file."""
    if isinstance(value, Place):
        yield value.line, value.column
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from places(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from places(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from places(getattr(value, each.name))


@settings(deadline=None, max_examples=6, phases=[Phase.generate])  # to shrink an app takes minutes
@given(st.permutations(TRICKY), st.sets(st.integers(0, len(NAMES) - 1), max_size=5), st.sampled_from(("crm", "x9", "a_b")))
def test_a_prefix_is_the_same_as_names_written_by_hand(words: list[str], which: set[int], prefix: str) -> None:
    """Some names become words that mean something else too: fields, options, stages, titles."""
    names = {name: words.pop() if number in which else name for number, name in enumerate(NAMES)}
    block = MARK.sub(lambda mark: names[mark[1]], MARKED)
    alone = read_app({"app.yaml": block})
    assume(alone.app is not None and all(d.code.code != "T324" for d in alone.diagnostics))  # a field that is taken for an option stays one
    by_hand = re.sub("app: block\ntitle.*", "app: a", MARK.sub(lambda mark: f"{prefix}_{names[mark[1]]}", MARKED))
    composed = app_of(used(block, f"{{{prefix}: block}}"))
    assert summary(composed) == summary(app_of(read_app({"app.yaml": by_hand})))
    assert alone.app is not None
    assert list(places(composed.objects)) == list(places(alone.app.objects))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_name_of_a_template_gets_the_prefix(pack: Pack) -> None:
    """With its scenarios, which are not handed on: they show that names in stories are found too."""
    files, _ = load_files(pack.folder)
    merged, _, _ = merge_files(files)
    if any(key == "uses" for key in merged):
        return
    (part,) = prefixed([merged], "zz_")
    definition, found, broken = define(part)
    assert definition is not None
    resolved = resolve(definition, files, broken)
    assert [f"{d.place} {d.message('en')}" for d in (*found, *resolved.diagnostics) if d.is_error] == []
    bare = {name for name in (*resolved.app.objects, *resolved.app.roles, *resolved.app.views) if not name.startswith("zz_")}
    assert bare <= {"user", "team"}


def test_one_block_twice_and_once_more_without() -> None:
    app = app_of(used(BLOCK, "[{one: block, two: block}, block]"))
    assert {"deal", "one_deal", "two_deal"} <= set(app.objects)
    assert {"area", "one_area", "two_area", "one_helper"} <= set(app.objects["user"].fields)
    assert app.objects["two_deal"].fields["customer"].type.target == "two_customer"


def test_an_alias_covers_what_the_block_stands_on_and_aliases_go_below_each_other() -> None:
    files = {
        "app.yaml": "app: a\nuses: {s: shop, t: shop, s_k: block}\n",
        ".uses/shop/app.yaml": "app: shop\nuses: [{k: block}]\nobjects: {shop: {fields: {best: link k_deal, city: text}}}\n"
        "change: {objects.k_deal.fields.amount.default: 7}\n",
        ".uses/block/app.yaml": BLOCK,
    }
    app = app_of(read_app(files))
    assert app.objects["t_shop"].fields["best"].type.target == "t_k_deal"
    for name in ("s_k_deal", "t_k_deal"):
        default = app.objects[name].fields["amount"].default
        assert default is not None and default.source.text == "7"


def test_changes_reach_the_names_as_they_are_here_and_provenance_tells_the_file() -> None:
    more = "change: {objects.crm_deal.fields.amount.title: 金额, roles.crm_boss.title: 老板, triggers.crm_weekly: removed}\n"
    built = used(BLOCK, "[crm: block]", more)
    app = app_of(built)
    assert (app.objects["crm_deal"].fields["amount"].title.zh, app.roles["crm_boss"].title.zh, "crm_weekly" in app.triggers) == (
        "金额",
        "老板",
        False,
    )
    assert built.composed is not None
    found = why(built.composed, "objects.crm_customer.fields.region")
    assert isinstance(found, Origin)
    line = next(number for number, text in enumerate(BLOCK.splitlines(), 1) if "region: choice" in text)
    assert str(found.place) == f".uses/block/app.yaml:{line}:{BLOCK.splitlines()[line - 1].index('region') + 1}"
    assert found.value == {"type": "choice", "from": "crm_regions"}


def test_former_names_get_the_prefix_so_an_upgrade_keeps_the_data(database_url: str) -> None:
    files = {"app.yaml": "app: a\nuses: [x: block]\n", ".uses/block/app.yaml": "app: b\nobjects: {client: {fields: {name: text}}}\n"}
    renamed = {**files, ".uses/block/app.yaml": "app: b\nobjects: {customer: {was: client, fields: {name: text}}}\n"}
    with Engine.open(files, database=database_url) as engine:
        with engine.system_session("test") as session:
            session.create("x_client", name="周记")
        engine.apply(renamed, "test")
        with engine.system_session("test") as session:
            assert [record["name"] for record in session.find("x_customer").records] == ["周记"]
    with Engine.open("nowhere", database=database_url, apply=False) as engine:  # what travels is enough
        assert list(engine.app.objects) == ["user", "team", "x_customer"]


def test_an_app_that_gives_its_block_a_prefix_keeps_the_data(database_url: str) -> None:
    block = "app: b\nobjects:\n  shop: {fields: {name: text}}\n  visit: {fields: {shop: link shop as visits, note: text}}\n"
    with Engine.open({"app.yaml": "app: a\nuses: [block]\n", ".uses/block/app.yaml": block}, database=database_url) as engine:
        with engine.system_session("test") as session:
            shop = session.create("shop", name="周记")
            session.create("visit", shop=shop.id, note="谈价")
        change = "change: {objects.x_shop.was: shop, objects.x_visit.was: visit}\n"
        engine.apply({"app.yaml": "app: a\nuses: [x: block]\n" + change, ".uses/block/app.yaml": block}, "test")
        with engine.system_session("test") as session:
            (visit,) = session.find("x_visit", where='shop.name = "周记"').records
            assert visit["note"] == "谈价"


def test_stories_stay_with_the_block_under_an_alias_and_casts_are_put_together_without() -> None:
    story = "cast: [user li: {name: 李}]\nscenarios: {s: {as: li, steps: [create it d: {name: x}]}}\n"
    block = "app: b\nobjects: {it: {fields: {name: text}}}\nroles: {r: {may: [create it]}}\n" + story
    own = story.replace("user li", "user wang").replace("scenarios: {s: {as: li", "scenarios: {mine: {as: wang")
    together = app_of(used(block, "block", own))
    assert [[step.login for step in s.given] for s in together.scenarios.values()] == [["li", "wang"]] * 2
    assert app_of(used(block, "[x: block]")).scenarios == {}


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ("[my-own: block]", "app.yaml:2:8 T812"),
        ("[block@a]", "app.yaml:2:8 T809"),
        ("{x: [block]}", "app.yaml:2:11 T202"),
        ("{x: blok}", "app.yaml:2:11 T801"),
        ("[{x: block}, {y: block@9}]", "app.yaml:2:24 T802"),
    ],
)
def test_a_wrong_alias_is_told_at_its_place(uses: str, expected: str) -> None:
    assert [each[: len(expected)] for each in errors(used(BLOCK, uses, "objects: {own: {fields: {name: text}}}\n"))] == [expected]


def test_a_mistake_in_a_block_under_an_alias_points_into_the_block() -> None:
    wrong = BLOCK.replace("spent > THIS.spent", "spnt > THIS.spent")
    line = next(number for number, text in enumerate(wrong.splitlines(), 1) if "spnt" in text)
    assert [e.split()[0] for e in errors(used(wrong, "[x: block]"))] == [
        f".uses/block/app.yaml:{line}:{wrong.splitlines()[line - 1].index('spnt') + 1}"
    ]
