"""To-dos, inbox, absences and comments over HTTP. Each request is one unit of work as the person who asks."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dougong.engine import Engine
from dougong.refusals import refuse
from dougong.runtime.people.absence import Absence
from dougong.runtime.people.preferences import Preferences, read_preferences
from dougong.runtime.record import Comment, Message, Todo
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api import body
from dougong.web.api.answering import ROOT, Work, answered, known_body, listed
from dougong.web.api.output import moment
from dougong.web.auth import require_user

TRUTHS = {"true": True, "false": False}


class People:
    """The handlers of `/api/v1/todos`, `/api/v1/inbox`, `/api/v1/absences` and of a record's comments."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[BaseRoute]:
        """The routes, before those of the records."""
        todo, one = ROOT + "/todos/{id:int}", ROOT + "/{object}/{id:int}/comments"
        return [
            Route(ROOT + "/todos", self.todos, methods=["GET"]),
            *(Route(f"{todo}/{act}", self._todo(act), methods=["POST"]) for act in ("claim", "finish", "give-back")),
            Route(ROOT + "/inbox", self.inbox, methods=["GET"]),
            Route(ROOT + "/inbox/read", self.read_all, methods=["POST"]),
            Route(ROOT + "/inbox/preferences", self.preferences, methods=["GET", "PUT"]),
            Route(ROOT + "/inbox/{id:int}/read", self.read, methods=["POST"]),
            Route(ROOT + "/absences", self.absences, methods=["GET", "POST"]),
            Route(ROOT + "/absences/{id:int}", self.end_absence, methods=["DELETE"]),
            Route(one, self.comments, methods=["GET", "POST"]),
            Route(one + "/{comment:int}", self.comment, methods=["PATCH", "DELETE"]),
        ]

    async def todos(self, request: Request) -> Response:
        """GET one's own, or with `claimable=true` those that one may claim."""
        claimable = _truth(request, body.parameters(request, ("claimable",)), "claimable")

        def work(session: Session) -> Any:
            return listed([_todo(t) for t in (session.claimable_todos() if claimable else session.todos())])

        return await self._run(request, work, write=False)

    def _todo(self, act: str) -> Callable[[Request], Any]:
        async def handle(request: Request) -> Response:
            number = body.record_id(request)

            def work(session: Session) -> None:
                acts = {"claim": session.claim_todo, "finish": session.finish_todo, "give-back": session.give_back_todo}
                acts[act](number)

            return await self._run(request, work, write=True)

        return handle

    async def inbox(self, request: Request) -> Response:
        """GET messages, newest first: `unread=true`, `limit`, `before` (the id to go on from); `unread` is the number of unread ones."""
        asked = body.parameters(request, ("unread", "limit", "before"))
        unread = _truth(request, asked, "unread")
        limit = body.whole_number("limit", asked["limit"]) if "limit" in asked else 50
        before = body.whole_number("before", asked["before"]) if "before" in asked else None

        def work(session: Session) -> Any:
            found = session.messages(unread=unread, before=before, limit=limit)
            return {**listed([_message(m) for m in found]), "unread": session.unread_count()}

        return await self._run(request, work, write=False)

    async def read(self, request: Request) -> Response:
        """POST: the message is read."""
        number = body.record_id(request)
        return await self._run(request, lambda session: session.read_message(number), write=True)

    async def read_all(self, request: Request) -> Response:
        """POST: all messages are read; `read` tells how many were not."""
        return await self._run(request, lambda session: {"read": session.read_all_messages()}, write=True)

    async def preferences(self, request: Request) -> Response:
        """GET or PUT `{"muted": ["mail:notify"], "quiet_from": "22:00", "quiet_until": "08:00", "digest_at": "18:00"}`."""
        if request.method == "GET":
            return await self._run(request, lambda session: _preferences(session.preferences()), write=False)
        given = await known_body(request, ("muted", "quiet_from", "quiet_until", "digest_at"))
        muted = given.get("muted", [])
        if not isinstance(muted, list) or not all(isinstance(m, str) for m in muted):
            raise refuse(codes.BAD_SHAPE, expected=('"muted" 为文本数组', '"muted" as an array of texts'))
        wanted = read_preferences(muted, given.get("quiet_from"), given.get("quiet_until"), given.get("digest_at"))

        def work(session: Session) -> Any:
            session.set_preferences(wanted)
            return _preferences(session.preferences())

        return await self._run(request, work, write=True)

    async def absences(self, request: Request) -> Response:
        """GET those of `user` (oneself) that are not over; POST `{"user", "from", "until", "delegate"}`."""
        if request.method == "GET":
            asked = body.parameters(request, ("user",))
            user = body.whole_number("user", asked["user"]) if "user" in asked else None
            return await self._run(request, lambda session: listed([_absence(a) for a in session.absences(user)]), write=False)
        given = await known_body(request, ("user", "from", "until", "delegate"))
        user, delegate = given.get("user", require_user(request)), given.get("delegate")
        if not isinstance(user, int) or not isinstance(delegate, int):
            raise refuse(codes.BAD_SHAPE, expected=('"delegate" 为用户编号', '"delegate" as the number of a user'))
        start, end = _instant(given.get("from")), _instant(given.get("until"))

        def work(session: Session) -> Any:
            return {"id": session.set_absence(user, start, end, delegate)}

        return await self._run(request, work, write=True, status=201)

    async def end_absence(self, request: Request) -> Response:
        """DELETE: it is taken back."""
        number = body.record_id(request)
        return await self._run(request, lambda session: session.end_absence(number), write=True)

    async def comments(self, request: Request) -> Response:
        """GET what was said, oldest first; POST `{"text"}`."""
        name, number = request.path_params["object"], body.record_id(request)
        if request.method == "GET":
            return await self._run(request, lambda session: listed([_comment(c) for c in session.comments(name, number)]), write=False)
        words = await _words(request)
        return await self._run(request, lambda session: _comment(session.comment(name, number, words)), write=True, status=201)

    async def comment(self, request: Request) -> Response:
        """PATCH `{"text"}` or DELETE one's own."""
        name, number, which = request.path_params["object"], body.record_id(request), request.path_params["comment"]
        if request.method == "DELETE":
            return await self._run(request, lambda session: session.delete_comment(name, number, which), write=True)
        words = await _words(request)
        return await self._run(request, lambda session: _comment(session.edit_comment(name, number, which, words)), write=True)

    async def _run(self, request: Request, work: Work, *, write: bool, status: int = 200) -> Response:
        return await answered(self._engine, request, work, write=write, status=status)


