"""`check --show calendars`: a person sees which days are off, and which year is not published yet."""

from typing import Any

import pytest
from dougong.cli.dump import STAGES

from tests.calendars.test_calendars import app


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_calendar_shows_its_days_and_what_is_not_published(language: Any) -> None:
    made = STAGES["calendars"](app('calendar: {hours: "09:00-12:00 13:00-24:00", exceptions: {2026-03-03: off}}'), language)["calendar"]
    assert (made["timezone"], made["country"], made["week"]["mon"]) == ("Asia/Shanghai", "CN", "09:00-12:00 13:00-24:00")
    assert made["working_days"]["2026"] == 247
    said = [made["exceptions"][f"2026-{day}"] for day in ("03-03", "02-17", "02-14")]
    hours = "09:00-12:00 13:00-24:00"
    chinese = ["休息: 本应用的例外", "休息: 春节", f"{hours}: 调休上班"]
    english = ["off: an exception of this app", "off: Chinese New Year (Spring Festival)", f"{hours}: worked instead of another day"]
    assert said == (chinese if language == "zh" else english)
    assert len(made["notes"]) == 1 and max(made["working_days"]) in made["notes"][0]


def test_a_calendar_without_a_country_needs_no_note() -> None:
    made = STAGES["calendars"](app("calendar: {country: none}"), "en")["calendar"]
    assert made["country"] == "none" and made["exceptions"] == {} and "notes" not in made
