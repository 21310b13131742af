"""Somebody leaves: an administrator says who takes over, and sees what went to whom. The account is closed in the same act."""

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refused
from dougong.runtime import users
from dougong.runtime.people.leaving import Report
from dougong.runtime.session import Session
from dougong.web.pages.admin import only_admins
from dougong.web.pages.request import only, work
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import noted, text

KINDS = {
    "todo": noted("To-dos"),
    "delegation": noted("Absences in which they act for somebody"),
    "approval": noted("Approvals"),
    "submission": noted("What they submitted for approval"),
    "proposal": noted("Proposed moves"),
    "message": noted("Unread messages"),
}


@dataclass(frozen=True, slots=True)
class LeavingPage:
    """Context of `leaving.html`. `heirs` are (id, name) of those who may take over, `handed` what went to whom: (what, who, how many).

    `handed` is None before it is done; `typed` is what stood in the form when it was refused.
    """

    heading: str
    name: str
    action: str
    back_url: str
    heirs: tuple[tuple[int, str], ...]
    has_pools: bool
    handed: tuple[tuple[str, str, int], ...] | None
    pooled: int
    withdrawn: int
    messages: tuple[str, ...]
    typed: dict[str, str]


async def ask(request: Request) -> Response:
    """GET /admin/users/{id}/handover: to whom?"""
    only(request)
    return await work(request, lambda session: _show(request, session, {}, None, None), write=False)


async def hand_over(request: Request) -> Response:
    """POST the same address: everything goes, or nothing does."""
    typed = _typed(await request.form())
    try:
        return await work(request, lambda session: _hand_over(request, session, typed), write=True)
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _show(request, session, typed, None, caught), write=False)


def _typed(form: FormData) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _hand_over(request: Request, session: Session, typed: dict[str, str]) -> Response:
    only_admins(request, session, "users")
    to = typed.get("to", "")
    heir = int(to) if to.isdecimal() and len(to) < 19 else None
    report = session.handover(request.path_params["id"], heir, all="all" in typed, pools="pools" in typed)
    return _show(request, session, typed, report, None)


def _show(request: Request, session: Session, typed: dict[str, str], report: Report | None, refused: Refused | None) -> Response:
    shell = only_admins(request, session, "users")
    leaver = session.get(users.USER, request.path_params["id"])
    name = str(leaver["name"] or leaver["login"])
    people = users.accounts(request.app.state.engine.database) if report is None else ()
    page = LeavingPage(
        heading=text(shell.language, "%(person)s leaves", person=name),
        name=name,
        action=f"{shell.root}/admin/users/{leaver['id']}/handover",
        back_url=f"{shell.root}/admin/users",
        heirs=tuple((p.id, p.name or p.login) for p in people if p.is_active and p.id != leaver["id"]),
        has_pools=bool(session.app.pools),
        handed=None if report is None else _counts(session, shell.language, report),
        pooled=len(report.pooled) if report else 0,
        withdrawn=len(report.withdrawn) if report else 0,
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
        typed=typed,
    )
    return respond(request, "leaving.html", shell, page, 422 if refused else 200)


def _counts(session: Session, language: str, report: Report) -> tuple[tuple[str, str, int], ...]:
    counts = report.counts()
    names = session.titles(users.USER, sorted({who for _, who in counts}))
    kinds = {kind: text(language, words) for kind, words in KINDS.items()}
    titles = {name: made.title.text(language) for name, made in session.app.objects.items()} | kinds
    return tuple((titles.get(what, what), names.get(who, f"#{who}"), count) for (what, who), count in counts.items())
