"""A short text that says the same of two rules only when they give the same dues: a release that changes it has them worked out again."""

import hashlib
from typing import Any

from dougong.derive.due_rules import ObjectDues
from dougong.derive.dues import Calendars, DateRule, DueRule, ScheduleRule, SilenceRule, StageRule, StreakRule
from dougong.derive.pool_dues import PoolRule


def fingerprint(rule: DueRule) -> str:
    """Of one rule, whatever it is called."""
    kind, _, *rest = _of_rule(rule)
    return _digest((kind, rest))


def fingerprint_of(dues: ObjectDues) -> str:
    """Of all rules about the records of an object; empty when there are none."""
    rules = (*dues.deadlines, *dues.own, *dues.schedules)
    return _digest([_of_rule(rule) for rule in rules]) if rules else ""


def _of_rule(rule: DueRule) -> Any:
    own: Any
    match rule:
        case StageRule():
            own = [
                (
                    c.pipeline.qualified(c.stage),
                    c.amounts,
                    _of_calendars(c.calendars),
                    sorted(c.waiting),
                    sorted(c.former.items()),
                    c.planned,
                )
                for c in rule.clocks.values()
            ]
        case DateRule():
            own = (rule.sign, rule.at, _of_calendars(rule.calendars))
        case SilenceRule():
            own = (rule.what, _of_calendars(rule.calendars))
        case ScheduleRule():
            own = (rule.recurrence, rule.calendar.key, None if rule.where is None else rule.where.source.text)
        case StreakRule():
            own = rule.times
        case PoolRule():
            unless = None if rule.pool.unless is None else rule.pool.unless.source.text
            own = (_of_rule(rule.inner), rule.pool.protect, rule.pool.rest, rule.before, unless)
        case _:
            own = None
    return (type(rule).__name__, rule.key, rule.amounts, rule.child, rule.through, rule.field, own)


def _of_calendars(calendars: Calendars) -> Any:
    if calendars.said is not None:
        return (calendars.said, sorted((name, each.key) for name, each in calendars.known.items()), calendars.default.key)
    found = calendars.known.get(calendars.name, calendars.default) if calendars.name is not None else calendars.default
    return found.key  # holidays are part of it: a newer package may know more of them


def _digest(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:20]
