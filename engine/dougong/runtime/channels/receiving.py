"""What comes in, from the kept body to the triggers that wait for it.

A message goes to the records whose address is its sender's, one of each object; a webhook's data to the record that its `find` finds. What
no trigger could do is kept with the reason: nobody has to send it again, an administrator lets it in once more when the cause is mended.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dougong.database.instants import instant_to_db
from dougong.derive.triggers import TriggerRule, trigger_rule
from dougong.model.channels import MESSAGE, PAYLOAD, Channel, Webhook, received_as
from dougong.model.flow import Event
from dougong.refusals import Refusal, Refused, refuse
from dougong.runtime.channels import reading, received, texts
from dougong.runtime.channels import refusals as codes
from dougong.runtime.channels.reading import Incoming
from dougong.runtime.channels.received import Came, Taken
from dougong.runtime.channels.texts import text
from dougong.runtime.channels.writing import USER
from dougong.runtime.gate import triggers, write
from dougong.runtime.unit import Received, Row, Unit

LONGEST_SEEN = 200  # letters of a message in the trigger log


def message(unit: Unit, channel: str, body: bytes, external_id: str) -> Taken:
    """Take in what came on a channel. `external_id` is its name where the body has none that can be read. `Refused` R823."""
    known = unit.compiled.app.channels.get(channel)
    if known is None or known.kind != "http":
        raise refuse(codes.NO_SUCH_DOOR, name=channel, what=("渠道", "channel"))
    found, problems = reading.read_message(body)
    number, before = received.take(unit, f"channel:{channel}", external_id if found is None else found.id, body)
    if before is not None:
        return before
    if found is None:
        return received.settle(unit, Taken(number, "malformed", problems=tuple(problems)))
    return received.settle(unit, _heard(unit, known, found, number))


def webhook(unit: Unit, name: str, body: bytes, external_id: str) -> Taken:
    """Take in what a webhook was sent. `Refused` R823."""
    known = unit.compiled.app.webhooks.get(name)
    if known is None:
        raise refuse(codes.NO_SUCH_DOOR, name=name, what=("webhook", "webhook"))
    number, before = received.take(unit, f"webhook:{name}", external_id, body)
    return received.settle(unit, _taken(unit, known, body, number)) if before is None else before


def again(unit: Unit, came: Came) -> Taken:
    """Let in once more what could not be taken in. `Refused` R823, R828."""
    if came.state == "done":
        raise refuse(codes.NOT_OPEN)
    kind, _, name = came.door.partition(":")
    body = came.body.encode()
    if kind == "webhook" and name in unit.compiled.app.webhooks:
        return received.settle(unit, _taken(unit, unit.compiled.app.webhooks[name], body, came.id))
    channel = unit.compiled.app.channels.get(name)
    if kind != "channel" or channel is None:
        raise refuse(codes.NO_SUCH_DOOR, name=name, what=("渠道或 webhook", "channel or webhook"))
    found, problems = reading.read_message(body)
    if found is None:
        return received.settle(unit, Taken(came.id, "malformed", problems=tuple(problems)))
    return received.settle(unit, _heard(unit, channel, found, came.id))


def waits(event: Event, said: str) -> bool:
    """Whether a text is one that an event of messages waits for."""
    folded = said.casefold()
    return not event.contains or any(word in folded for word in event.contains)


def records_at(unit: Unit, channel: Channel, address: str) -> list[tuple[str, Row]]:
    """The records with an address, the liveliest of each object: open ones first, then the one that was touched last. Users last."""
    app, found = unit.compiled.app, []
    for name in sorted(channel.objects, key=lambda n: n == USER):
        value, refusal = app.objects[name].fields[channel.address].type.parse(address, unit.reading)
        rows = [] if refusal is not None or value is None else list(unit.records(name, {channel.address: value}))
        if rows:
            found.append((name, max(rows, key=lambda row: _liveliness(unit, name, row))))
    return found


def _liveliness(unit: Unit, name: str, row: Row) -> tuple[Any, ...]:
    return unit.compiled.rules(name).is_open(row), row["updated_at"], row["id"]


def _heard(unit: Unit, channel: Channel, found: Incoming, number: int) -> Taken:
    at = found.at or unit.now
    people = records_at(unit, channel, found.sender)
    said = {"channel": channel.name, "direction": "in", "address": found.sender, "text": found.text, "received": number}
    at_db = instant_to_db(at, unit.compiled.dialect)
    for about in [{"object": name, "record_id": row["id"]} for name, row in people] or [{"object": None, "record_id": None}]:
        unit.connection.one(text(texts.SAY, unit.compiled.dialect), said | about | {"at": at_db})
    refusals = _opt_out(unit, channel, people, found.text)
    key = received_as("message", channel.name)
    values = {"id": number, "text": found.text, "sender": found.sender, "at": at}
    rules = [r for r in rules_of(unit, "message", channel.name) if waits(_event(r, "message", channel.name), found.text)]
    seen = {"message.text": found.text[:LONGEST_SEEN]}
    subjects: list[tuple[str, Row | None]] = [*people] if any(name != USER for name, _ in people) else [*people, (key, None)]
    refusals += _fire(unit, rules, subjects, key, MESSAGE, values, seen)
    first = people[0] if people else None
    state = "refused" if refusals else "done" if people or any(r.trigger.events[0].object == key for r in rules) else "nobody"
    return Taken(number, state, first and first[0], first and first[1]["id"], problems=tuple(refusals))


def _opt_out(unit: Unit, channel: Channel, people: Sequence[tuple[str, Row]], said: str) -> list[Refusal]:
    """Whoever says so gets nothing more on this channel."""
    if channel.opt_out is None or said.strip().casefold() not in channel.stop:
        return []
    refusals: list[Refusal] = []
    for name, row in people:
        if channel.opt_out not in unit.compiled.app.objects[name].fields or row[channel.opt_out] is True:
            continue
        try:
            with unit.savepoint():
                write.update(unit, name, row["id"], {channel.opt_out: True})
        except Refused as refused:
            refusals += refused.refusals
    return refusals


def _taken(unit: Unit, known: Webhook, body: bytes, number: int) -> Taken:
    values, problems = reading.read_payload(known, body, unit.reading)
    if problems:
        return Taken(number, "malformed", problems=tuple(problems))
    key = received_as("webhook", known.name)
    unit.brought = {key: Received(unit, {"id": number, **values})}
    row = _about(unit, known, values)
    if known.object is not None and row is None:
        return Taken(number, "nobody")
    rules = list(rules_of(unit, "received", known.name))
    refusals = _fire(unit, rules, [(known.object or key, row)], key, PAYLOAD, {"id": number, **values}, {})
    return Taken(number, "refused" if refusals else "done", known.object, None if row is None else row["id"], problems=tuple(refusals))


def _about(unit: Unit, known: Webhook, values: Mapping[str, Any]) -> Row | None:
    """The record that the data is about: of several the newest."""
    if known.object is None or known.find is None:
        return None
    equal = {field: values[name] for field, name in known.equal}
    if any(value is None for value in equal.values()):
        return None
    program = unit.compiled.program(known.find)
    rules = unit.compiled.rules(known.object)
    found = [r for r in unit.records(known.object, equal) if program(Row(rules, unit, {PAYLOAD: 0, **r}), unit.plain) is True]
    return max(found, key=lambda row: int(row["id"]), default=None)


def rules_of(unit: Unit, kind: str, name: str) -> Sequence[TriggerRule]:
    """The triggers that wait for a channel's messages or a webhook's data, in declared order."""

    def make() -> tuple[TriggerRule, ...]:
        waiting = [t for t in unit.compiled.app.triggers.values() if any(_is_of(e, kind, name) for e in t.events)]
        return tuple(trigger_rule(t, order, unit.compiled.compile) for order, t in enumerate(waiting))

    found: tuple[TriggerRule, ...] = unit.compiled.question(("door", kind, name), make)
    return found


def _is_of(event: Event, kind: str, name: str) -> bool:
    return event.kind == kind and name in (event.channel, event.webhook)


def _event(rule: TriggerRule, kind: str, name: str) -> Event:
    return next(e for e in rule.trigger.events if _is_of(e, kind, name))


def _fire(
    unit: Unit,
    rules: Sequence[TriggerRule],
    subjects: Sequence[tuple[str, Row | None]],
    key: str,
    called: str,
    values: Mapping[str, Any],
    seen: Mapping[str, Any],
) -> list[Refusal]:
    """Every trigger on its record, each on its own: what one is refused is no matter of the others."""
    refusals: list[Refusal] = []
    brought = Received(unit, values)
    unit.brought = {key: brought}
    names = {called: int(values["id"])}
    for rule in rules:
        event = _event(rule, "message" if called == MESSAGE else "received", key.partition(" ")[2])
        for name, row in subjects:
            if event.object == name:
                subject = brought.with_names({**brought, **names}) if row is None else row
                outcome = triggers.attempt(unit, rule, subject, event=triggers.spoken(event), values=seen, names=names)
                refusals += outcome.refusals if isinstance(outcome, Refused) else ()
    return refusals
