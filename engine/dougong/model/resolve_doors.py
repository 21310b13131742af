"""Events that come in from outside, or through a form: bound to channels, words, webhooks, forms, and to the object they are about."""

from collections.abc import Mapping

from dougong_dsl.codes import channels as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.types import Record, Type
from dougong_dsl.sentences.written import Word

from dougong.definition.app import AppDefinition
from dougong.definition.flow import EventDefinition
from dougong.model.channels import MESSAGE, PAYLOAD, received_as
from dougong.model.drafts import USER, Draft
from dougong.model.flow import Event

DOORS = frozenset(("message", "submitted", "received"))
NOBODY = ("nobody", "陌生人")
_NEEDED = {"message": "channel", "submitted": "form", "received": "webhook"}
_TAKES = {"message": {"channel", "of", "contains"}, "submitted": {"form"}, "received": {"webhook"}}


def read_door(draft: Draft, definition: AppDefinition, written: EventDefinition) -> Event | None:
    """`message on wecom contains (…)`, `form trial submitted`, `webhook erp_paid received`."""
    kind = str(written.event)
    name: Word | None = getattr(written, _NEEDED[kind])
    if name is None:
        draft.report(name_codes.MISSING_KEY.at(written.place, part=EventDefinition.label, key=_NEEDED[kind]))
        return None
    extra = [key for key in ("of", "field", "from_", "to", "stage", "contains") if getattr(written, key) and key not in _TAKES[kind]]
    if extra:
        key, known = extra[0].rstrip("_"), ", ".join(("event", *sorted(_TAKES[kind])))
        draft.report(name_codes.UNKNOWN_KEY.at(written.place, part=EventDefinition.label, key=key, known=known, nearest=None))
        return None
    return {"message": _message, "submitted": _submitted, "received": _received}[kind](draft, definition, written, name)


def names_of(events: list[Event]) -> Mapping[str, Type]:
    """What expressions of a trigger may name beside the record: what came in, when all of its events are of one door."""
    kinds = {(event.kind, event.channel, event.webhook) for event in events}
    if len(kinds) != 1:
        return {}
    ((kind, channel, webhook),) = kinds
    if kind == "message":
        return {MESSAGE: Record(received_as("message", str(channel)))}
    return {PAYLOAD: Record(received_as("webhook", str(webhook)))} if kind == "received" else {}


def _message(draft: Draft, definition: AppDefinition, written: EventDefinition, name: Word) -> Event | None:
    channel = draft.channels.get(name)
    if channel is None or channel.kind == "mail":
        if name not in draft.broken and name not in definition.channels:
            known = [n for n, each in draft.channels.items() if each.kind != "mail"]
            draft.report(codes.UNKNOWN_CHANNEL.at(name.place, name=str(name), known=", ".join(known) or "-", nearest=nearest(name, known)))
        elif channel is not None:
            problem = ("是邮件，不接收消息", "is mail, on which no messages come in")
            draft.report(codes.CHANNEL_SHAPE.at(name.place, name=str(name), problem=problem))
        return None
    contains = tuple(word.casefold() for word in written.contains or ())
    senders = [n for n in channel.objects if n != USER]
    if written.of is not None and written.of in NOBODY and written.of not in draft.objects:
        owner = received_as("message", channel.name)
    elif written.of is not None:
        if draft.object(written.of) is None:
            return None
        if written.of not in channel.objects:
            draft.report(codes.NO_ADDRESS.at(written.of.place, object=str(written.of), field=channel.address, channel=channel.name))
            return None
        owner = str(written.of)
    elif len(senders) == 1:
        owner = senders[0]
    else:
        known = senders or list(channel.objects)
        draft.report(codes.MESSAGE_FROM.at(name.place, channel=channel.name, known=("、".join(known), ", ".join(known)), example=known[0]))
        return None
    return Event("message", owner, written.place, channel=channel.name, contains=contains)


def _submitted(draft: Draft, definition: AppDefinition, written: EventDefinition, name: Word) -> Event | None:
    form = definition.forms.get(name)
    if form is None:
        if name not in draft.broken:
            known = list(definition.forms)
            draft.report(codes.UNKNOWN_FORM.at(name.place, name=str(name), known=", ".join(known) or "-", nearest=nearest(name, known)))
        return None
    owner = draft.object(form.of)
    return None if owner is None else Event("submitted", str(owner.name), written.place, form=str(name))


def _received(draft: Draft, definition: AppDefinition, written: EventDefinition, name: Word) -> Event | None:
    webhook = draft.webhooks.get(name)
    if webhook is None:
        if name not in draft.broken and name not in definition.webhooks:
            known = list(draft.webhooks)
            draft.report(codes.UNKNOWN_WEBHOOK.at(name.place, name=str(name), known=", ".join(known) or "-", nearest=nearest(name, known)))
        return None
    if webhook.object is None and definition.webhooks[name].find is not None:
        return None  # its `find` was reported
    return Event("received", webhook.object or received_as("webhook", webhook.name), written.place, webhook=webhook.name)
