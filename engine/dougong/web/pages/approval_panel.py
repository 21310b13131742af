"""The approvals of a record as its page shows them: steps, who was asked, who decided what and when, and what this person may do."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from dougong.model.app import Object
from dougong.runtime.approvals.view import ApprovalState, ApprovalTask
from dougong.runtime.session import Session
from dougong.web.pages.reader import Reader
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import noted, text

STATES: Mapping[str, tuple[str, str]] = {
    "running": (noted("running"), "warn"),
    "approved": (noted("approved"), "good"),
    "rejected": (noted("rejected"), "bad"),
    "returned": (noted("returned"), "bad"),
    "withdrawn": (noted("withdrawn"), ""),
    "cancelled": (noted("not needed any more"), ""),
    "open": (noted("asked"), "warn"),
    "waiting": (noted("comes later"), ""),
    "transferred": (noted("passed on"), ""),
    "escalated": (noted("took too long, passed to the manager"), "bad"),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One person who was asked, and what came of it."""

    person: str
    person_id: int
    instead_of: str
    state: str
    tone: str
    at: Markup
    comment: str


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """`state` is done, now or next."""

    number: int
    title: str
    state: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """One approval; `task` is what this person is asked now, `withdraw_url` is there for the submitter while it runs."""

    id: int
    title: str
    text: str
    state: str
    tone: str
    is_running: bool
    submitted: str
    at: Markup
    steps: tuple[ApprovalStep, ...]
    task: int | None
    withdraw_url: str | None
    waits: str


@dataclass(frozen=True, slots=True)
class Submit:
    """An approval that this person can start by hand."""

    title: str
    url: str


def states(session: Session, made: Object, id: int) -> list[ApprovalState]:
    """The approvals of a record that this person may see, newest first; objects without approvals cost nothing."""
    return session.approvals(made.name, id) if any(a.object == made.name for a in session.app.approvals.values()) else []


def startable(session: Session, shell: Shell, made: Object, id: int, running: frozenset[str]) -> tuple[Submit, ...]:
    """What can be submitted by hand by somebody who may change the record; `running` are the names of those that run already."""
    if session.given("update", made.name, id) is None:
        return ()
    url = f"{shell.root}/o/{made.name}/{id}/submit"
    return tuple(
        Submit(text(shell.language, "Submit: %(approval)s", approval=a.title.text(shell.language)), f"{url}/{a.name}")
        for a in session.app.approvals.values()
        if a.object == made.name and a.start is None and a.name not in running
    )


def view(shell: Shell, reader: Reader, state: ApprovalState) -> ApprovalView:
    """One approval as pages show it."""
    words, tone = STATES.get(state.state, (state.state, ""))
    runs = state.state == "running"
    return ApprovalView(
        id=state.id,
        title=state.title,
        text=state.text,
        state=text(shell.language, words),
        tone=tone,
        is_running=runs,
        submitted=state.submitted_by.name if state.submitted_by else text(shell.language, "System"),
        at=reader.time(state.started_at),
        steps=tuple(_step(shell, reader, state, i) for i in range(len(state.steps))),
        task=my_task(state),
        withdraw_url=f"{shell.root}/approvals/{state.id}/withdraw" if state.may_withdraw else None,
        waits=state.waits,
    )


def my_task(state: ApprovalState) -> int | None:
    """The task that waits for the reader, if one does."""
    return next((t.id for t in state.tasks if t.is_mine), None)


def _step(shell: Shell, reader: Reader, state: ApprovalState, index: int) -> ApprovalStep:
    runs = state.state == "running"
    here = "now" if runs and index == state.step else "done" if index < state.step or state.state == "approved" else "next"
    decisions = tuple(_decision(shell, reader, t) for t in state.tasks if t.step == index)
    if not runs and here == "next" and any(t.decided_at for t in state.tasks if t.step == index):
        here = "done"
    return ApprovalStep(index + 1, state.steps[index], here, decisions)


def _decision(shell: Shell, reader: Reader, task: ApprovalTask) -> Decision:
    words, tone = STATES.get(task.state, (task.state, ""))
    by = task.decided_by if task.decided_by is not None else task.person
    owner = task.in_place_of or (task.person if by.id != task.person.id else None)
    return Decision(
        person=by.name,
        person_id=by.id or 0,
        instead_of=text(shell.language, "for %(person)s", person=owner.name) if owner else "",
        state=text(shell.language, words),
        tone=tone,
        at=reader.time(task.decided_at or task.asked_at),
        comment=task.comment or "",
    )
