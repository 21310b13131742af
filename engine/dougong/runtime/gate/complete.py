"""Step 3: defaults, formulas and autonumbers fill what nobody gave."""

from collections.abc import Callable, Sequence
from typing import Any

from dougong.refusals import Refusal
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gate.numbers import next_numbers
from dougong.runtime.unit import Unit


def fill_defaults(draft: Draft) -> None:
    """Give a new record the defaults of the fields that nobody gave, and say by whom and when it is made: formulas may ask."""
    draft.row.update(made(draft.unit))
    for rule in draft.rules.defaults:
        if rule.name not in draft.given and rule.default is not None:
            _put(draft, rule.name, rule.default(draft.row, draft.context), rule.parse)


def made(unit: Unit) -> dict[str, Any]:
    """The facts of a new record that its own values may be computed from."""
    return {"created_at": unit.now, "created_by": unit.actor.id, **updated(unit)}


def updated(unit: Unit) -> dict[str, Any]:
    """The facts of a record that changes which its own values may be computed from."""
    return {"updated_at": unit.now, "updated_by": unit.actor.id}


def number(drafts: Sequence[Draft]) -> None:
    """Give new records of one object their numbers, those of the whole batch drawn at once."""
    for rule in drafts[0].rules.numbered if drafts else ():
        numbers = next_numbers(drafts[0].unit, drafts[0].rules.name, rule.field, len(drafts))
        for draft, text in zip(drafts, numbers, strict=True):
            draft.row[rule.name] = text


def compute(draft: Draft) -> None:
    """Compute the stored formulas that read something that changed (all of them on a new record)."""
    if not draft.rules.formulas:
        return
    row, old, context = draft.row, draft.old, draft.context
    dirty = None if old is None else set(draft.changed())
    if dirty:
        row.update(updated(draft.unit))
        dirty |= updated(draft.unit).keys()
    for formula in draft.rules.formulas:
        if dirty is None or formula.asks_more or not formula.needs.isdisjoint(dirty):
            _put(draft, formula.name, formula.program(row, context), formula.parse)
            if dirty is not None:
                dirty.add(formula.name)


def _put(draft: Draft, name: str, value: Any, parse: Callable[..., Any]) -> None:
    """Store a computed value: rounded to the field's scale, refused when it does not fit."""
    if value is not None:
        value, refusal = parse(value, draft.unit.reading)
        if refusal is not None:
            draft.refusals.append(Refusal(refusal.code, refusal.params, name, refusal.clause))
            draft.wrong.add(name)
    draft.row[name] = value
