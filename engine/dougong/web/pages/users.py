"""Administration of accounts: who may sign in, with which roles; new accounts, new passwords, out of use. For administrators only."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refused
from dougong.runtime import users
from dougong.runtime.session import Session
from dougong.runtime.users_sessions import close_sessions
from dougong.web.pages.admin import only_admins
from dougong.web.pages.facets import Option
from dougong.web.pages.request import go, work
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text
from dougong.web.threads import in_thread

TEAM = "team"
Handle = Callable[[Request, Session, FormData], Response]


@dataclass(frozen=True, slots=True)
class Person:
    """One account."""

    id: int
    login: str
    name: str
    email: str
    roles: frozenset[str]
    is_active: bool
    team: int | None = None


@dataclass(frozen=True, slots=True)
class UsersPage:
    """Context of `users.html`; `typed` is what stood in the form for a new account when it was refused.

    `may_edit`: their other fields, on a page of their own; `has_teams`: the teams, likewise.
    """

    heading: str
    people: tuple[Person, ...]
    roles: tuple[Option, ...]
    teams: tuple[tuple[int, str], ...]
    may_edit: bool = False
    has_teams: bool = False
    messages: tuple[str, ...] = ()
    typed_login: str = ""
    typed_name: str = ""
    typed_roles: frozenset[str] = frozenset()


async def show(request: Request) -> Response:
    """GET /admin/users."""
    return await work(request, lambda session: _show(request, session, None, None), write=False)


async def add(request: Request) -> Response:
    """POST /admin/users: a new account."""
    return await _attempt(request, _add)


async def change(request: Request) -> Response:
    """POST /admin/users/{id}: `do` is roles, team, password, close or open."""
    form = await request.form()
    if form.get("do") == "password":
        return await _set_password(request, form)
    response = await _attempt(request, _change)
    if form.get("do") == "close" and response.status_code == 303:
        await in_thread(close_sessions, request.app.state.engine.database, request.path_params["id"])
    return response


async def _attempt(request: Request, handle: Handle) -> Response:
    form = await request.form()
    try:
        return await work(request, lambda session: handle(request, session, form), write=True)
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _show(request, session, form, caught), write=False)


def _add(request: Request, session: Session, form: FormData) -> Response:
    only_admins(request, session, "users")
    users.create_user(session, _one(form, "login"), _one(form, "name"), _one(form, "password") or None, _many(form, "roles"))
    return go(request, "/admin/users", "created")


def _change(request: Request, session: Session, form: FormData) -> Response:
    only_admins(request, session, "users")
    what = _one(form, "do")
    values: dict[str, object] = {"active": what == "open"}
    if what in ("roles", "team"):
        values = {"roles": _many(form, "roles")} if what == "roles" else {"team": _one(form, "team") or None}
    session.update(users.USER, request.path_params["id"], values)
    return go(request, "/admin/users", "saved")


async def _set_password(request: Request, form: FormData) -> Response:
    """Passwords are no field of the user's record: they go past the gate, and end the user's sessions."""
    login = await work(request, lambda session: Response(_login(request, session)), write=False)
    try:
        await in_thread(users.set_password, request.app.state.engine.database, bytes(login.body).decode(), _one(form, "password"))
    except Refused as refused:
        caught = refused
        return await work(request, lambda session: _show(request, session, None, caught), write=False)
    return go(request, "/admin/users", "saved")


def _login(request: Request, session: Session) -> str:
    only_admins(request, session, "users")
    return str(session.get(users.USER, request.path_params["id"])["login"])


def _show(request: Request, session: Session, form: FormData | None, refused: Refused | None) -> Response:
    shell = only_admins(request, session, "users")
    people = users.accounts(request.app.state.engine.database)
    is_new = form is not None and "do" not in form
    page = UsersPage(
        heading=text(shell.language, "Users"),
        people=tuple(Person(p.id, p.login, p.name or "", p.email or "", frozenset(p.roles), p.is_active, p.team) for p in people),
        roles=tuple(Option(n, r.title.text(shell.language), "") for n, r in session.app.roles.items()),
        teams=tuple(users.team_names(request.app.state.engine.database).items()),
        may_edit=session.may("update", users.USER),
        has_teams=session.may("read", TEAM),
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
        typed_login=_one(form, "login") if form is not None and is_new else "",
        typed_name=_one(form, "name") if form is not None and is_new else "",
        typed_roles=frozenset(_many(form, "roles")) if form is not None and is_new else frozenset(),
    )
    return respond(request, "users.html", shell, page, 422 if refused else 200)


def _one(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) and name != "password" else value if isinstance(value, str) else ""


def _many(form: FormData, name: str) -> list[str]:
    return [v for v in form.getlist(name) if isinstance(v, str) and v]
