"""Times in words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dougong.web.pages import times
from dougong.web.pages.admin_jobs import spoken
from dougong.web.pages.deadlines import countdown, tone

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 18, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai


@pytest.mark.parametrize(
    ("ago", "zh", "en"),
    [
        (timedelta(seconds=20), "刚刚", "just now"),
        (timedelta(minutes=1), "1 分钟前", "1 minute ago"),
        (timedelta(minutes=45), "45 分钟前", "45 minutes ago"),
        (timedelta(hours=3), "3 小时前", "3 hours ago"),
        (timedelta(hours=20), "昨天 18:00", "yesterday 18:00"),
        (timedelta(days=3), "3 天前", "3 days ago"),
        (timedelta(days=20), "2026-02-26", "2026-02-26"),
        (timedelta(days=400), "2025-02-11", "2025-02-11"),
        (-timedelta(hours=2), "今天 16:00", "today 16:00"),
        (-timedelta(hours=22), "明天 12:00", "tomorrow 12:00"),
    ],
)
def test_moments(ago: timedelta, zh: str, en: str) -> None:
    assert (times.relative(NOW - ago, NOW, ZONE, "zh"), times.relative(NOW - ago, NOW, ZONE, "en")) == (zh, en)


def test_days() -> None:
    today = date(2026, 3, 18)
    assert [times.day(today + timedelta(n), today, "zh") for n in (-8, -7, -1, 0, 1, 2)] == [
        "2026-03-10",
        "7 天前",
        "昨天",
        "今天",
        "明天",
        "2026-03-20",
    ]


def test_spans() -> None:
    assert [times.span(s, "zh") for s in (59, 90, 7200, 90000)] == ["不到 1 分钟", "1 分钟", "2 小时", "1 天"]


@pytest.mark.parametrize(
    ("left", "deadline", "review"),
    [
        (timedelta(days=5), ("5 天后到期", "due in 5 days", ""), ("5 天后复查", "to be reviewed in 5 days", "")),
        (timedelta(seconds=30), ("1 分钟后到期", "due in 1 minute", "warn"), ("1 分钟后复查", "to be reviewed in 1 minute", "warn")),
        (timedelta(0), ("刚刚到期", "just due", "bad"), ("该复查了", "review due", "warn")),
        (timedelta(seconds=-59), ("刚刚到期", "just due", "bad"), ("该复查了", "review due", "warn")),
        (
            timedelta(minutes=-1),
            ("已逾期 1 分钟", "overdue by 1 minute", "bad"),
            ("该复查了，已过 1 分钟", "review due for 1 minute", "warn"),
        ),
        (timedelta(days=-3), ("已逾期 3 天", "overdue by 3 days", "bad"), ("该复查了，已过 3 天", "review due for 3 days", "warn")),
    ],
)
def test_what_is_due(left: timedelta, deadline: tuple[str, str, str], review: tuple[str, str, str]) -> None:
    for is_review, (zh, en, colour) in ((False, deadline), (True, review)):
        said = [countdown(NOW + left, NOW, language, is_review=is_review) for language in ("zh", "en")]
        assert [*said, tone(NOW + left, NOW, is_review=is_review)] == [zh, en, colour]


def test_an_error_of_the_engine_is_told_in_one_language() -> None:
    assert [spoken("没有配置邮件服务器 / No mail server", language) for language in ("zh", "en")] == [
        "没有配置邮件服务器",
        "No mail server",
    ]
    for other in ("550 no such user", "connection to a / b was lost", "不认识 / 没有", ""):
        assert [spoken(other, language) for language in ("zh", "en")] == [other, other]
