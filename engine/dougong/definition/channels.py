"""Doors to the outside as they may be written: channels that carry messages, webhooks that take data in, connectors that are called."""

from typing import Annotated, ClassVar

from dougong_dsl.sentences.written import Word

from dougong.calendars.written import read_windows
from dougong.definition.calendars import WHOLE, Week, read_hours, read_worked
from dougong.definition.durations import DurationEntry
from dougong.definition.fields import FieldEntry
from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Each, Names, Scalar, Text, TitleText, Whole, one_of

MAIL, INBOX = "mail", "inbox"
EVERY_DAY = tuple(range(7))
_CLOCKS = {"type": "string"}


class ChannelDefinition(Part):
    """A way to write to people, and for people to write back."""

    label: ClassVar[Spoken] = ("渠道", "a channel")

    kind: Annotated[Word, one_of("http", MAIL)]
    title: TitleText | None = None
    to: Text
    consent: Text | None = None
    opt_out: Text | None = None
    stop: Names = ()
    hours: Annotated[Week, Scalar(read_hours, {"anyOf": [_CLOCKS, {"type": "object", "additionalProperties": _CLOCKS}]})] | None = None
    days: Annotated[tuple[int, ...], Scalar(read_worked, {"type": "string"})] | None = None
    limit: Whole | None = None
    keep: DurationEntry | None = None

    @property
    def week(self) -> Week | None:
        """The hours of each day on which something may be sent; None at any time."""
        if self.hours is None:
            return None if self.days is None else dict.fromkeys(self.days, read_windows("00:00-24:00"))
        return dict.fromkeys(self.days or EVERY_DAY, self.hours[WHOLE]) if WHOLE in self.hours else self.hours


class WebhookDefinition(Part):
    """Data that another system sends: its fields, and the record that they are about."""

    label: ClassVar[Spoken] = ("webhook", "a webhook")

    title: TitleText | None = None
    payload: Annotated[dict[Text, FieldEntry], Each(("收到的字段", "a field of a payload"))]
    find: Text | None = None
    keep: DurationEntry | None = None


class ConnectorDefinition(Part):
    """A system that is called over HTTP."""

    label: ClassVar[Spoken] = ("连接器", "a connector")

    kind: Annotated[Word, one_of("http")]
    title: TitleText | None = None
