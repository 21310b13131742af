"""Names around doors: the fields that channels write to, the record that a webhook is about, the object behind an event of a door."""

import re
from collections.abc import Iterator

from dougong_dsl.sentences.written import Entries, Word, Written

from dougong.definition.builtin import USER
from dougong.names import expressions, written
from dougong.names.expressions import Around
from dougong.names.symbols import Occurrence, Symbol, World

DOORS = ("channels", "webhooks")
_FIND = re.compile(r"\s*(\w+)\s+where\s+(.+?)\s*", re.DOTALL)


def object_behind(world: World, trigger: Written) -> str:
    """The object of the form, webhook or channel that a trigger waits for; empty when it is none, or several."""
    long = next((e for line in written.each(written.get(trigger, "on")) if (e := written.event(line)) is not None), None)
    form, webhook, channel = (str(written.word(written.get(long, key))) for key in ("form", "webhook", "channel"))
    if Symbol("form", form) in world.objects_of:
        return world.objects_of[Symbol("form", form)]
    if (known := world.declared.get(Symbol("webhook", webhook))) is not None:
        found = _FIND.fullmatch(written.word(written.get(known.value, "find")) or "")
        return "" if found is None else found[1]
    door = world.declared.get(Symbol("channel", channel))
    having = _having(world, written.word(written.get(door.value, "to")) if door is not None else None)
    return having[0] if len(having) == 1 else ""


def uses_at_doors(world: World, file: Entries) -> Iterator[Occurrence]:
    """The fields of whoever channels write to, where one object alone has them; the object and the condition of each `find`."""
    for section in DOORS:
        for _, door in written.pairs(written.get(file, section)):
            yield from uses_at_door(world, door)


def uses_at_door(world: World, door: Written) -> Iterator[Occurrence]:
    """What a channel or a webhook names, or a part of it that is changed."""
    for key in ("to", "consent", "opt_out"):
        field = written.word(written.get(door, key))
        having = _having(world, field)
        if field is not None and len(having) == 1:
            yield Occurrence(Symbol("field", str(field), having[0]), field.place)
    for _, line in written.pairs(written.get(door, "payload")):
        options = written.word(written.get(written.field(line), "from"))
        if options is not None and Symbol("list", str(options)) in world.declared:
            yield Occurrence(Symbol("list", str(options)), options.place)
    find = written.word(written.get(door, "find"))
    found = None if find is None else _FIND.fullmatch(find)
    if find is not None and found is not None and Symbol("object", found[1]) in world.declared:
        yield Occurrence(Symbol("object", found[1]), find.source.part(found.start(1), found.end(1)).place)
        yield from expressions.occurrences(world, find.source.part(found.start(2), found.end(2)), Around(found[1]))


def _having(world: World, field: Word | None) -> list[str]:
    """The objects, beside users, that declare a field."""
    named = [name for name in world.members if name != USER] if field is not None else []
    return [name for name in named if Symbol("field", str(field), name) in world.declared]
