"""Editors know calendars: where one is declared and used, renaming, completion."""

from datetime import date

import pytest
from dougong.lsp.offers import Offers
from dougong.lsp.rename import rename
from dougong.names.expressions import Around
from dougong.names.index import declared, index
from dougong.names.symbols import Symbol
from dougong.pipeline import read_app
from dougong.rewrite.rewrite import Form

from tests.rewrite.test_fmt import check_form

APP = """app: t
calendars:
  plant: {days: mon-sat}
objects:
  job:
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
    around = Around("job")
    assert "plant" in [o.label for o in offers.expression("workday(due, 2, ", around) if o.detail != "text"]
    labels = [(o.label, o.kind) for o in offers.expression("workday(due, 2, ", around)]
    assert len([label for label, _ in labels if label == "plant"]) == 2  # the field of that name, too
    assert len([o for o in offers.expression("sum(due, 2, ", around) if o.label == "plant"]) == 1


@pytest.mark.parametrize("form", list(Form))
def test_formatting_keeps_calendars(form: Form) -> None:
    notes = "\ncalendar: {days: mon-sat, exceptions: {2026-03-03: off}}  # ours\nroles: {r: {may: [read job]}}\n"
    after = check_form(read_app({"app.yaml": APP + notes}), form).app
    assert after is not None and (after.calendar.is_workday(date(2026, 3, 7)), after.calendar.is_workday(date(2026, 3, 3))) == (True, False)
    assert list(after.calendars) == ["plant"]
