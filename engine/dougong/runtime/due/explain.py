"""Why something is due when: start, amount, calendar and pauses of every moment of one record, in sentences of both languages.

Worked out from the rules in force and from the logs, as the sweep does it; so it is never staler than what will happen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dougong.database.instants import instant_from_db
from dougong.derive.due_statements import FOUND
from dougong.derive.dues import DateRule, Due, DueRule, StageRule
from dougong.runtime.due.past import Logs, texts
from dougong.runtime.session import Session
from dougong.runtime.unit import Row, Unit

Spoken = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DueReason:
    """One moment of a record. `amounts` are counted one after the other from `start_at`; `calendar` None is the app's.

    `fired_at` is when it was done. `kind`: overdue, escalation, review, stays (of stages: `column` is where the stage is kept), date, silence,
    streak.
    """

    key: str
    kind: str
    title: Spoken
    start_at: datetime
    amounts: tuple[Spoken, ...]
    calendar: str | None
    pauses: tuple[tuple[datetime, datetime], ...]
    due_at: datetime
    fired_at: datetime | None
    clause: str
    zone: ZoneInfo
    column: str | None = None

    def sentence(self) -> Spoken:
        """(Chinese, English), times in the app's zone."""
        zh, en = self.title
        start, due = self._said(self.start_at), self._said(self.due_at)
        joined = (" + ".join(a[0] for a in self.amounts), " + ".join(a[1] for a in self.amounts))
        counted = (f"\uff1a从 {start} 起 {joined[0]}", f": {joined[1]} from {start}") if self.amounts else ("\uff1a", ": ")
        if self.kind == "date":
            side = ("之前", "before") if self.due_at < self.start_at else ("之后", "after")
            counted = (f"\uff1a{start} {side[0]} {joined[0]}", f": {joined[1]} {side[1]} {start}")
        on = (f"\uff0c按日历“{self.calendar}”", f", on the calendar “{self.calendar}”") if self.calendar else ("", "")
        spans = [f"{self._said(a)} \u2013 {self._said(b)}" for a, b in self.pauses]
        without = (f"\uff0c不计暂停 {'、'.join(spans)}", f", without the pauses {', '.join(spans)}") if spans else ("", "")
        at = (f"\uff0c到 {due}", f", until {due}") if self.amounts else (f"{due}", f"at {due}")
        done = ("" if self.fired_at is None else f"\uff08{self._said(self.fired_at)} 已触发\uff09", "")
        told = done[1] if self.fired_at is None else f" (done at {self._said(self.fired_at)})"
        return f"{zh}{counted[0]}{on[0]}{without[0]}{at[0]}{done[0]}\u3002", f"{en}{counted[1]}{on[1]}{without[1]}{at[1]}{told}."

    def _said(self, instant: datetime) -> str:
        return instant.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")


def explain_due(session: Session, object: str, id: int) -> list[DueReason]:
    """Every moment of a record that the actor may see, the next first; raises `Refused` R404 for one that they may not.

    Left out is what hangs on fields and objects that they may not read.
    """
    seen, unit = session.get(object, id), session.unit
    dues = unit.compiled.rules(object).dues
    row = unit.row(object, id)
    assert row is not None  # it was just read
    rules = [r for r in (*dues.deadlines, *dues.own) if _may_see(session, r, seen)]
    past, fired = Logs(unit, (id,)), _fired(unit, object, id)
    found = [(rule, due) for rule in rules if (due := rule.due(row, unit.plain, past)) is not None]
    known = {(due.due_at, rule.kind, rule.pipeline.field) for rule, due in found if isinstance(rule, StageRule) and rule.fires is not None}
    reasons = [
        _reason(unit, row, rule, due, fired.get(rule.key))
        for rule, due in found
        if rule.fires is not None or not isinstance(rule, StageRule) or (due.due_at, "overdue", rule.pipeline.field) not in known
    ]
    return sorted(reasons, key=lambda r: (r.due_at, r.key))


def _may_see(session: Session, rule: DueRule, seen: Mapping[str, Any]) -> bool:
    if rule.child is not None:
        return session.may("read", rule.child)
    return rule.field is None or (rule.field in seen and rule.field not in session.masked(rule.object))


def _fired(unit: Unit, object: str, id: int) -> dict[str, datetime]:
    rows = (dict(zip(FOUND, r, strict=True)) for r in unit.connection.all(texts(unit).of_record, {"object": object, "record_id": id}))
    return {r["key"]: instant_from_db(r["fired_at"], unit.compiled.dialect) for r in rows if r["fired_at"] is not None}


def _reason(unit: Unit, row: Row, rule: DueRule, due: Due, fired: datetime | None) -> DueReason:
    amounts, kind = rule.amounts, "streak"
    if isinstance(rule, StageRule):
        clock = rule.clocks[row[rule.pipeline.field]]
        amounts, kind = tuple(a for a in clock.amounts if a.count), rule.kind
    elif isinstance(rule, DateRule):
        kind = "date"
    elif rule.amounts:
        kind = "silence"
    if rule.fires is not None:
        title = rule.fires.trigger.title
        spoken = (title.zh, title.en)
    else:
        assert isinstance(rule, StageRule)
        stage = rule.pipeline.stages[row[rule.pipeline.field]].title
        spoken = (f"“{stage.zh}”的时限", f"Deadline of “{stage.en}”")
    return DueReason(
        rule.key,
        kind,
        spoken,
        due.start_at,
        tuple(a.words() for a in amounts),
        due.calendar,
        due.pauses,
        due.due_at,
        fired if fired is not None and fired >= due.due_at else None,
        rule.clause,
        unit.compiled.app.zone,
        rule.pipeline.field if isinstance(rule, StageRule) else None,
    )
