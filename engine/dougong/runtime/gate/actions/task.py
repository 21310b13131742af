"""One action at work on one record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dougong_dsl.expression import Expression

from dougong.derive.rules import ObjectRules
from dougong.model.actions import Action
from dougong.runtime.actor import Cause, system_for
from dougong.runtime.firing import Firing
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Lens, Row, Unit

NO_NAMES: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`word`: done, nothing (there was nothing to do), skipped or refused; `said` goes into the log; `names` are known to what follows."""

    word: str
    said: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """The record as it is by now, what its expressions see, and the records they may name beside it."""

    unit: Unit
    firing: Firing
    object: str
    row: Row
    lens: Lens
    names: Mapping[str, int] = field(default_factory=dict)

    @property
    def record_id(self) -> int:
        """The record's number."""
        return int(self.row["id"])

    @property
    def rules(self) -> ObjectRules:
        """The rules of the record's object."""
        return self.unit.compiled.rules(self.object)

    def renewed(self) -> "Task":
        """The same with the record as earlier actions left it."""
        row = self.unit.row(self.object, self.record_id)
        if row is None:
            return self  # it was deleted: the last that is known of it
        if row is self.row and not self.names:
            return self
        seen = self.named(self.object, row) if self.names else row
        return Task(self.unit, self.firing, self.object, seen, self.lens, self.names)

    def knowing(self, names: Mapping[str, int]) -> "Task":
        """The same with more names, for the actions that follow."""
        return replace(self, names={**self.names, **names}) if names else self

    def begin(self, action: Action) -> None:
        """Act as the action says, because of its trigger."""
        unit = self.unit
        unit.chain = (*self.firing.chain, (self.firing.trigger, self.record_id))
        actor = unit.person if action.by_actor else system_for(unit.person)
        unit.act(actor, Cause("trigger", self.firing.trigger, unit.cause.happened_at))

    def named(self, object_name: str, row: Mapping[str, Any]) -> Row:
        """A row of an object whose expressions know this record by its object's name."""
        values = {self.object: self.record_id, **self.names, **row}
        brought = self.unit.brought.get(object_name)
        return Row(self.unit.compiled.rules(object_name), self.unit, values) if brought is None else brought.with_names(values)

    def values(self, expressions: Mapping[str, Expression], row: Row | None = None) -> dict[str, Any]:
        """What expressions give for the record, or for another row."""
        seen = self.row if row is None else row
        return {name: self.unit.compiled.program(e)(seen, self.lens) for name, e in expressions.items()}


def difference(draft: Draft, names: Iterable[str] | None = None) -> dict[str, Any]:
    """Field → [old, new] in JSON values."""
    to_json, old = draft.rules.to_json, draft.old
    found = {}
    for name in draft.changed() if names is None else names:
        if name not in draft.rules.untold:
            pair = (None if old is None else old[name], draft.row[name])
            found[name] = pair if name not in to_json else (to_json[name](pair[0]), to_json[name](pair[1]))
    return found