def _todo(todo: Todo) -> dict[str, Any]:
    return {
        "id": todo.id,
        "text": todo.text,
        "object": todo.object,
        "record": todo.record_id,
        "title": todo.record_title,
        "created_at": moment(todo.created_at),
        "due_at": moment(todo.due_at),
        "user": todo.for_user,
        "role": todo.for_role,
        "team": todo.for_team,
        "stage": todo.stage,
        "form": todo.form,
        "instead_of": todo.instead_of,
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "kind": message.kind,
        "text": message.text,
        "object": message.object,
        "record": message.record_id,
        "title": message.record_title,
        "at": moment(message.at),
        "read_at": moment(message.read_at),
        "file": None if message.file is None else f"{ROOT}/inbox/{message.id}/file",
        "sender": {"id": message.sender.id, "name": message.sender.name},
    }


def _comment(comment: Comment) -> dict[str, Any]:
    found = {
        "id": comment.id,
        "author": {"id": comment.author.id, "name": comment.author.name},
        "text": comment.text,
        "at": moment(comment.at),
        "edited_at": moment(comment.edited_at),
        "deleted_at": moment(comment.deleted_at),
    }
    return found | ({"unreached": list(comment.unreached)} if comment.unreached else {})


def _absence(absence: Absence) -> dict[str, Any]:
    return {
        "id": absence.id,
        "user": absence.user,
        "from": moment(absence.from_at),
        "until": moment(absence.until_at),
        "delegate": absence.delegate,
    }


def _preferences(wanted: Preferences) -> dict[str, Any]:
    start, end = wanted.quiet or (None, None)
    return {
        "muted": sorted(wanted.muted),
        "quiet_from": None if start is None else f"{start:%H:%M}",
        "quiet_until": None if end is None else f"{end:%H:%M}",
        "digest_at": None if wanted.digest_at is None else f"{wanted.digest_at:%H:%M}",
    }


def _truth(request: Request, asked: Mapping[str, str], name: str) -> bool | None:
    """A parameter that is `true` or `false`; None without it."""
    if name not in asked:
        return None
    if asked[name] not in TRUTHS:
        raise refuse(codes.BAD_PARAMETER, name=name, value=asked[name], expected=("true 或 false", "true or false"))
    return TRUTHS[asked[name]]


async def _words(request: Request) -> str:
    words = (await known_body(request, ("text",))).get("text")
    if not isinstance(words, str):
        raise refuse(codes.BAD_SHAPE, expected=('带有 "text" 的 JSON 对象', 'a JSON object with "text"'))
    return words


def _instant(value: Any) -> datetime:
    """An instant with its offset, as `2026-03-01T09:30:00Z`."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = datetime.min
    if found.tzinfo is None:
        raise refuse(codes.BAD_SHAPE, expected=("带时区的时间，例如 2026-03-01T09:30:00Z", "an instant such as 2026-03-01T09:30:00Z"))
    return found
