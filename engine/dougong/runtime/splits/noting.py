"""What happens to parts is written down beside each write of one, for the story of the whole: `dg_split_log`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Table, bindparam, insert

from dougong.database.text import Text, compile_text
from dougong.derive.splits import SplitRule
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Row, Unit

COLUMNS = ("object", "record_id", "part", "part_id", "kind", "title", "sums", "at", "actor")


def note(drafts: Sequence[Draft]) -> None:
    """Write down what written records of one object mean for the wholes that they are parts of."""
    if drafts and drafts[0].rules.part_of:
        _keep(drafts[0].unit, [line for draft in drafts for rule in drafts[0].rules.part_of for line in _lines(draft, rule, draft.row)])


def note_deleted(draft: Draft) -> None:
    """The same of a record that is gone."""
    if draft.rules.part_of:
        _keep(draft.unit, [line for rule in draft.rules.part_of for line in _lines(draft, rule, None)])


def _lines(draft: Draft, rule: SplitRule, row: Row | None) -> Iterator[dict[str, Any]]:
    old = draft.old
    before, after = (None if each is None else each[rule.link] for each in (old, row))
    if before is not None and before != after:
        yield _line(draft, rule, before, "left", old, None)
    if after is not None and before != after:
        yield _line(draft, rule, after, "came", None, row)
    elif after is not None and old is not None and row is not None and any(old[n] != row[n] for n in rule.sums):
        yield _line(draft, rule, after, "changed", old, row)


def _line(draft: Draft, rule: SplitRule, whole: int, kind: str, old: Row | None, row: Row | None) -> dict[str, Any]:
    unit, rules = draft.unit, draft.rules
    told = row if row is not None else old
    assert told is not None
    title = told.get(rules.object.record_title)

    def value(of: Row | None, name: str) -> Any:
        found = None if of is None else of[name]
        return rules.to_json[name](found) if found is not None and name in rules.to_json else found

    sums = {n: (value(old, n), value(row, n)) for n in rule.sums if kind != "changed" or value(old, n) != value(row, n)}
    return {
        "object": rule.whole,
        "record_id": whole,
        "part": rules.name,
        "part_id": told["id"],
        "kind": kind,
        "title": None if title is None else rules.known[rules.object.record_title].type.format(title, unit.reading),
        "sums": orjson.dumps(sums).decode(),
        "at": unit.driver_now,
        "actor": unit.actor.id,
    }


def _keep(unit: Unit, lines: Sequence[Mapping[str, Any]]) -> None:
    if lines:
        unit.connection.many(kept_text(unit, "note", lambda log: insert(log).values({n: bindparam(n) for n in COLUMNS})), lines)


def kept_text(unit: Unit, name: str, make: Callable[[Table], Any]) -> Text:
    """A statement about the log, made once per release."""
    compiled = unit.compiled
    found: Text = compiled.question(("split log", name), lambda: compile_text(make(compiled.tables.engine.split_log), compiled.dialect))
    return found
