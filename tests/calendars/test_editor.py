"""Editors know calendars: where one is declared and used, renaming, completion."""

from dougong.lsp.expressions import Around
from dougong.lsp.index import declared, index
from dougong.lsp.offers import Offers
from dougong.lsp.rename import rename
from dougong.lsp.symbols import Symbol

APP = """app: t
calendars:
  plant: {days: mon-sat}
objects:
  order:
    fields:
      due: date
      plant: text
      ready: date = workday(due, 2, plant)
      open: boolean = isworkday(due, "plant") and networkdays(due, due) > 1
"""
PLANT = Symbol("calendar", "plant")


def test_every_place_of_a_calendar_is_renamed_and_nothing_else() -> None:
    files = {"a.yaml": APP}
    found = index(files, declared(files))
    assert [(o.place.line, o.place.column) for o in found.of(PLANT)] == [(3, 3), (9, 37), (10, 39)]
    assert {(e.start, e.text) for e in rename(found, files, PLANT, "werk")} == {((3, 3), "werk"), ((9, 37), "werk"), ((10, 39), "werk")}


def test_calendars_are_offered_in_calls_that_take_one() -> None:
    offers = Offers(declared({"a.yaml": APP}), "en")
    around = Around("order")
    assert "plant" in [o.label for o in offers.expression("workday(due, 2, ", around) if o.detail != "text"]
    labels = [(o.label, o.kind) for o in offers.expression("workday(due, 2, ", around)]
    assert len([label for label, _ in labels if label == "plant"]) == 2  # the field of that name, too
    assert len([o for o in offers.expression("sum(due, 2, ", around) if o.label == "plant"]) == 1
