"""Mails and messages on channels that have not left yet: whoever has left gets none of them."""

from collections.abc import Collection

from dougong.definition.builtin import USER
from dougong.runtime.gate.draft import Draft
from dougong.runtime.jobs.outbox import cancel
from dougong.runtime.people import texts
from dougong.runtime.people.texts import text
from dougong.runtime.unit import Unit


def after(draft: Draft, changed: Collection[str]) -> None:
    """An account that is closed is written to no more."""
    if draft.rules.name == USER and "active" in changed and not draft.row["active"]:
        withdraw(draft.unit, draft.row["id"])


def withdraw(unit: Unit, user_id: int) -> list[int]:
    """Take back what is on its way to a user, dead letters too; the jobs. One that is being sent at this moment is not among them."""
    values = {"user_id": user_id, "digests": f"digest:{user_id}:%"}
    return [job for (job,) in unit.connection.all(text(texts.UNDER_WAY, unit.compiled.dialect), values) if cancel(unit, job)]


def has_left(unit: Unit, user_id: int) -> bool:
    """Whether a user is closed or gone."""
    row = unit.row(USER, user_id)
    return row is None or not row["active"]
