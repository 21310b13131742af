"""What a trigger would do to a real record: it is done in a savepoint of its own, told, and undone."""

from dougong.refusals import Refused, refuse
from dougong.runtime import refusals as codes
from dougong.runtime.gate import explain, triggers
from dougong.runtime.gate.draft import Draft
from dougong.runtime.splits.settling import settle
from dougong.runtime.triggers.asking import only_admins, record, rule_named
from dougong.runtime.triggers.told import Pair, Rehearsal
from dougong.runtime.unit import Unit


def dry_run(unit: Unit, trigger: str, object: str, id: int) -> Rehearsal:
    """As if the trigger's event had happened to the record just now, by the person who asks. Needs a session that writes, keeps nothing.

    Numbers that are drawn are given back with the rest; only record ids of PostgreSQL are never given twice.
    """
    only_admins(unit)
    if not unit.is_write:
        raise refuse(codes.READ_ONLY)
    record(unit, object, id)
    # a unit of its own: what it looks at and keeps in mind is forgotten with it
    trial = Unit(unit.compiled, unit.connection, unit.person, unit.cause, unit.language, unit.now, is_write=True)
    try:
        with unit.connection.savepoint():
            raise _Undone(_tried(trial, trigger, object, id))
    except _Undone as undone:
        return undone.found


class _Undone(Exception):
    """Ends the savepoint, with what was found out in it."""

    def __init__(self, found: Rehearsal) -> None:
        super().__init__()
        self.found = found


def _tried(unit: Unit, trigger: str, object: str, id: int) -> Rehearsal:
    rule = rule_named(unit, object, trigger)
    row = record(unit, object, id)
    try:
        firings = triggers.rehearse(unit, rule, row)
        settle(unit)
    except Refused as refused:
        return Rehearsal(trigger, object, id, tuple(unit.firings), refused.refusals)
    why_not: Pair | None = None
    if not firings and rule.trigger.when is not None:
        why_not = explain.condition(Draft(unit, unit.compiled.rules(object), row, {}), rule.trigger.when, row)
    return Rehearsal(trigger, object, id, tuple(firings), (), why_not)
