"""An app with every kind of door, a gateway that keeps what it is sent, and signed requests."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from dougong.engine import Engine
from dougong.runtime.channels.signature import signed
from dougong.runtime.clock import SettableClock
from dougong.runtime.users import create_user
from starlette.testclient import TestClient

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday noon in Shanghai
SECRET = "s3cret-of-the-door"
APP = """
app: doors
title: {zh: 门, en: Doors}
channels:
  sms: {kind: http, title: 短信, to: phone, consent: agreed, opt_out: quiet, stop: [退订, STOP], hours: "09:00-21:00", limit: 70}
  wecom: {kind: http, to: wecom_id}
webhooks:
  paid:
    payload: {no: text required, amount: money required, on: date}
    find: deal where no = payload.no and open
  douyin: {payload: {name: text required, phone: phone required}, keep: 10 days}
connectors:
  erp: {kind: http}
objects:
  user: {fields: {phone: phone}}
  lead:
    fields:
      name: text required
      phone: phone
      wecom_id: text
      agreed: boolean default true
      quiet: boolean default false
      owner: user
      said: long_text
      hot: boolean default false
      nickname: text
  deal:
    fields:
      no: text required
      open: boolean default true
      paid: money
    checks: [{rule: "paid is blank or paid <= 1000", message: 太多了}]
forms:
  quick: {of: lead, fields: [name, phone]}
  whole: {of: lead, fields: [name, phone, wecom_id, agreed, quiet, owner, said, hot, nickname]}
triggers:
  welcome:
    on: lead created
    do: [{notify: {to: [owner, lead], via: [sms, wecom], text: "{{ name }}，您好"}}]
  asked:
    on: message on wecom contains (报价, 样品)
    do: [{set: {said: message.text, hot: true}}]
  stranger:
    on: message on wecom from nobody
    do: [{create: {of: lead, set: {name: message.text, wecom_id: message.sender}}}]
  paid:
    on: webhook paid received
    do:
      - set: {paid: payload.amount, open: false}
      - call: {connector: erp, path: "/orders/{{ no }}/paid", body: {amount: paid, order: id}}
  douyin:
    on: webhook douyin received
    do: [{create: {of: lead, set: {name: payload.name, phone: payload.phone}}}]
  quick:
    on: form quick submitted
    do: [{set: {nickname: '"quick"'}}]
roles:
  sales: {may: ["read, create, update lead", "read, create, update deal"]}
  other: {may: ["read deal"]}
  boss: {admin: true, may: ["read, create, update lead", "read, create, update deal"]}
"""


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Engine]:
    """The app on an empty database, at noon, with li (sales), ot (other) and boss."""
    with Engine.open({"app.yaml": APP}, database=url, clock=SettableClock(NOON), files_dir=folder / "files") as engine:
        with engine.system_session("test") as session:
            create_user(session, "li", "李雷", None, ["sales"], phone="13811111111")
            create_user(session, "ot", "别人", None, ["other"])
            create_user(session, "boss", "老板", None, ["boss"])
        yield engine


class Gateway:
    """A receiver on a port of its own: keeps headers, path and body of every request; answers with `status`."""

    def __init__(self) -> None:
        self.came: list[tuple[str, Mapping[str, str], bytes]] = []
        self.status = 200

    @contextmanager
    def opened(self) -> Iterator[str]:
        """Listening; its address."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["content-length"]))
                outer.came.append((self.path, dict(self.headers), content))
                self.send_response(outer.status)
                self.send_header("location", "http://127.0.0.1:1/elsewhere")
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"no")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/send"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def post(client: TestClient, path: str, body: Any, *, at: datetime = NOON, secret: str = SECRET, **headers: str) -> Any:
    """A signed request; a body that is not bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(f"/api/v1{path}", content=content, headers={**signed(secret, content, at), **named})
