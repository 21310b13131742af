"""The application inside another program: under a prefix, beside other routes, in the threads of its host."""

from dougong.engine import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from tests.web.shop import PASSWORD


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


def test_it_works_under_a_prefix(engine: Engine) -> None:
    host = Starlette(routes=[Route("/hello", hello), Mount("/crm", app=engine.asgi())])
    client = TestClient(host, base_url="http://host.test", follow_redirects=False)
    assert client.get("/hello").text == "hello"
    assert client.get("/crm/healthz").json() == {"status": "ok"}
    sent = client.get("/crm/")
    assert sent.status_code == 303 and sent.headers["location"].startswith("/crm/sign-in")
    assert client.get("/crm/sign-in").status_code == 200
    signed = client.post("/crm/sign-in", data={"login": "ann", "password": PASSWORD, "next": "/o/customer"})
    assert signed.headers["location"] == "/crm/o/customer"
    assert client.get("/crm/o/customer").status_code == 200
    assert client.get("/crm/api/v1/customer").json() == {"data": [], "next_cursor": None}
    assert client.get("/crm/api/v1/nothing").json()["code"] == "R407"
    document = client.get("/crm/api/v1/openapi.json").json()
    assert document["servers"] == [{"url": "/crm"}]
