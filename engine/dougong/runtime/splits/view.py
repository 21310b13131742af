"""The parts of a record as somebody may see them, and what they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dougong.derive.splits import SplitRule
from dougong.runtime.gate import preview
from dougong.runtime.read.view import as_record
from dougong.runtime.record import Record
from dougong.runtime.splits.settling import is_open, total
from dougong.runtime.unit import Unit


@dataclass(frozen=True, slots=True)
class Summed:
    """A summed field: that of the whole, and that of the parts together."""

    whole: Any
    parts: Any

    @property
    def rest(self) -> Any:
        """What the parts leave."""
        return self.whole - self.parts


@dataclass(frozen=True, slots=True)
class Parts:
    """`parts` are those that the reader may see, by id, `hidden` counts the others; `sums` has the fields that the reader may read of all
    of them; `done` are the ids of those that have ended well."""

    rule: SplitRule
    parts: tuple[Record, ...]
    hidden: int
    sums: Mapping[str, Summed]
    done: frozenset[int]


def parts_of(unit: Unit, object_name: str, record_id: int) -> list[Parts]:
    """One entry for each split of a visible record. `Refused` R404."""
    whole = preview.seen(unit, object_name, record_id)
    found = []
    for rule in unit.compiled.rules(object_name).splits:
        rows = unit.children(rule.part, rule.link, record_id)
        seen = [row for row in rows if unit.matching(rule.part, "read", row)]
        rules = unit.compiled.rules(rule.part)
        zero = Decimal(0)
        sums = {
            name: Summed(whole[name] if whole[name] is not None else zero, total(rows, name))
            for name in rule.sums
            if is_open(unit, object_name, [whole], name) and is_open(unit, rule.part, rows, name)
        }
        parts = tuple(as_record(unit, rules, row) for row in seen)
        found.append(Parts(rule, parts, len(rows) - len(seen), sums, frozenset(row["id"] for row in seen if rule.is_done(row))))
    return found
