"""Somebody leaves: one act hands over their records, to-dos and delegations, says what went where, and closes the account.

Records go through the write gate as the system, so that every rule is asked and history tells. When one of them cannot go, nothing does.
Whatever else keeps something for a person adds a step to `STEPS`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dougong.derive.rules import ObjectRules
from dougong.refusals import Refused, refuse
from dougong.runtime.actor import Cause, system_for
from dougong.runtime.gate import write
from dougong.runtime.people import inbox, texts
from dougong.runtime.people import refusals as codes
from dougong.runtime.people.absence import is_admin
from dougong.runtime.people.belongings import approvals, delegations, deliveries, messages, proposals, submissions, todos
from dougong.runtime.people.leaving import Handed, Leaving, Report, Step
from dougong.runtime.people.texts import text
from dougong.runtime.pools.leaving import give_back
from dougong.runtime.read.titles import titles, user_names
from dougong.runtime.unit import Row, Unit

USER = "user"
TOLD = ("您接手了{0}的 {1} 项工作", "You have taken over {1} pieces of {0}'s work")


def handover(
    unit: Unit, user_id: int, to: int | None = None, *, all: bool = False, pools: bool = False, steps: Sequence[Step] | None = None
) -> Report:
    """Hand over everything of a user to `to`, or, without one, piece by piece to the least loaded of those who share a role with them.

    With `pools`, records of objects with pools go there instead. Records are those whose stage is open (of objects without a pipeline, and with `all`, every one), in every field that holds a user. Then the
    account is closed: not active, no sessions, no tokens. `Refused` R419 (nobody to take over), R420 (a record that may not change), R421.
    """
    if not is_admin(unit):
        raise refuse(codes.ONLY_ADMINS)
    leaving = Leaving(unit, user_id, _heirs(unit, user_id, to), all, pools)
    actor, cause = unit.actor, unit.cause
    unit.act(system_for(actor), Cause("handover", str(user_id)))
    try:
        for step in STEPS if steps is None else steps:
            step(leaving)
        _close(unit, user_id)
        _tell(leaving)
    except Exception:
        unit.is_spoiled = True
        raise
    finally:
        unit.act(actor, cause)
    return Report(user_id, tuple(leaving.handed), tuple(leaving.pooled), tuple(leaving.withdrawn))


def records(leaving: Leaving) -> None:
    """Every user field of every record that is still at work."""
    unit = leaving.unit
    for name in unit.compiled.app.objects:
        rules = unit.compiled.rules(name)
        for field_name in _user_fields(rules):
            for row in list(unit.records(name, {field_name: leaving.user})):
                if _is_at_work(rules, row, leaving):
                    _hand(leaving, rules, field_name, row)


STEPS: tuple[Step, ...] = (give_back, records, todos, delegations, approvals, submissions, proposals, deliveries, messages)


def _heirs(unit: Unit, user_id: int, to: int | None) -> tuple[int, ...]:
    users = {u["id"]: u for u in unit.users() if u["id"] != user_id}
    if to is not None:
        found = [to] if to in users else []
    else:
        gone = unit.row(USER, user_id)
        roles = set((gone["roles"] if gone is not None else None) or ())
        found = sorted(i for i, u in users.items() if roles & set(u["roles"] or ()))
    if not found:
        raise refuse(codes.NO_HEIR)
    return tuple(found)


def _user_fields(rules: ObjectRules) -> Iterator[str]:
    """The fields that hold a user and that somebody can write."""
    return (r.name for r in rules.links if r.target == USER and r.field.is_writable)


def _is_at_work(rules: ObjectRules, row: Row, leaving: Leaving) -> bool:
    if rules.name == USER and not row["active"]:
        return leaving.is_all
    return leaving.is_all or rules.is_open(row)


def _hand(leaving: Leaving, rules: ObjectRules, field_name: str, row: Row) -> None:
    unit, record_id = leaving.unit, row["id"]

    def load() -> dict[int, int]:
        return dict(
            unit.connection.all(unit.compiled.writes(rules.name).load(field_name), {"users": list(leaving.heirs), "dg_key": record_id})
        )

    to = leaving.heir(f"{rules.name}.{field_name}", load)
    if rules.name == USER and to == record_id:  # nobody manages themselves
        to = _above(unit, leaving, record_id)
    try:
        write.update(unit, rules.name, record_id, {field_name: to or None})
    except Refused as refused:
        problem = [r.message(unit.language) for r in refused.refusals]
        named = titles(unit, rules.name, [record_id]).get(record_id, f"#{record_id}")
        raise refuse(codes.NOT_HANDED_OVER, object=rules.spoken, title=named, problem="; ".join(problem)) from None
    if to:
        leaving.handed.append(Handed(rules.name, record_id, field_name, to))


def _above(unit: Unit, leaving: Leaving, heir: int) -> int:
    """Whom the heir reports to when the heir reported to the person who leaves: that person's own manager; 0 for nobody."""
    gone: Mapping[str, Any] | None = unit.row(USER, leaving.user)
    above = None if gone is None else gone["manager"]
    return 0 if above is None or above == heir else int(above)


def _close(unit: Unit, user_id: int) -> None:
    """The account: not active (through the gate), no sessions, no tokens."""
    row = unit.row(USER, user_id)
    if row is not None and row["active"]:
        write.update(unit, USER, user_id, {"active": False})
    values = {"user_id": user_id, "now": unit.driver_now}
    unit.connection.run(text(texts.END_SESSIONS, unit.compiled.dialect), {"user_id": user_id})
    unit.connection.run(text(texts.END_TOKENS, unit.compiled.dialect), values)


def _tell(leaving: Leaving) -> None:
    """Everybody who got something is told how much."""
    name = user_names(leaving.unit, [leaving.user]).get(leaving.user, f"#{leaving.user}")
    work = [each.to for each in leaving.handed if each.what != "message"]
    for heir in dict.fromkeys(work):
        count = work.count(heir)
        inbox.notify(leaving.unit, [heir], (TOLD[0].format(name, count), TOLD[1].format(name, count)))
