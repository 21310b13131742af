"""A field of options that a release turns into a pipeline's: every record stands where its option says, and its time counts from its making."""

from collections.abc import Iterator
from typing import Any

import pytest
from dougong.database import Database
from dougong.plan.operations import FillStage, StartClocks

from tests.plan.test_moved import flow
from tests.plan.worlds import WHEN, World, app

OPTIONS = {"deal": {"name": "text", "quality": "choice(a, b, old)"}}
PLAIN = {"deal": {"name": "text"}}


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    opened = Database.open(database_url)
    yield World(opened)
    opened.close()


def filled(here: World, *options: str | None) -> None:
    """Deals with these options, in a database that knows no pipeline yet."""
    here.become(app(OPTIONS))
    for option in options:
        here.insert("deal", {"name": "x", "quality": option})


def became(here: World, **more: Any) -> list[str]:
    """The pipeline takes the field over; what the plan says about the deals."""
    plan = here.become(app(PLAIN, flow(["a", "b", "new"], field="quality", **more)))
    return [o.describe("en") for o in plan.operations if isinstance(o, FillStage | StartClocks)]


def test_records_stay_where_they_are_and_blank_ones_begin(here: World) -> None:
    filled(here, "b", None, "a")
    assert became(here) == [
        "deal: first stage a for 1 record",
        "deal: time in stage counts from when it was made for 2 records",
    ]
    assert here.column("deal", "quality") == ["b", "a", "a"]
    assert here.column("deal", "quality_since") == here.column("deal", "created_at")
    assert str(here.column("deal", "created_at")[0])[:10] == WHEN[:10]


@pytest.mark.parametrize("more", [{"moved": {"old": "new"}}, {"was": {"new": "old"}}])
def test_an_option_that_is_no_stage_has_a_place_to_go(here: World, more: dict[str, Any]) -> None:
    filled(here, "old", "a", None)
    became(here, **more)
    assert here.column("deal", "quality") == ["new", "a", "a"]
    assert None not in here.column("deal", "quality_since")


def test_without_one_it_is_asked_about(here: World) -> None:
    filled(here, "old", "old", "a")
    plan = here.plan(app(PLAIN, flow(["a", "b"], field="quality")))
    assert [d.message("en") for d in plan.diagnostics] == ["The stage `old` is gone, but some records of `deal` still stand in it (2)."]


def test_what_is_written_in_a_text_must_be_a_stage(here: World) -> None:
    here.become(app({"deal": {"name": "text", "quality": "text"}}))
    for text in ("a", "nonsense", None):
        here.insert("deal", {"name": "x", "quality": text})
    assert here.plan(app(PLAIN, flow(["a", "b"], field="quality"))).is_blocked


def test_no_records_no_questions(here: World) -> None:
    filled(here)
    assert became(here) == []
