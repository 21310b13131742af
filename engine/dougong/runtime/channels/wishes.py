"""Whether somebody may be written to on a channel, and when: consent, opting out, sending hours."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from dougong_dsl.working import Calendar

from dougong.model.app import App
from dougong.model.channels import Channel

LOOK_AHEAD = 370  # days; hours that recur weekly come sooner


def against(app: App, channel: Channel | None, object_name: str | None, row: Mapping[str, Any] | None) -> str | None:
    """Why a record is not written to: `opt_out` or `consent`; None when it may be. Only fields that its object has count."""
    if channel is None or row is None or object_name is None or object_name not in app.objects:
        return None
    fields = app.objects[object_name].fields
    if channel.opt_out is not None and channel.opt_out in fields and row[channel.opt_out] is True:
        return "opt_out"
    if channel.consent is not None and channel.consent in fields and row[channel.consent] is not True:
        return "consent"
    return None


def next_open(hours: Calendar | None, at: datetime) -> datetime:
    """The first instant from `at` on at which something may be sent."""
    if hours is None:
        return at
    local = at.astimezone(hours.zone)
    for ahead in range(LOOK_AHEAD):
        day = local.date() + timedelta(days=ahead)
        for start, end in hours.windows(day):
            opens = datetime.combine(day, start, hours.zone).astimezone(UTC)
            closes = (
                datetime.combine(day + timedelta(days=1), time(), hours.zone) if end == time() else datetime.combine(day, end, hours.zone)
            )
            if at < closes.astimezone(UTC):
                return max(at, opens)
    return at


def cut(text: str, limit: int | None) -> str:
    """A text no longer than `limit`; one that was cut says so at its end."""
    return text if limit is None or len(text) <= limit else text[: limit - 1].rstrip() + "…"
