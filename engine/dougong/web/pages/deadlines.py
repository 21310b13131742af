"""What is due of a record, in words: how long there is still, or how long it is overdue, and how that was counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dougong.runtime.due.explain import DueReason, explain_due
from dougong.runtime.session import Session
from dougong.web.pages import times
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import noted, text

NOTABLE = ("overdue", "review")


@dataclass(frozen=True, slots=True)
class Deadline:
    """One moment. `words` is the countdown, `at` the exact time, `derivation` how it was counted; `rule` is file:line, for administrators."""

    title: str
    words: str
    at: str
    tone: str
    derivation: str
    rule: str


@dataclass(frozen=True, slots=True)
class Deadlines:
    """`main` is the deadline of a stage that the record is in, if there is one; `all` are all moments, the next first.

    `of` has the deadline of each pipeline, by the column of its stage.
    """

    main: Deadline | None
    all: tuple[Deadline, ...]
    of: Mapping[str, Deadline]


def deadlines(session: Session, shell: Shell, object: str, id: int) -> Deadlines:
    """What is due of a record that this person may see."""
    reasons = explain_due(session, object, id)
    lines = {r.key: _line(shell, r, session.now) for r in reasons}
    notable = [r for r in reasons if r.kind in NOTABLE]
    first = _first(notable, session.now)
    each = {r.column: _first([n for n in notable if n.column == r.column], session.now) for r in notable}
    of = {column: lines[reason.key] for column, reason in each.items() if column is not None and reason is not None}
    return Deadlines(lines[first.key] if first else None, tuple(lines[r.key] for r in reasons), of)


def _first(reasons: Sequence[DueReason], now: datetime) -> DueReason | None:
    """What is late, else what comes next."""
    found = [r for r in reasons if r.due_at <= now] or list(reasons)
    return found[0] if found else None


def countdown(due: datetime, now: datetime, language: str, *, is_review: bool = False) -> str:
    """`48 小时后到期`, `刚到期`, `已逾期 3 小时`; of a date on which to look at something again `5 天后复查`, `该复查了`."""
    seconds = (due - now).total_seconds()
    if seconds > 0:
        words = noted("to be reviewed in %(time)s") if is_review else noted("due in %(time)s")
        return text(language, words, time=times.stretch(seconds, language))
    if seconds > -60:
        return text(language, noted("review due") if is_review else noted("just due"))
    words = noted("review due for %(time)s") if is_review else noted("overdue by %(time)s")
    return text(language, words, time=times.span(-seconds, language))


def tone(due: datetime, now: datetime, *, is_review: bool = False) -> str:
    """A colour word of the stylesheet: bad when it is over, warn on the last day. Nothing is late because it is to be looked at again."""
    seconds = (due - now).total_seconds()
    return "bad" if seconds <= 0 and not is_review else "warn" if seconds < 86400 else ""


def _line(shell: Shell, reason: DueReason, now: datetime) -> Deadline:
    zh = shell.language == "zh"
    is_done = reason.fired_at is not None and reason.kind not in NOTABLE
    is_review = reason.kind == "review"
    return Deadline(
        title=reason.title[0 if zh else 1],
        words=text(shell.language, "done already") if is_done else countdown(reason.due_at, now, shell.language, is_review=is_review),
        at=times.exact(reason.due_at, shell.zone),
        tone="" if is_done else tone(reason.due_at, now, is_review=is_review),
        derivation=reason.sentence()[0 if zh else 1],
        rule=reason.clause if shell.is_admin else "",
    )
