"""The channel over HTTP: one message to one address, as JSON, signed, with the key of its delivery. Connectors are called the same way.

The other side answers 2xx when it has taken the message over; a second request with the same `Idempotency-Key` is the same message.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from dougong.runtime.channels.channel import Message, Undeliverable, Undelivered, described
from dougong.runtime.channels.doors import Door
from dougong.runtime.channels.signature import signed

SECONDS = 15.0
LATER = (408, 409, 421, 423, 425, 429)  # answers of 4xx after which it may work another time
SHOWN = 200  # letters of an answer


class Gateway:
    """`name` is the channel's, which the gateway is told."""

    def __init__(self, door: Door, name: str) -> None:
        self._door = door
        self._name = name

    def deliver(self, message: Message, key: str) -> None:
        """Hand the message to the gateway, which takes it or says why not."""
        body = {
            "id": key,
            "channel": self._name,
            "to": message.to,
            "name": message.name,
            "subject": message.subject,
            "text": message.text,
            "language": message.language,
            "link": message.link,
            "at": message.at.isoformat(timespec="milliseconds"),
        }
        send(self._door, "POST", "", {name: value for name, value in body.items() if value is not None}, key, message.at)


def send(door: Door, method: str, path: str, body: Mapping[str, Any], key: str, at: datetime) -> None:
    """One signed request; `Undeliverable` for what will never work, `Undelivered` for what may another time."""
    import httpx2  # lazy: the package takes a tenth of a second, for those who send over HTTP alone

    if door.url is None or door.secret is None:
        missing = " ".join(f"{door.setting}_{n}" for n, value in (("URL", door.url), ("SECRET", door.secret)) if value is None)
        raise Undeliverable(f"没有配置 {missing}：请设置后重新发送", f"{missing} is not set: set it, then resend")
    content = orjson.dumps(body)
    headers = {"Content-Type": "application/json", "Idempotency-Key": key, **signed(door.secret, content, at)}
    try:
        with httpx2.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
            answer = client.request(method, door.url.rstrip("/") + path if path else door.url, content=content, headers=headers)
    except httpx2.HTTPError as error:
        raise Undelivered(described(error, door.secret)) from None
    if not 200 <= answer.status_code < 300:
        raise _refusal(answer.status_code, answer.text, door)


def _refusal(status: int, text: str, door: Door) -> Exception:
    said = described(Undelivered(f"{status} {text[:SHOWN]}"), door.secret)
    if 400 <= status < 500 and status not in LATER:
        return Undeliverable(f"对方拒收：{said}", f"It was refused: {said}")
    return Undelivered(said)
