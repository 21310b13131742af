"""Who may ask, and about what: administrators, about triggers that there are and records that they may see."""

from dougong.derive.triggers import TriggerRule
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.gate.scope import no_grant
from dougong.runtime.unit import Row, Unit


def only_admins(unit: Unit) -> None:
    """`Refused` R430 for everybody else; the system may ask."""
    roles = unit.compiled.app.roles
    if not unit.person.is_system and not any(roles[r].is_admin for r in unit.person.roles if r in roles):
        raise refuse(codes.ADMINS_ONLY)


def rule_named(unit: Unit, object_name: str, trigger: str) -> TriggerRule:
    """What has this name among the triggers, stages and moments of an object; `Refused` R431 when nothing has."""
    rules = unit.compiled.rules(object_name)
    moments = [r.fires for r in (*rules.dues.own, *rules.dues.schedules) if r.fires is not None]
    found = next((r for r in (*rules.trigger_rules, *moments) if r.name == trigger), None)
    if found is None:
        raise refuse(codes.NO_SUCH_TRIGGER, name=trigger, object=rules.spoken)
    return found


def record(unit: Unit, object_name: str, record_id: int) -> Row:
    """A record that the person may see; `Refused` R404 otherwise."""
    row = unit.row(object_name, record_id)
    if row is None or not unit.matching(object_name, "read", row):
        rules = unit.compiled.rules(object_name)
        raise refuse(codes.NOT_FOUND, object=rules.spoken) if unit.access.rights(object_name, "read") else no_grant(rules, "read")
    return row
