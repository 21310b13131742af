"""History, as far as the reader may see it."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import bindparam, select

from dougong.access.masks import mask
from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.model.past import NO_PAST
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.actor import SYSTEM
from dougong.runtime.read.titles import titles, user_names
from dougong.runtime.record import Change, Person, Recent
from dougong.runtime.unit import Unit

MOST_LOOKED_AT = 2_000  # changes that `recent` looks through for records the reader may see


def history(unit: Unit, object_name: str, record_id: int) -> list[Change]:
    """The changes of a visible record, newest first; `Refused` R404 otherwise. Fields are those readable on the record as it is now."""
    rules = unit.compiled.rules(object_name)
    row = unit.row(object_name, record_id)
    matching = [] if row is None else unit.matching(object_name, "read", row)
    if not matching:
        raise refuse(codes.NOT_FOUND, object=rules.spoken)
    clear, masked = unit.access.reads(object_name).fields_of(matching)
    found = unit.connection.all(
        unit.compiled.question(("history",), lambda: _of_record(unit)), {"object": object_name, "dg_key": record_id}
    )
    names = user_names(unit, sorted({r[3] for r in found if r[3] is not None}))
    dialect = unit.compiled.dialect

    present = {f: n for f, n in unit.compiled.app.pasts.get(object_name, NO_PAST).present.items() if f not in rules.known}

    def fields(raw: Any) -> Mapping[str, tuple[Any, Any]]:
        written = orjson.loads(raw) if isinstance(raw, str) else raw
        pairs = {present.get(name, name): pair for name, pair in written.items()}
        shown = {}
        for name in (n for n in rules.known if n in pairs and (n in clear or n in masked)):
            kind = rules.known[name].type
            old, new = (kind.from_json(value) for value in pairs[name])
            shown[name] = (old, new) if name in clear else (mask(old), mask(new))
        return shown

    changes = []
    for i, at, happened_at, actor, cause, cause_id, kind, raw in found:
        shown = fields(raw)
        person = Person(actor, SYSTEM.name if actor is None else names.get(actor, f"#{actor}"))
        changes.append(
            Change(
                i,
                instant_from_db(at, dialect),
                instant_from_db(happened_at, dialect),
                person,
                cause,
                cause_id,
                kind,
                {n: pair for n, pair in shown.items() if n != "stage"},
                shown.get("stage"),
            )
        )
    return changes


def _of_record(unit: Unit) -> Text:
    c = unit.compiled.tables.engine.change.c
    columns = (c.id, c.at, c.happened_at, c.actor, c.cause, c.cause_id, c.kind, c.fields)
    query = select(*columns).where(c.object == bindparam("object"), c.record_id == bindparam("dg_key")).order_by(c.id.desc())
    return compile_text(query, unit.compiled.dialect)


def recent(unit: Unit, limit: int) -> list[Recent]:
    """The records that were changed last, each once, as far as they are visible and still there."""
    found: list[Recent] = []
    seen: set[tuple[str, int]] = set()
    before, looked_at = 2**62, 0
    text: Text = unit.compiled.question(("recent",), lambda: _latest(unit))
    while len(found) < limit and looked_at < MOST_LOOKED_AT:
        rows = unit.connection.all(text, {"before": before, "count": 5 * limit})
        if not rows:
            break
        before, looked_at = rows[-1][0], looked_at + len(rows)
        fresh = [
            r
            for r in rows
            if (r[1], r[2]) not in seen and r[1] in unit.compiled.app.objects and not unit.compiled.app.objects[r[1]].is_system
        ]
        named = {name: titles(unit, name, [r[2] for r in fresh if r[1] == name]) for name in {r[1] for r in fresh}}
        people = user_names(unit, sorted({r[4] for r in fresh if r[4] is not None})) if fresh else {}
        for _, name, record_id, at, actor, kind in fresh:
            if (name, record_id) not in seen and record_id in named[name] and len(found) < limit:
                seen.add((name, record_id))
                person = Person(actor, SYSTEM.name if actor is None else people.get(actor, f"#{actor}"))
                found.append(Recent(name, record_id, named[name][record_id], instant_from_db(at, unit.compiled.dialect), person, kind))
    return found


def _latest(unit: Unit) -> Text:
    c = unit.compiled.tables.engine.change.c
    query = select(c.id, c.object, c.record_id, c.at, c.actor, c.kind).where(c.id < bindparam("before"))
    return compile_text(query.order_by(c.id.desc()).limit(bindparam("count")), unit.compiled.dialect)
