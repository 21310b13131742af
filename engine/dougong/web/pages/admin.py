"""What the pages of the administration share: for everybody else they are not there."""

from starlette.requests import Request

from dougong.refusals import refuse
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.pages.shell import Shell, inside


def only_admins(request: Request, session: Session, section: str) -> Shell:
    """The frame; `Refused` R602 for who is no administrator."""
    shell = inside(request, session, section)
    if not shell.is_admin:
        raise refuse(codes.NO_ROUTE, path=request.url.path)
    return shell


def number(request: Request, name: str, least: int = 0) -> int | None:
    """A whole number in the address; None without it. `Refused` R605."""
    given = request.query_params.get(name, "")
    if not given:
        return None
    if not given.isdecimal() or len(given) > 18 or int(given) < least:
        raise refuse(codes.BAD_PARAMETER, name=name, value=given, expected=("整数", "a whole number"))
    return int(given)
