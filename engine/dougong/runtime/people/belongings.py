"""What hangs on a person beside records: to-dos, delegations, approvals, proposals, unread messages, what is on its way. One step each."""

from collections.abc import Collection, Mapping

from dougong.runtime.approvals import leaving as deciding
from dougong.runtime.people import texts, under_way
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
    """Decisions that wait: to an heir who has no other say in the same approval, else to those above."""
    unit, heirs = leaving.unit, leaving.heirs

    def choose(taken: Collection[int]) -> int | None:
        free = [h for h in heirs if h not in taken]
        return leaving.heir("approval", lambda: deciding.load(unit, heirs), free) if free else None

    for each in deciding.pass_on(unit, leaving.user, choose):
        leaving.handed.append(Handed("approval", each.task, None, each.to))


def submissions(leaving: Leaving) -> None:
    """Approvals that the person has submitted and that still run: somebody must hear how they end, and be able to withdraw them."""
    for approval_id, to in deciding.inherit(leaving.unit, leaving.user, lambda: leaving.heir("submission", dict)):
        leaving.handed.append(Handed("submission", approval_id, None, to))


def proposals(leaving: Leaving) -> None:
    """Moves that somebody was to say yes or no to."""
    unit, dialect = leaving.unit, leaving.unit.compiled.dialect
    for (proposal_id,) in unit.connection.all(text(texts.PROPOSED, dialect), {"user_id": leaving.user}):
        to = leaving.heir("proposal", dict)
        unit.connection.run(text(texts.PROPOSE_TO, dialect), {"id": proposal_id, "to": to})
        leaving.handed.append(Handed("proposal", proposal_id, None, to))


def deliveries(leaving: Leaving) -> None:
    """Mails and messages on channels that are on their way to the person do not go out; whoever takes over reads them in the inbox."""
    leaving.withdrawn += under_way.withdraw(leaving.unit, leaving.user)


def messages(leaving: Leaving) -> None:
    """Unread messages: questions and news that nobody has seen. What asked for a decision has been told to whoever decides now."""
    unit, dialect = leaving.unit, leaving.unit.compiled.dialect
    values = {"user_id": leaving.user, "now": unit.driver_now}
    unit.connection.run(text(texts.READ_DECISIONS, dialect), values)
    for (message_id,) in unit.connection.all(text(texts.UNREAD_OF, dialect), {"user_id": leaving.user}):
        to = leaving.heir("message", dict)
        if unit.connection.run(text(texts.MESSAGE_TO, dialect), {"id": message_id, "to": to}):
            leaving.handed.append(Handed("message", message_id, None, to))
    unit.connection.run(text(texts.READ_REST, dialect), values)
