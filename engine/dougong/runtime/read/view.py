"""What a reader gets to see of a record: names in order, and a record made from a row that is in memory already."""

from collections.abc import Mapping
from typing import Any

from dougong.access.masks import mask
from dougong.derive.rules import ObjectRules
from dougong.model.app import Field, Object
from dougong.model.rights import ActionName
from dougong.refusals import Refusal
from dougong.runtime.record import Record
from dougong.runtime.unit import Unit

HEAD = ("id", "version")
TAIL = ("stage", "stage_since", "created_at", "created_by", "updated_at", "updated_by")


def names_in_order(rules: ObjectRules) -> tuple[str, ...]:
    """Everything a record can show, in the order in which it is shown."""
    return (*HEAD, *rules.fields, *(n for n in TAIL if n in rules.known))


def visible_fields(unit: Unit, target: Object, action: ActionName) -> list[Field]:
    """The declared fields that the actor's grants name for an action, masked ones included."""
    rights = unit.access.rights(target.name, action)
    return [f for n, f in target.fields.items() if n in rights.clear or n in rights.masked]


def as_record(unit: Unit, rules: ObjectRules, row: Mapping[str, Any], warnings: tuple[Refusal, ...] = ()) -> Record:
    """The record as the actor may see it; only its id and version when the actor may write it but not read it."""
    rights = unit.access.reads(rules.name)
    matching = unit.matching(rules.name, "read", row)
    if not matching:
        return Record(rules.name, {n: row[n] for n in HEAD}, warnings)
    clear, masked = rights.fields_of(matching)
    values = {n: row[n] if n in clear else mask(row[n]) for n in names_in_order(rules) if n in clear or n in masked}
    return Record(rules.name, values, warnings)
