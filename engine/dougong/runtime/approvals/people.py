"""Who is asked in a step: the people it names, and those who are asked when there are not enough of them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from dougong_dsl.expression import Expression, check
from dougong_dsl.expression.scope import Scope
from dougong_dsl.expression.types import Boolean, Record, Type
from dougong_dsl.places import Source

from dougong.model.actions import Recipient
from dougong.runtime.approvals.hats import Candidate
from dougong.runtime.approvals.rows import FrozenStep, Started
from dougong.runtime.people import teams
from dougong.runtime.people.absence import substitute_of
from dougong.runtime.people.recipients import people
from dougong.runtime.people.todos import administrators
from dougong.runtime.unit import Lens, Row, Unit

USER = "user"
TEAM = "team"


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
    recipient = _recipient(unit, approval.object, step)
    if recipient is None:
        active = {u["id"] for u in unit.users()}
        return [user_id for user_id in step.people if user_id in active]
    row, lens = seen(unit, approval)
    return people(unit, [recipient], row, lens)


def spelled(recipient: Recipient) -> tuple[str, str]:
    """How a step keeps whom it names: the kind, and a name or the text of a path."""
    for kind in ("role", "login", "team"):
        name = getattr(recipient, kind)
        if name is not None:
            return kind, str(name)
    path = recipient.user or recipient.team_path
    assert path is not None  # a recipient is one of these
    return "path", path.source.text


def seen(unit: Unit, approval: Started) -> tuple[Row, Lens]:
    """The record as the approval's conditions see it: as it is, or as it was submitted."""
    row = unit.row(approval.object, approval.record_id)
    rules = unit.compiled.rules(approval.object)
    if approval.snapshot is None:
        return row if row is not None else Row(rules, unit, {}), unit.plain
    values: dict[str, Any] = dict(row or {})
    for name, value in approval.snapshot.items():
        if name in rules.known:
            values[name] = None if value is None else rules.known[name].type.from_json(value)
    return Row(rules, unit, values), unit.plain


def snapshot(unit: Unit, object_name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values of a record, in JSON values, blanks too."""
    rules = unit.compiled.rules(object_name)
    return {name: None if row[name] is None else rules.known[name].type.to_json(row[name]) for name in rules.columns}


def candidates(unit: Unit, wanted: Iterable[int], taken: Collection[int]) -> list[Candidate]:
    """Those who can be asked: people who are away are stood in for, who is `taken` is left out, nobody comes twice."""
    found: dict[int, Candidate] = {}
    for user_id in wanted:
        stand_in = substitute_of(unit, user_id, unit.now)
        if user_id not in taken and stand_in not in taken:
            found.setdefault(stand_in, Candidate(stand_in, None if stand_in == user_id else user_id))
    return list(found.values())


def above(unit: Unit, user_id: int, taken: Collection[int]) -> Candidate | None:
    """Who decides instead of somebody: the next one up who can be asked; then whoever manages the app."""
    active = {u["id"] for u in unit.users()}
    passed, current = {user_id}, unit.row(USER, user_id)
    while current is not None and current["manager"] is not None and current["manager"] not in passed:
        passed.add(current["manager"])
        found = candidates(unit, [current["manager"]] if current["manager"] in active else [], taken)
        if found:
            return found[0]
        current = unit.row(USER, current["manager"])
    return next(iter(candidates(unit, administrators(unit), taken)), None)


def _recipient(unit: Unit, object_name: str, step: FrozenStep) -> Recipient | None:
    """Whom a step names, in the terms of the present definition; None where it has them no more."""
    if step.kind == "role":
        return Recipient(role=step.by) if step.by in unit.compiled.app.roles else None
    if step.kind == "login":
        return Recipient(login=step.by)
    if step.kind == "team":
        return None if teams.named(unit, step.by) is None else Recipient(team=step.by)
    user = _expression(unit, object_name, step.by, Record(USER))
    team = _expression(unit, object_name, step.by, Record(TEAM)) if user is None else None
    return Recipient(user=user) if user is not None else None if team is None else Recipient(team_path=team)


def _expression(unit: Unit, object_name: str, text: str, expected: Type) -> Expression | None:
    """A text of the definition as it was, read against the definition as it is."""

    def read() -> tuple[Expression | None]:
        compiled = unit.compiled
        app = compiled.app
        scope = Scope(compiled.schema, object_name, {}, USER, app.currency, False, calendar=app.calendar, calendars=app.calendars)
        expression, _ = check(Source.inline(text), scope, expected)
        return (expression,)

    return unit.compiled.question(("approval text", object_name, text, expected), read)[0]
