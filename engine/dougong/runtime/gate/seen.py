"""The values that the conditions of a trigger look at, for its log and for whoever asks why it did not fire."""

from collections.abc import Iterator, Mapping
from typing import Any

from dougong_dsl.expression import Expression

from dougong.derive.triggers import TriggerRule
from dougong.model.actions import every
from dougong.model.channels import MESSAGE, PAYLOAD
from dougong.runtime.unit import Row, Unit


def seen(unit: Unit, rule: TriggerRule, row: Row, old: Row | None) -> dict[str, Any]:
    """Path → value, as JSON takes it; `old.x` beside `x` where a condition asks what was there before."""
    paths = unit.compiled.question(("seen", id(rule)), lambda: (rule, _paths(rule)))[1]
    owner = rule.trigger.events[0].object
    found = {".".join(path): _value(unit, owner, row, path) for path in paths if path not in ((PAYLOAD,), (MESSAGE,))}
    if old is not None and any(e.asks_old for e in _conditions(rule)):
        found |= {f"old.{path[0]}": _value(unit, owner, old, path) for path in paths if len(path) == 1}
    return found


def _paths(rule: TriggerRule) -> list[tuple[str, ...]]:
    return sorted({path for condition in _conditions(rule) for path in condition.uses if path})


def _conditions(rule: TriggerRule) -> Iterator[Expression]:
    if rule.trigger.when is not None:
        yield rule.trigger.when
    for action in every(rule.trigger.actions):
        if action.when is not None:
            yield action.when


def _plain(value: Any) -> Any:
    """What came in from outside, as JSON takes it."""
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _value(unit: Unit, owner: str, row: Mapping[str, Any] | None, path: tuple[str, ...]) -> Any:
    """What a path gives; lists are told by their length alone."""
    name, *rest = path
    if name in (PAYLOAD, MESSAGE) and rest:
        brought = next(iter(unit.brought.values()), None)
        return _plain(None if brought is None else brought[rest[0]])
    if owner in unit.brought:
        return _plain(None if row is None else row[name])
    rules = unit.compiled.rules(owner)
    known = rules.known.get(name)
    reverse = rules.object.reverses.get(name)
    if reverse is not None:
        return None if row is None else len(unit.children(reverse.child, reverse.through, row["id"]))
    if row is None or known is None:
        return None
    if rest and known.type.target is not None:
        return _value(unit, known.type.target, unit.row(known.type.target, row[name]), tuple(rest))
    value = row[name]
    return value if value is None or name not in rules.to_json else rules.to_json[name](value)
