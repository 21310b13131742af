"""The load: so many connections, each sending its next request as soon as the answer to the last one is there.

Runs as a process of its own: `python -m bench.client URL ROW CONNECTIONS SECONDS TOKEN FIRST`; prints one JSON object with `requests`, `seconds`,
`median_ms`, `p99_ms`. Any answer that is not a success ends the run with that answer in the message.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from typing import cast
from urllib.parse import urlsplit

import orjson
import uvloop

from bench.lead import PAGE, changes, north

RECORDS_PER_CONNECTION = 20
PATIENCE = 30.0  # seconds to wait for the last answers
LIST = {"engine": "where=status%20%3D%20%22working%22&order=-amount&limit=50", "baseline": "status=working"}


class Talk:
    """Writes requests for one connection and reads what the next one needs from the answers."""

    def __init__(self, host: str, token: str, first: int, dialect: str) -> None:
        self.host, self.token, self.number, self.dialect = host, token, first, dialect
        self.answer = b""

    def request(self, method: str, path: str, body: bytes = b"", match: int | None = None) -> bytes:
        """The bytes of one request."""
        lines = [f"{method} {path} HTTP/1.1", f"host: {self.host}", f"authorization: Bearer {self.token}"]
        if body:
            lines += ["content-type: application/json", f"content-length: {len(body)}"]
        if match is not None:
            lines.append(f'if-match: "{match}"')
        return "\r\n".join([*lines, "", ""]).encode() + body

    def create(self) -> Iterator[bytes]:
        """New records without end."""
        while True:
            self.number += 1
            yield self.request("POST", "/api/v1/lead", orjson.dumps(north(self.number)))

    def update(self) -> Iterator[bytes]:
        """A few new records, changed again and again, three fields at a time."""
        kept: list[list[int]] = []
        creating = self.create()
        for _ in range(RECORDS_PER_CONNECTION):
            yield next(creating)
            stored = orjson.loads(self.answer)
            kept.append([stored["id"], stored["version"]])
        yield b""  # what came before was preparation
        while True:
            for record in kept:
                self.number += 1
                yield self.request("PATCH", f"/api/v1/lead/{record[0]}", orjson.dumps(changes(self.number)), record[1])
                record[1] = orjson.loads(self.answer)["version"]

    def list(self) -> Iterator[bytes]:
        """The same page without end."""
        request = self.request("GET", f"/api/v1/lead?{LIST[self.dialect]}")
        yield request
        assert len(orjson.loads(self.answer)["data"]) == PAGE, self.answer[:200]
        yield b""
        while True:
            yield request


class Connection(asyncio.Protocol):
    """One keep-alive connection that is never idle; `times` holds the seconds each answer took."""

    def __init__(self, talk: Talk, steps: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self.talk, self.steps, self.done = talk, steps, done
        self.times: list[float] = []
        self.buffer = bytearray()
        self.sent = 0.0
        self.measured_from = time.perf_counter()
        self.is_stopping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own class, of the same shape
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        headers = bytes(self.buffer[:head]).lower()
        start = headers.index(b"content-length:") + 15
        end = headers.find(b"\r\n", start)
        length = int(headers[start : end if end > 0 else None])
        if len(self.buffer) < head + 4 + length:
            return
        self.times.append(time.perf_counter() - self.sent)
        self.talk.answer = bytes(self.buffer[head + 4 : head + 4 + length])
        self.buffer.clear()
        if headers[9:10] != b"2":
            self.done.set_exception(RuntimeError(f"{headers.decode()}\n{self.talk.answer.decode()}"))
        elif self.is_stopping:
            self.done.set_result(None)
        else:
            self.send()

    def send(self) -> None:
        """Send the next request; an empty one marks the end of the preparation."""
        request = next(self.steps)
        if not request:
            self.times.clear()
            self.measured_from = time.perf_counter()
            request = next(self.steps)
        self.sent = time.perf_counter()
        self.transport.write(request)


async def load(url: str, row: str, connections: int, seconds: float, token: str, first: int, dialect: str) -> dict[str, float]:
    """Send requests of one kind for some seconds; how many were answered, and how fast."""
    place = urlsplit(url)
    loop = asyncio.get_running_loop()
    open_ones: list[Connection] = []
    for number in range(connections):
        talk = Talk(place.netloc, token, first + number * 1_000_000, dialect)
        connection = Connection(talk, getattr(talk, row)(), loop.create_future())
        open_ones.append(connection)
        await loop.create_connection(lambda c=connection: c, place.hostname or "", place.port or 80)  # type: ignore[misc]
    await asyncio.sleep(seconds)
    for connection in open_ones:
        connection.is_stopping = True
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(c.done for c in open_ones))
    end = time.perf_counter()
    times = sorted(t for c in open_ones for t in c.times)
    rate = sum(len(c.times) / (end - c.measured_from) for c in open_ones)
    return {"rate": rate, "median_ms": times[len(times) // 2] * 1000, "p99_ms": times[int(len(times) * 0.99)] * 1000}


if __name__ == "__main__":
    url, row, connections, seconds, token, first, dialect = sys.argv[1:]
    found = uvloop.run(load(url, row, int(connections), float(seconds), token, int(first), dialect))
    sys.stdout.write(orjson.dumps(found).decode())
