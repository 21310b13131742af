"""The three programs as processes: a database each, filled alike; a server each; the time it takes to come up, the memory it takes."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from bench import engine, fill
from bench.results import DOUGONG
from tests import postgres

MODULES = {DOUGONG: "engine", "plain": "plain", "fast": "fast"}
START_SECONDS = 60.0


@dataclass(frozen=True)
class Place:
    """Where one contender keeps its data, and the token of a user who may see it."""

    name: str
    url: str
    token: str


@dataclass(frozen=True)
class Served:
    """A running server of one contender."""

    place: Place
    process: subprocess.Popen[bytes]
    address: str
    seconds_to_start: float

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@contextmanager
def places(database: str, folder: Path, rows: int) -> Iterator[Mapping[str, Place]]:
    """A filled database for each contender on one kind of database."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres.running({"synchronous_commit": "off"})) if database == "postgresql" else None
        made = {}
        for name in MODULES:
            url = f"sqlite:///{folder / name}.db" if server is None else postgres.create_database(server.url(), name)
            made[name] = Place(name, url, engine.fill(url, rows) if name == DOUGONG else fill.baseline(url, rows))
        yield made


@contextmanager
def served(place: Place) -> Iterator[Served]:
    """The contender behind HTTP."""
    port = _free_port()
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "bench.serve", MODULES[place.name], place.url, str(port)])
    try:
        _wait(process, port)
        yield Served(place, process, f"http://127.0.0.1:{port}", time.perf_counter() - start)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def loaded(server: Served, row: str, connections: int, seconds: float) -> float:
    """Requests a second that the server answers."""
    kind = "engine" if server.place.name == DOUGONG else "baseline"
    return _rate("bench.client", server.address, row, connections, seconds, server.place.token, 200_000, kind)


def alone(place: Place, row: str, seconds: float) -> float:
    """Units of work a second without HTTP."""
    return _rate("bench.direct", MODULES[place.name], place.url, row, seconds, place.token)


def _rate(module: str, *arguments: object) -> float:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr.decode()}")
    found: float = orjson.loads(done.stdout)["rate"]
    return found


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except ConnectionError:
            time.sleep(0.01)
        finally:
            connection.close()
    raise RuntimeError("the server did not come up")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
