"""The frame around every page: who is here, how it should look, and where one can go from here."""

import secrets
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from dougong_dsl.titles import Title
from starlette.requests import Request

from dougong.engine import Engine
from dougong.fields.base import Language, Reading
from dougong.runtime.session import Session
from dougong.web.pages.texts import noted, text

THEMES = ("auto", "light", "dark")
DENSITIES = ("comfortable", "compact")
NOTES = {
    "created": noted("Created."),
    "saved": noted("Saved."),
    "moved": noted("Moved."),
    "deleted": noted("Deleted."),
    "done": noted("Done."),
    "decided": noted("Your decision is kept."),
    "submitted": noted("Submitted."),
    "withdrawn": noted("Taken back."),
    "commented": noted("Posted."),
    "unreached": noted("Posted. Somebody you mentioned may not see this record and was not told."),
    "claimed": noted("It is yours now."),
    "given_back": noted("Given back."),
    "read": noted("Read."),
    "ticked": noted("Ticked off."),
    "unticked": noted("It is open again."),
    "unsupported": noted("Taken back. The stage is without support now."),
    "excepted": noted("The exception is granted."),
    "resent": noted("It is sent again."),
    "given_up": noted("Given up."),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a person wants to see things: kept in cookies, so that the first byte already fits."""

    theme: str = "auto"
    density: str = "comfortable"
    rail: str = "wide"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go from the rail, the quick-add menu or the bottom bar."""

    name: str
    title: str
    icon: str
    url: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """What `base.html` needs. `root` is where the app is mounted; `here` the path to come back to."""

    language: Language
    nonce: str
    csrf: str
    root: str
    here: str
    app_title: str
    look: Look = Look()
    user_id: int | None = None
    user_name: str = ""
    user_login: str = ""
    roles: tuple[str, ...] = ()
    is_admin: bool = False
    objects: tuple[Place, ...] = ()
    pinned: tuple[Place, ...] = ()
    creatable: tuple[Place, ...] = ()
    pools: tuple[Place, ...] = ()
    todo_count: int = 0
    unread_count: int = 0
    section: str = ""
    note: str = ""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))  # of the forms as they were drawn: sent twice, each works once
    zone: ZoneInfo = field(default=ZoneInfo("Asia/Shanghai"))
    engine: Engine | None = field(default=None, repr=False)

    @property
    def reading(self) -> Reading:
        """How texts are read and written for this person."""
        return Reading(self.language, self.zone)

    @property
    def notice(self) -> str:
        """What the last step did, said once after a redirect."""
        return text(self.language, NOTES[self.note]) if self.note in NOTES else ""


def look_of(request: Request) -> Look:
    """The look from the cookie `dougong-look`: `theme.density.rail`; anything odd is ignored."""
    given = (request.cookies.get("dougong-look", "") + "..").split(".")
    theme = given[0] if given[0] in THEMES else "auto"
    density = given[1] if given[1] in DENSITIES else "comfortable"
    return Look(theme, density, "slim" if given[2] == "slim" else "wide")


def outside(request: Request) -> Shell:
    """The frame for somebody who has not signed in."""
    app = request.app.state.engine.app
    language: Language = request.state.language
    return Shell(
        language=language,
        nonce=request.state.nonce,
        csrf=getattr(request.state, "csrf", "") or "",
        root=request.scope.get("root_path", ""),
        here=request.url.path,
        app_title=app.title.text(language),
        look=look_of(request),
        zone=app.zone,
    )


def inside(request: Request, session: Session, section: str = "") -> Shell:
    """The frame for the session's user: only objects that this person may read at all."""
    language: Language = request.state.language
    root = request.scope.get("root_path", "")
    app = session.app
    places = [
        Place(name, made.title.text(language), made.icon, f"{root}/o/{name}", section == name)
        for name, made in app.objects.items()
        if not made.is_system and session.may("read", name)
    ]
    creatable = [Place(p.name, p.title, p.icon, f"{root}/o/{p.name}/new") for p in places if session.may("create", p.name)]
    query = request.url.query
    return Shell(
        language=language,
        nonce=request.state.nonce,
        csrf=request.state.csrf or "",
        root=root,
        here=request.url.path + (f"?{query}" if query else ""),
        app_title=app.title.text(language),
        look=look_of(request),
        user_id=session.user["id"],
        user_name=session.user["name"],
        user_login=session.user["login"],
        roles=tuple(_role(app.roles[r].title, language) for r in session.user["roles"] or () if r in app.roles),
        is_admin=any(app.roles[r].is_admin for r in session.user["roles"] or () if r in app.roles),
        objects=tuple(places),
        creatable=tuple(creatable),
        pools=_pools(session, language, root, section),
        todo_count=len(session.todos()) + session.approvals_waiting_count(),
        unread_count=session.unread_count(),
        section=section,
        note=request.query_params.get("note", ""),
        zone=app.zone,
        engine=request.app.state.engine,
    )


def _pools(session: Session, language: Language, root: str, section: str) -> tuple[Place, ...]:
    """The pools from which this person may claim."""
    own = set(session.user["roles"] or ())
    found = [p for p in session.app.pools.values() if not p.roles.isdisjoint(own)]
    return tuple(Place(p.name, p.title.text(language), "droplet", f"{root}/pools/{p.name}", section == f"pool:{p.name}") for p in found)


def _role(title: Title, language: str) -> str:
    return title.text(language)
