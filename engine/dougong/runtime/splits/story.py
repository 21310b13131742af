"""How a record was split: who made which parts with which amounts, changed them or took them away, as far as the reader may see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Table, bindparam, select

from dougong.database.instants import instant_from_db
from dougong.model.past import NO_PAST
from dougong.runtime.gate.preview import seen
from dougong.runtime.read.titles import titles, user_names
from dougong.runtime.splits.noting import COLUMNS, kept_text
from dougong.runtime.unit import Unit

Pair = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class PartChange:
    """What happened to one part. `kind`: came, changed, left. `is_there`: the reader may look at it. `sums`: name → (old, new), as far as
    the reader may read them."""

    id: int
    kind: str
    title: str
    is_there: bool
    sums: Mapping[str, Pair]


@dataclass(frozen=True, slots=True)
class SplitEvent:
    """What one person did to the parts of one kind (`part`) at once; `is_first`: there were none before. `hidden` counts changes of parts
    that the reader may not see. `by` None: the system."""

    at: datetime
    by: str | None
    part: str
    is_first: bool
    changes: tuple[PartChange, ...]
    hidden: int


def split_story(unit: Unit, object_name: str, record_id: int) -> list[SplitEvent]:
    """What was done to the parts of a visible record, oldest first. `Refused` R404."""
    seen(unit, object_name, record_id)
    if not unit.compiled.rules(object_name).splits:
        return []

    def make(log: Table) -> Any:
        columns = [log.c[n] for n in COLUMNS[2:]]
        return select(*columns).where(log.c.object == bindparam("p_object"), log.c.record_id == bindparam("p_record")).order_by(log.c.id)

    found = unit.connection.all(kept_text(unit, "of record", make), {"p_object": object_name, "p_record": record_id})
    groups: dict[tuple[Any, Any, str], dict[int, list[Any]]] = {}
    for part, part_id, kind, title, sums, at, actor in found:
        if part in unit.compiled.app.objects:
            groups.setdefault((at, actor, part), {}).setdefault(part_id, []).append((kind, title, _read(sums)))
    names = user_names(unit, sorted({actor for _, actor, _ in groups if actor is not None})) if groups else {}
    known: set[str] = set()
    events = []
    for (at, actor, part), lines in groups.items():
        changes = [c for c in (_merged(unit, part, id, some) for id, some in lines.items()) if c is not None]
        shown = list(_shown(unit, object_name, record_id, part, changes))
        when = instant_from_db(at, unit.compiled.dialect)
        if changes:
            by = None if actor is None else names.get(actor, f"#{actor}")
            events.append(SplitEvent(when, by, part, part not in known, tuple(shown), len(changes) - len(shown)))
            known.add(part)
    return events


def _read(sums: Any) -> Mapping[str, list[Any]]:
    found: Mapping[str, list[Any]] = orjson.loads(sums) if isinstance(sums, str) else sums
    return found


def _merged(unit: Unit, part: str, id: int, lines: Sequence[tuple[str, str | None, Mapping[str, list[Any]]]]) -> PartChange | None:
    """Several writes of a part at once as one change; None where nothing is left of it."""
    kinds = [kind for kind, *_ in lines]
    is_new, is_gone = kinds[0] == "came", kinds[-1] == "left"
    if is_new and is_gone:
        return None
    known, present = unit.compiled.rules(part).known, unit.compiled.app.pasts.get(part, NO_PAST).present
    sums: dict[str, Pair] = {}
    for _, _, pairs in lines:
        for written, (old, new) in pairs.items():
            name = written if written in known else present.get(written, written)
            if name in known:
                kind = known[name].type
                sums[name] = (sums[name][0] if name in sums else kind.from_json(old), kind.from_json(new))
    kind_of = "came" if is_new else "left" if is_gone else "changed"
    return PartChange(id, kind_of, lines[-1][1] or f"#{id}", False, sums)


def _shown(unit: Unit, whole: str, whole_id: int, part: str, changes: Sequence[PartChange]) -> Iterable[PartChange]:
    """The changes of the parts that the reader may see: those that are there by their row, those that are gone where all rows may be seen."""
    rights, rules = unit.access.reads(part), unit.compiled.rules(part)
    called = titles(unit, part, [c.id for c in changes])
    links = [rule.link for rule in unit.compiled.rules(whole).splits if rule.part == part]
    here = {row["id"]: row for link in links for row in unit.children(part, link, whole_id)}
    for change in changes:
        row = here[change.id] if change.id in here else unit.row(part, change.id)
        if row is not None:
            clear = rights.fields_of(unit.matching(part, "read", row))[0]
            is_seen, title = change.id in called, called.get(change.id, "")
        else:
            clear, is_seen = rights.clear, rights.is_everywhere
            title = change.title if rules.object.record_title in clear else f"#{change.id}"
        if is_seen:
            sums = {n: pair for n, pair in change.sums.items() if n in clear}
            yield PartChange(change.id, change.kind, title, row is not None, sums)
