"""Many new records through the same gate: each row is judged alone, the good ones are written together.

Every row goes through the very functions that a single record goes through; only the look-ups of the whole batch (taken values, link
targets, numbers) are asked in one query each. What the rows set off is done when the batch is written, trigger by trigger; when a trigger
refuses one of them, the batch is begun again row by row, so that the others stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dougong.database.errors import Unavailable, UniqueViolation
from dougong.refusals import Refused
from dougong.runtime.gate import lookups, scope, store, triggers, write
from dougong.runtime.gate.discreet import told
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gate.validate import refuse_taken
from dougong.runtime.unit import Unit

SIZE = 500  # rows of a batch


def create_many(unit: Unit, object_name: str, rows: Sequence[Mapping[str, Any]], *, titles: bool) -> list[Draft | Refused]:
    """In the place of each row its draft (written) or why it was refused."""
    rules = unit.compiled.rules(object_name)
    scope.granted(unit, rules, "create")
    found: list[Draft | Refused] = []
    for start in range(0, len(rows), SIZE):
        batch = rows[start : start + SIZE]
        found += _together(unit, object_name, batch, titles)
    return found


def _one_by_one(unit: Unit, object_name: str, rows: Iterable[Mapping[str, Any]], titles: bool) -> list[Draft | Refused]:
    """Each row in a savepoint of its own: a trigger may refuse after the row was written."""
    found: list[Draft | Refused] = []
    for row in rows:
        try:
            with unit.savepoint():
                found.append(write.create(unit, object_name, row, titles=titles))
        except Unavailable:
            raise  # no fault of the row: nothing more can be written
        except Refused as refused:
            found.append(refused)
    return found


def _together(unit: Unit, object_name: str, rows: Sequence[Mapping[str, Any]], titles: bool) -> list[Draft | Refused]:
    drafts = [write.begin(unit, object_name, row, titles=titles) for row in rows]
    lookups.look_ahead(unit, drafts)
    for draft in drafts:
        write.judge(draft)
    _among_themselves(drafts)
    good = [d for d in drafts if not d.refusals]
    try:
        with unit.savepoint():
            store.insert_many(unit, good)
            triggers.run_many(unit, good)
    except Unavailable:
        raise  # no fault of a row
    except (UniqueViolation, Refused):
        # somebody else was faster with one of the values, or a trigger refused: find out whose row it is
        return _one_by_one(unit, object_name, rows, titles)
    return [Refused(told(d, d.refusals)) if d.refusals else d for d in drafts]


def _among_themselves(drafts: Sequence[Draft]) -> None:
    """The second row with the same unique value is refused, like one whose value is in the database already."""
    for rule in drafts[0].rules.unique if drafts else ():
        seen: set[Any] = set()
        for draft in drafts:
            value = draft.row[rule.name]
            if value is None or draft.refusals:
                continue
            if value in seen:
                refuse_taken(draft, rule)
            seen.add(value)
