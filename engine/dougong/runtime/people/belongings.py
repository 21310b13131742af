"""What hangs on a person beside records: to-dos, delegations, approvals that wait for them, proposals. One step each."""

from collections.abc import Mapping

from dougong.runtime.people import texts
from dougong.runtime.people.leaving import Handed, Leaving
from dougong.runtime.people.texts import text


def todos(leaving: Leaving) -> None:
    """Open to-dos."""
    unit, dialect = leaving.unit, leaving.unit.compiled.dialect

    def load() -> Mapping[int, int]:
        return dict(unit.connection.all(text(texts.TODO_LOAD, dialect), {"user_ids": list(leaving.heirs)}))

    for (todo_id,) in unit.connection.all(text(texts.OPEN_OF, dialect), {"user_id": leaving.user}):
        to = leaving.heir("todo", load)
        unit.connection.run(text(texts.TODO_TO, dialect), {"id": todo_id, "to": to})
        leaving.handed.append(Handed("todo", todo_id, None, to))


def delegations(leaving: Leaving) -> None:
    """Who stands in for others from now on; the person's own absences end."""
    unit, dialect = leaving.unit, leaving.unit.compiled.dialect
    values = {"user_id": leaving.user, "now": unit.driver_now}
    unit.connection.run(text(texts.END_OWN, dialect), values)
    for absence_id, absent in unit.connection.all(text(texts.DELEGATED, dialect), values):
        others = [h for h in leaving.heirs if h != absent]
        if not others:
            unit.connection.run(text(texts.END_ABSENCE, dialect), {"id": absence_id})
            continue
        to = leaving.heir("delegation", dict, others)
        unit.connection.run(text(texts.DELEGATE_TO, dialect), {"id": absence_id, "to": to})
        leaving.handed.append(Handed("delegation", absence_id, None, to))


def approvals(leaving: Leaving) -> None:
    """Decisions that wait: to somebody who has no other say in the same approval, as far as there is one."""
    unit, dialect = leaving.unit, leaving.unit.compiled.dialect
    for task_id, approval, submitter in unit.connection.all(text(texts.ASKED, dialect), {"user_id": leaving.user}):
        busy = {r[0] for r in unit.connection.all(text(texts.ALSO_ASKED, dialect), {"id": approval})} | {submitter}
        free = [h for h in leaving.heirs if h not in busy] or [a for a in _above(leaving) if a not in busy]
        to = leaving.heir("approval", dict, free or None)
        unit.connection.run(text(texts.ASK_INSTEAD, dialect), {"id": task_id, "to": to, "gone": leaving.user})
        leaving.handed.append(Handed("approval", task_id, None, to))


def proposals(leaving: Leaving) -> None:
    """Moves that somebody was to say yes or no to."""
    unit, dialect = leaving.unit, leaving.unit.compiled.dialect
    for (proposal_id,) in unit.connection.all(text(texts.PROPOSED, dialect), {"user_id": leaving.user}):
        to = leaving.heir("proposal", dict)
        unit.connection.run(text(texts.PROPOSE_TO, dialect), {"id": proposal_id, "to": to})
        leaving.handed.append(Handed("proposal", proposal_id, None, to))


def _above(leaving: Leaving) -> list[int]:
    """The manager of who leaves, then the administrators: they decide when every heir has a say already."""
    unit = leaving.unit
    gone = unit.row("user", leaving.user)
    admins = {name for name, role in unit.compiled.app.roles.items() if role.is_admin}
    found = [u["id"] for u in unit.users() if not admins.isdisjoint(u["roles"] or ()) and u["id"] != leaving.user]
    active = {u["id"] for u in unit.users()}
    manager = None if gone is None else gone["manager"]
    return [*([manager] if manager in active else []), *found]
