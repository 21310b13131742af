"""/api/v1/openapi.json: the API as this person may use it, or the whole of it for an administrator who asks with `?whole=true`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dougong.derive.openapi import ObjectRights, openapi
from dougong.engine import Engine
from dougong.model.app import Object
from dougong.model.rights import ActionName
from dougong.refusals import refuse
from dougong.runtime.actor import Cause
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api.body import parameters
from dougong.web.api.output import json
from dougong.web.auth import require_user
from dougong.web.threads import in_thread

ACTIONS: tuple[ActionName, ...] = ("read", "create", "update", "delete", "move")


class Description:
    """The handler."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[BaseRoute]:
        """The route, before those of the records."""
        return [Route("/api/v1/openapi.json", self.openapi, methods=["GET"])]

    async def openapi(self, request: Request) -> Response:
        """GET the OpenAPI 3.1 document."""
        user_id, language = require_user(request), request.state.language
        asked = parameters(request, ("whole",)).get("whole", "false")
        if asked not in ("true", "false"):
            raise refuse(codes.BAD_PARAMETER, name="whole", value=asked, expected=("true 或 false", "true or false"))
        prefix = request.scope.get("root_path", "")

        def work(session: Session) -> Response:
            rights = (
                None if asked == "true" and is_admin(session) else {o.name: rights_of(session, o) for o in session.app.objects.values()}
            )
            return json(openapi(session.app, rights, language, prefix))

        return await in_thread(self._engine.run, user_id, work, write=False, cause=Cause("api"), language=language)


def is_admin(session: Session) -> bool:
    """Whether one of the person's roles may manage users and releases."""
    roles = session.app.roles
    return any(roles[name].is_admin for name in session.user["roles"] or () if name in roles)


def rights_of(session: Session, obj: Object) -> ObjectRights:
    """What the person may do with an object at all."""
    actions = frozenset(action for action in ACTIONS if session.may(action, obj.name))
    names = {
        action: frozenset(f.name for f in session.fields(obj.name, action)) for action in ("read", "create", "update") if action in actions
    }
    none: frozenset[str] = frozenset()
    return ObjectRights(actions, names.get("read", none), names.get("create", none), names.get("update", none))
