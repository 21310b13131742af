"""Who is asked in a step: the people it names, those who stand in for them, and who must not be asked twice."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dougong_dsl.expression import Expression, check
from dougong_dsl.expression.scope import Scope
from dougong_dsl.expression.types import Boolean, Record, Type
from dougong_dsl.places import Source

from dougong.model.actions import Recipient
from dougong.runtime.approvals.rows import FrozenStep, Started
from dougong.runtime.people.absence import substitute_of
from dougong.runtime.people.recipients import people
from dougong.runtime.unit import Lens, Row, Unit

_ADDRESSED = re.compile(r"(?:(?:any|all|任一|全部|\d+)\s*(?:of\s+|位|个)?\s*)?(role|team|角色|团队)\s+(\w+)|user\s+([\w.@-]+)")
USER = "user"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to ask; `for_user` is in whose place."""

    user_id: int
    for_user: int | None = None


def applies(unit: Unit, approval: Started, step: FrozenStep) -> bool:
    """Whether the step's condition is true; a condition that the present definition cannot read any more counts as true."""
    if step.when is None:
        return True
    expression = _expression(unit, approval.object, step.when, Boolean())
    if expression is None:
        return True
    row, lens = seen(unit, approval)
    return unit.compiled.program(expression)(row, lens) is True


def named(unit: Unit, approval: Started, step: FrozenStep) -> list[int]:
    """The active people whom the step names now; those of the start where the present definition cannot say."""
    recipient = _recipient(unit, approval.object, step.by)
    if recipient is None:
        active = {u["id"] for u in unit.users()}
        return [user_id for user_id in step.people if user_id in active]
    row, lens = seen(unit, approval)
    return people(unit, [recipient], row, lens)


def seen(unit: Unit, approval: Started) -> tuple[Row, Lens]:
    """The record as the approval's conditions see it: as it is, or as it was submitted."""
    row = unit.row(approval.object, approval.record_id)
    rules = unit.compiled.rules(approval.object)
    if approval.snapshot is None:
        return row if row is not None else Row(rules, unit, {}), unit.plain
    values: dict[str, Any] = dict(row or {})
    for name, value in approval.snapshot.items():
        if name in rules.known:
            values[name] = rules.known[name].type.from_json(value)
    return Row(rules, unit, values), unit.plain


def snapshot(unit: Unit, object_name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values of a record, in JSON values."""
    rules = unit.compiled.rules(object_name)
    return {name: rules.known[name].type.to_json(row[name]) for name in rules.columns if row[name] is not None}


def candidates(unit: Unit, wanted: Iterable[int], taken: Iterable[int]) -> list[Candidate]:
    """Those who can be asked: people who are away are stood in for, who is `taken` is left out, nobody comes twice."""
    found: dict[int, Candidate] = {}
    left_out = set(taken)
    for user_id in wanted:
        stand_in = substitute_of(unit, user_id, unit.now)
        if user_id in left_out or stand_in in left_out:
            continue
        found.setdefault(stand_in, Candidate(stand_in, None if stand_in == user_id else user_id))
    return list(found.values())


def managers(unit: Unit, users: Iterable[int]) -> list[int]:
    """The managers of people, each once."""
    known = {u["id"]: u for u in unit.users()}
    return list(dict.fromkeys(known[u]["manager"] for u in users if u in known and known[u]["manager"] in known))


def admins(unit: Unit) -> list[int]:
    """Everybody who may manage the app: the last ones to ask."""
    roles = {name for name, role in unit.compiled.app.roles.items() if role.is_admin}
    return [u["id"] for u in unit.users() if not roles.isdisjoint(u["roles"] or ())]


def _recipient(unit: Unit, object_name: str, text: str) -> Recipient | None:
    found = _ADDRESSED.fullmatch(text.strip())
    if found is None:
        expression = _expression(unit, object_name, text, Record(USER))
        return None if expression is None else Recipient(user=expression)
    if found[3] is not None:
        return Recipient(login=found[3])
    return Recipient(role=found[2]) if found[1] in ("role", "角色") else Recipient(team=found[2])


def _expression(unit: Unit, object_name: str, text: str, expected: Type) -> Expression | None:
    """A text of the definition as it was, read against the definition as it is."""

    def read() -> tuple[Expression | None]:
        compiled = unit.compiled
        scope = Scope(compiled.schema, object_name, {}, USER, compiled.app.currency, False)
        expression, _ = check(Source.inline(text), scope, expected)
        return (expression,)

    return unit.compiled.question(("approval text", object_name, text), read)[0]
