"""Times in words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dougong.web.pages import times

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
    assert [times.span(s, "zh") for s in (90, 7200, 90000)] == ["1 分钟", "2 小时", "1 天"]
