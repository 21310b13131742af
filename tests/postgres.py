"""A real PostgreSQL server for tests and benchmarks: made in a temporary folder, started, stopped, thrown away.

`Server.start()` gives a running server, `server.url(name)` the URL of one of its databases. Nothing outside the temporary folder is touched.
The server refuses to run as root, so root hands it to the user `postgres`, as Debian's package does.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

INSTALL = "apt-get install -y postgresql"
START_SECONDS = 60.0
EMPTY = "template1"
# Unlike the engine's own choices on purpose: what leans on the server's collation or time zone shows up in the tests.
ODD_DEFAULTS = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh-CN")
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "timezone": "Asia/Shanghai"}


class Missing(Exception):
    """PostgreSQL is not installed and cannot be installed from here; the text holds the command that does it."""


def binaries() -> Path:
    """The folder with `initdb` and `postgres`, the newest one; as root it is installed when missing."""
    found = _installed()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(INSTALL.split(), check=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        found = _installed()
    if found is None:
        raise Missing(f"PostgreSQL is missing. Install it and run again: sudo {INSTALL}")
    return found


def _installed() -> Path | None:
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    if packaged:
        return packaged[-1].parent
    return Path(on_path).resolve().parent if on_path else None


@dataclass(frozen=True)
class Server:
    """A running server, its folder and the port it listens on at 127.0.0.1."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int

    @classmethod
    def start(cls, settings: dict[str, str] | None = None) -> "Server":
        """Make a cluster and start it; `settings` replaces the default ones, which are quick and survive no power cut."""
        programs = binaries()
        folder = Path(tempfile.mkdtemp(prefix="dougong-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync", *ODD_DEFAULTS]
        made = subprocess.run([*_unprivileged(), *initdb], check=False, capture_output=True, text=True, cwd=folder)
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")
        port = _free_port()
        options = [f"-c{key}={value}" for key, value in (FORGETFUL if settings is None else settings).items()]
        listen = ["-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-cmax_connections=200"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*_unprivileged(), str(programs / "postgres"), *listen, *options], stdout=log, stderr=log, cwd=folder
            )
        server = cls(process, folder, port)
        server._wait()
        return server

    def url(self, database: str = "postgres") -> str:
        """The URL of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        self.process.send_signal(2)  # SIGINT: "fast", without waiting for the clients
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                psycopg.connect(self.url()).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        log = (self.folder / "log").read_text(errors="replace")
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start: {log}")


@contextmanager
def running(settings: dict[str, str] | None = None) -> Iterator[Server]:
    """A server for the length of a `with` block."""
    server = Server.start(settings)
    try:
        yield server
    finally:
        server.stop()


def create_database(server_url: str, name: str, template: str = EMPTY) -> str:
    """Make the database `name`, a copy of `template` (nobody may be connected to it), on the server of `server_url`; its URL."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    return server_url.rsplit("/", 1)[0] + "/" + name


def drop_database(server_url: str, name: str) -> None:
    """Drop the database `name`, also when somebody is still connected to it."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _unprivileged() -> list[str]:
    """What stands before a command: not as root, and never outliving the process that started it."""
    if not shutil.which("setpriv"):
        return []
    identity = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *identity, "--pdeathsig=INT"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
