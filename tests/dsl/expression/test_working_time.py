"""Working days and hours on every backend: the same answers on generated calendars, and those of a spreadsheet."""

import dataclasses
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dougong_dsl.expression import Expression, check, to_python
from dougong_dsl.expression.scope import Scope
from dougong_dsl.places import Source
from dougong_dsl.working import Calendar, Windows
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.dsl.expression import generated
from tests.dsl.expression.backends import Everywhere
from tests.dsl.expression.world import SCOPE, context, problems
from tests.dsl.test_working import hours

SLOW = settings(
    deadline=None, max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck)
)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
DAYS = ("due", "start", "today", "created_at", "WORKDAY(due, 2)", "#2026-03-28#", "#2026-10-24#")
MOMENTS = (
    "created_at",
    "closed_at",
    "now",
    "now - 3 working days",
    "#2026-03-29 09:00#",
    "#2026-10-26 01:30#",
    "DATETIME(2026, 2, 14, 10, 0)",
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Odd hours in several zones, with exceptions about the days of the rows."""
    usual, other = draw(hours()), draw(hours())
    off = draw(st.sets(st.integers(0, 6), max_size=5))
    week: tuple[Windows, ...] = tuple(() if day in off else other if day == 5 else usual for day in range(7))
    days = draw(st.sets(st.dates(date(2023, 12, 1), date(2026, 12, 31)), max_size=30)) | {date(2026, 3, 16), date(2026, 3, 29)}
    own = tuple((day, draw(st.just(()) | hours())) for day in sorted(days))
    return Calendar(ZoneInfo(draw(st.sampled_from(ZONES))), week, own)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """An expression that counts working days or working time."""
    a, b = draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))
    at, to = draw(st.sampled_from(MOMENTS)), draw(st.sampled_from(MOMENTS))
    sign, n = draw(st.sampled_from("+-")), draw(st.one_of(st.integers(0, 9), st.sampled_from([250, 10**6])))
    return draw(
        st.sampled_from(
            [
                f"WORKDAY({a}, {sign}{n})",
                f"WORKDAY({a}, visits, plant)",
                f"WORKDAY({a}, count)",
                f"NETWORKDAYS({a}, {b})",
                f"NETWORKDAYS({a}, {b}, plant)",
                f"ISWORKDAY({a})",
                f"due {sign} {n} working days",
                f"{at} {sign} {n} working days",
                f"{at} {sign} {n} working hours",
                f"{at} {sign} {n} 个工作分钟",
                f"WORKHOURS({at}, {to})",
                f"WORKHOURS({at}, {to}, plant) > {n}",
                f"closed_at > {at} - {n} working hours",
            ]
        )
    )


def typed(text: str, scope: Scope) -> Expression:
    expression, found = check(Source.inline(text), scope)
    assert expression is not None, f"{text}: {[d.message('en') for d in found]}"
    return expression


@SLOW
@given(rows=generated.worlds(), own=calendars(), plant=calendars(), written=st.lists(texts(), min_size=16, max_size=16))
def test_every_backend_gives_the_answer_of_python(
    everywhere: Everywhere, rows: dict[str, list[dict[str, Any]]], own: Calendar, plant: Calendar, written: list[str]
) -> None:
    everywhere.fill(rows)
    scope = dataclasses.replace(SCOPE, calendar=own, calendars={"plant": plant})
    assert not everywhere.differences([typed(text, scope) for text in written], rows)


OFFICE = Calendar(ZoneInfo("Asia/Shanghai"), (((time(9), time(12)), (time(13, 30), time(18))),) * 5 + ((), ()))
OFFICE_SCOPE = dataclasses.replace(SCOPE, calendar=OFFICE)


def answer(text: str) -> Any:
    return to_python(typed(text, OFFICE_SCOPE))({}, context({}))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#2026-03-13# + 3 working days", date(2026, 3, 18)),
        ("#2026-03-16# - 1 个工作日", date(2026, 3, 13)),
        ("#2026-03-14# + 0 working days", date(2026, 3, 14)),
        ("#2026-03-13 16:00# + 3 working days", local("2026-03-18 16:00")),
        ("#2026-03-13 16:00# + 4 working hours", local("2026-03-16 11:00")),
        ("#2026-03-16 10:00# - 2 工时", local("2026-03-13 17:00")),
        ("#2026-03-16 10:00# - 1 working hour", local("2026-03-16 09:00")),
        ("#2026-03-13 17:30# + 30 working minutes", local("2026-03-13 18:00")),
        ("HOURS(#2026-03-13 12:30# + 1 working hour - #2026-03-13 12:30#)", 2),
    ],
)
def test_arithmetic(text: str, value: object) -> None:
    assert answer(text) == value


def test_what_counts_working_time_knows_it() -> None:
    assert typed("due + 3 working days", SCOPE).asks_calendar and typed("WORKHOURS(created_at, now)", SCOPE).asks_calendar
    assert not typed("due + 3 days", SCOPE).asks_calendar


def test_mistakes() -> None:
    found = {
        text: [d.code.code for d in problems(text)] for text in ("due + 8 working hours", "3 working days", "WORKDAY(due, 1, nowhere)")
    }
    assert found == {"due + 8 working hours": ["T341"], "3 working days": ["T364"], "WORKDAY(due, 1, nowhere)": ["T363"]}
    assert [d.code.code for d in problems("now - created_at > 2 working days")] == ["T364"]
    assert [d.code.code for d in problems("due + 2 working weeks")] == ["T399"]
