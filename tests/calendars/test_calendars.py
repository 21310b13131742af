"""Working calendars in a definition: hours, weekdays, countries with exchanged days, exceptions, and what is wrong with them."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from dougong.calendars.holidays import YEARS, countries, days_off, days_worked, is_published
from dougong.calendars.written import read_days, read_weekdays, read_windows
from dougong.derive.speech import Speaker
from dougong.model.app import App
from dougong.model.memory import Memory
from dougong.pipeline import read_app
from dougong_dsl.expression.typed import walk

REST = "\nobjects: {a: {fields: {n: text}}}\nroles: {r: {may: [read a]}}\n"
DAY = ((time(9), time(18)),)
SPLIT = ((time(9), time(12)), (time(13, 30), time(18)))


def app(text: str) -> App:
    built = read_app({"a.yaml": f"app: t\n{text}{REST}"})
    assert built.app is not None and not [d for d in built.diagnostics if d.code.code[1] != "7"], [d.message() for d in built.diagnostics]
    return built.app


def test_the_calendar_of_an_app_that_says_nothing() -> None:
    found = app("").calendar
    assert (found.zone, found.country) == (ZoneInfo("Asia/Shanghai"), "CN")
    assert found.windows(date(2026, 3, 2)) == DAY
    assert not found.is_workday(date(2026, 3, 1))


def test_china_in_2026() -> None:
    """As the State Council published it: 248 working days, Saturdays and Sundays among them."""
    found = app("").calendar
    assert found.networkdays(date(2026, 1, 1), date(2026, 12, 31)) == 248
    assert found.windows(date(2026, 2, 14)) == DAY  # a Saturday, for 20 February
    assert not found.is_workday(date(2026, 2, 20))
    assert found.workday(date(2026, 2, 13), 2) == date(2026, 2, 24)  # the whole spring festival between


def test_spring_festival_and_five_working_days() -> None:
    assert app("").calendar.workday(date(2026, 2, 12), 5) == date(2026, 2, 26)


def test_a_zone_without_a_country_has_no_holidays() -> None:
    found = app("timezone: Europe/Berlin").calendar
    assert found.country is None and found.is_workday(date(2026, 12, 25))


def test_hours_days_and_exceptions() -> None:
    text = 'calendar: {hours: "09:00-12:00 13:30-18:00", days: 周一至周六, exceptions: {2026-05-06: off, 2026-10-10: "9:00-12:00"}}'
    found = app(text).calendar
    assert found.windows(date(2026, 3, 7)) == SPLIT
    assert found.windows(date(2026, 5, 6)) == ()
    assert found.windows(date(2026, 10, 10)) == ((time(9), time(12)),)


def test_a_period_of_exceptions_and_a_single_day_in_it() -> None:
    found = app('calendar: {country: none, exceptions: {2026-07-20..2026-07-24: off, 2026-07-22: "08:00-24:00"}}').calendar
    assert [day for day in range(20, 28) if found.is_workday(date(2026, 7, day))] == [22, 27]
    assert found.windows(date(2026, 7, 22)) == ((time(8), time(0)),)
    assert found.is_workday(date(2026, 10, 1))


def test_named_calendars_take_country_and_zone_from_the_app_s() -> None:
    text = "calendar: {country: DE-BY, timezone: Europe/Berlin}\ncalendars:\n"
    text += '  plant: {hours: {mon-fri: "06:00-14:00", sat: "06:00-10:00"}}\n  desk: {country: JP, timezone: Asia/Tokyo}'
    found = app(text)
    plant, desk = found.calendars["plant"], found.calendars["desk"]
    assert (plant.zone.key, plant.country, desk.zone.key, desk.country) == ("Europe/Berlin", "DE-BY", "Asia/Tokyo", "JP")
    assert plant.windows(date(2026, 3, 7)) == ((time(6), time(10)),)
    assert not plant.is_workday(date(2026, 11, 1)) and not plant.is_workday(date(2026, 6, 4))  # Corpus Christi in Bavaria


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("calendar: {country: XX}", "2:21", "T204"),
        ('calendar: {hours: "09:00-08:00"}', "2:20", "T204"),
        ('calendar: {hours: "09:00-12:00 11:00-18:00"}', "2:20", "T204"),
        ("calendar: {hours: {}}", "2:19", "T204"),
        ('calendar: {hours: {mon-fri: "9:00-17:00", fri: "9:00-12:00"}}', "2:43", "T204"),
        ("calendar: {days: mon-fry}", "2:18", "T204"),
        ("calendar: {exceptions: {2026-02-30: off}}", "2:25", "T204"),
        ("calendar: {exceptions: {2026-02-03: closed}}", "2:37", "T204"),
        ("calendar: {timezone: Mars}", "2:22", "T221"),
        ('calendar: {days: mon-fri, hours: {mon: "9:00-17:00"}}', "2:11", "T229"),
        ("calendar: {holidays: CN}", "2:12", "T201"),
        ("calendars: {}", "2:12", "T227"),
    ],
)
def test_mistakes(text: str, place: str, code: str) -> None:
    built = read_app({"a.yaml": f"app: t\n{text}{REST}"})
    found = [(f"{d.place.line}:{d.place.column}", d.code.code) for d in built.diagnostics if d.code.code[1] != "7"]
    assert found == [(place, code)]


def test_writing() -> None:
    assert read_windows("9:00–12:00、13:30至18:00") == SPLIT
    assert read_windows("00:00-24:00") == ((time(0), time(0)),)
    assert read_weekdays("sat-mon, 周三") == (0, 2, 5, 6)
    assert read_weekdays("星期一 到 星期五") == (0, 1, 2, 3, 4)
    assert len(read_days("2026-07-01..2026-07-31")) == 31
    for wrong in ("", "9-12", "09:60-10:00", "24:30-25:00", "09:00-12:00 and"):
        with pytest.raises(ValueError):
            read_windows(wrong)


def test_unpublished_years_hold_the_statutory_days() -> None:
    assert is_published("CN", 2026) and not is_published("CN", YEARS[-1])
    assert date(2050, 10, 1) in days_off("CN") and not [day for day in days_worked("CN") if day.year == 2050]
    assert is_published("DE", 2050)
    assert {"CN", "DE-BY", "JP"} <= set(countries())


def test_a_build_with_a_memory_sees_another_calendar() -> None:
    first = 'app: t\ncalendars: {plant: {days: mon-sat}}\nobjects: {a: {fields: {d: date, e: "date = workday(d, 1, plant)"}}}\nroles: {r: {may: [read a]}}\n'
    memory = Memory()
    read_app({"a.yaml": first}, memory=memory)
    again = read_app({"a.yaml": first.replace("mon-sat", "mon-fri")}, memory=memory).app
    assert again is not None
    formula = again.objects["a"].fields["e"].formula
    assert formula is not None and again.calendars["plant"] in [getattr(node, "calendar", None) for node in walk(formula.root)]
    gone = read_app({"a.yaml": first.replace("calendars: {plant", "calendars: {works")}, memory=memory)
    assert [(d.code.code, d.place.line) for d in gone.diagnostics] == [("T363", 3)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("d >= today + 3 working days", ("d不早于WORKDAY(今天, 3)", "d is no earlier than WORKDAY(today, 3)")),
        ("isworkday(d, plant)", ("ISWORKDAY(d, plant)", "ISWORKDAY(d, plant)")),
        ("t > now - 90 working minutes", ("t晚于现在 - 90 个工作分钟", "t is after now - 90 working minutes")),
        ("t > now - 3 working days", ("t晚于现在 - 3 个工作日", "t is after now - 3 working days")),
    ],
)
def test_rules_are_said_in_words(text: str, said: tuple[str, str]) -> None:
    built = read_app(
        {
            "a.yaml": "app: t\ncalendars: {plant: {days: mon-sat}}\n"
            f'objects: {{b: {{fields: {{d: date, t: datetime}}, checks: [{{rule: "{text}", message: x}}]}}}}\nroles: {{r: {{may: [read b]}}}}\n'
        }
    ).app
    assert built is not None
    assert Speaker(built).condition(built.objects["b"].checks[0].rule.root) == said
