"""The inbox: what this person was told, newest first; read by opening it; an approval is decided right here."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import refuse
from dougong.runtime.people.inbox import KINDS
from dougong.runtime.record import Message
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.pages import proposals
from dougong.web.pages.approval_panel import my_task
from dougong.web.pages.proposals import ProposalLine
from dougong.web.pages.reader import Reader
from dougong.web.pages.request import go, local, only, work
from dougong.web.pages.shell import Shell, inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import noted, text
from dougong.web.pages.todos import beside

SHOWN = 50
LARGEST = 10**18
KIND_TITLES = {
    "notify": noted("Notice"),
    "mention": noted("Mention"),
    "todo": noted("To-do"),
    "approval": noted("Approval"),
    "overdue": noted("Overdue"),
    "proposal": noted("Proposal"),
}
SYMBOLS = {
    "notify": "bell",
    "mention": "message",
    "todo": "list-check",
    "approval": "clipboard-check",
    "overdue": "alert-triangle",
    "proposal": "bulb",
}


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message; `url` is its record where this person may see it, `task` the approval's task that waits for them.

    `proposal` is the proposed move that waits for their answer; `is_settled` says that it waits no more.
    """

    id: int
    kind: str
    kind_title: str
    symbol: str
    text: str
    about: str
    url: str
    sender: str
    at: Markup
    is_unread: bool
    task: int | None
    proposal: ProposalLine | None
    is_settled: bool
    file_url: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Context of `inbox.html`; `kinds` are (address, title, whether it is shown)."""

    heading: str
    messages: tuple[MessageLine, ...]
    unread: int
    shows: tuple[tuple[str, str, bool], ...]
    kinds: tuple[tuple[str, str, bool], ...]
    older_url: str | None
    is_filtered: bool


async def show(request: Request) -> Response:
    """GET /inbox?show=all|unread&kind=…&before=…"""
    return await work(request, lambda session: _show(request, session), write=False)


async def read(request: Request) -> Response:
    """POST /inbox/{id}/read: it is read; on to `next`, its record."""
    target = local(str((await request.form()).get("next") or "/inbox"))

    def handle(session: Session) -> Response:
        session.read_message(request.path_params["id"])
        return go(request, target)

    return await work(request, handle, write=True)


async def read_all(request: Request) -> Response:
    """POST /inbox/read."""

    def handle(session: Session) -> Response:
        session.read_all_messages()
        return go(request, "/inbox", "read")

    return await work(request, handle, write=True)


def _show(request: Request, session: Session) -> Response:
    only(request, "show", "kind", "before")
    asked = request.query_params
    shown = _one_of(request, "show", ("all", "unread"), "all")
    kind = _one_of(request, "kind", ("", *KINDS), "")
    before = asked.get("before", "")
    if before and not (before.isdecimal() and int(before) < LARGEST):
        raise refuse(codes.BAD_PARAMETER, name="before", value=before, expected=("消息编号", "the number of a message"))
    shell = inside(request, session, "inbox")
    found = session.messages(unread=True if shown == "unread" else None, before=int(before) if before else None, limit=SHOWN)
    page = InboxPage(
        heading=text(shell.language, "Inbox"),
        messages=_lines(session, shell, [m for m in found if kind in ("", m.kind)]),
        unread=shell.unread_count,
        shows=tuple((_url(shell, s, kind), text(shell.language, t), s == shown) for s, t in SHOWS),
        kinds=tuple((_url(shell, shown, k), text(shell.language, KIND_TITLES[k]), k == kind) for k in KINDS),
        older_url=f"{_url(shell, shown, kind)}&before={found[-1].id}" if len(found) == SHOWN else None,
        is_filtered=shown != "all" or kind != "",
    )
    return respond(request, "inbox.html", shell, page)


SHOWS = (("all", noted("All")), ("unread", noted("Unread")))


def _url(shell: Shell, shown: str, kind: str) -> str:
    return f"{shell.root}/inbox?show={shown}" + (f"&kind={kind}" if kind else "")


def _one_of(request: Request, name: str, allowed: tuple[str, ...], otherwise: str) -> str:
    found = request.query_params.get(name, otherwise)
    if found not in allowed:
        words = ", ".join(a for a in allowed if a)
        raise refuse(codes.BAD_PARAMETER, name=name, value=found, expected=(words, words))
    return found


def _lines(session: Session, shell: Shell, found: list[Message]) -> tuple[MessageLine, ...]:
    reader = Reader(shell.reading, shell.root, session.now)
    tasks = _tasks(session) if any(m.kind == "approval" for m in found) else {}
    moves = proposals.by_record(session, shell) if any(m.kind == "proposal" for m in found) else {}
    return tuple(_line(shell, reader, m, tasks, moves) for m in found)


def _tasks(session: Session) -> dict[tuple[str, int], int]:
    """The task that waits for this person, by record; each is shown on one message only."""
    found: dict[tuple[str, int], int] = {}
    for state in session.approvals_waiting():
        task = my_task(state)
        if task is not None:
            found.setdefault((state.object, state.record_id), task)
    return found


def _line(
    shell: Shell,
    reader: Reader,
    message: Message,
    tasks: dict[tuple[str, int], int],
    moves: dict[tuple[str, int], list[ProposalLine]],
) -> MessageLine:
    about, is_proposal = (message.object or "", message.record_id or 0), message.kind == "proposal"
    waiting = moves.get(about, []) if is_proposal else []
    proposal = waiting.pop(0) if waiting else None
    return MessageLine(
        id=message.id,
        kind=message.kind,
        kind_title=text(shell.language, KIND_TITLES.get(message.kind, message.kind)),
        symbol=SYMBOLS.get(message.kind, "bell"),
        text=message.text,
        about=beside(message.text, message.record_title),
        url=f"/o/{about[0]}/{about[1]}" if message.record_title is not None else "",
        sender=message.sender.name if message.sender.id is not None else "",
        at=reader.time(message.at),
        is_unread=message.read_at is None,
        task=tasks.pop(about, None) if message.kind == "approval" else None,
        proposal=proposal,
        is_settled=is_proposal and proposal is None,
        file_url="" if message.file is None else f"{shell.root}/api/v1/inbox/{message.id}/file",
    )
