"""The fenced blocks of the project's documents, and what it takes to run them as a reader would.

A document's `yaml` blocks add up to one app (a block with `app:` begins a new one), its `console` blocks are typed line by line into a
shell whose answers must be as printed (`…` stands for anything), its `python` blocks run in one namespace. `sh` blocks are only read:
what they name must exist.
"""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.source import ROOT

DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").glob("*/README.md")))
DATA = ROOT.parent / "shared" / "data"
_BLOCK = re.compile(r"^(?P<fence>```)(?P<language>\w+)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` is where its fence stands."""

    document: Path
    line: int
    language: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def blocks(document: Path, *languages: str) -> list[Block]:
    """The blocks of a document in these languages, in their order."""
    text = document.read_text(encoding="utf-8")
    found = [Block(document, text.count("\n", 0, m.start()) + 1, m["language"], m["text"]) for m in _BLOCK.finditer(text)]
    return [b for b in found if b.language in languages]


@dataclass(frozen=True)
class Command:
    """One `$ …` line of a console block with the answer printed below it."""

    text: str
    answer: str


def commands(block: Block) -> list[Command]:
    """What a console block types, and what it shows."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert not parts[0].strip(), f"{block.where}: begins with something else than `$ `"
    pairs = [part.partition("\n") for part in parts[1:]]
    return [Command(first, rest) for first, _, rest in pairs]


def matches(expected: str, found: str) -> bool:
    """Whether an answer is as printed; `…` stands for any text, lines included."""
    pattern = "".join(".*" if piece == "…" else re.escape(piece) for piece in re.split("(…)", expected.strip()))
    return re.fullmatch(pattern, found.strip(), re.DOTALL) is not None


class Shell:
    """A reader's shell in a fresh copy of the examples; a command ending in `&` goes on running until the shell is closed."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "main"
        self.port = _free_port()
        self.running: list[subprocess.Popen[bytes]] = []
        for name in ("examples", "manufacturing"):
            shutil.copytree(ROOT / name, self.folder / name)
        if DATA.is_dir():
            (home / "shared").mkdir()
            (home / "shared" / "data").symlink_to(DATA)
        here = str(Path(sys.executable).parent)
        self.environment = {
            **os.environ,
            "PATH": f"{here}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "DOUGONG_LANGUAGE": "en",
            "COLUMNS": "140",
        }
        self.environment.pop("DOUGONG_DB", None)

    def type(self, text: str) -> str:
        """Run a command; everything it said. Port 8000 stands for a free one."""
        text = text.replace("8000", str(self.port))
        if exported := re.fullmatch(r"export (\w+)=(\S+)", text.strip()):
            self.environment[exported[1]] = exported[2]
            return ""
        if text.rstrip().endswith("&"):
            self._start(text.rstrip().removesuffix("&"))
            return ""
        done = subprocess.run(["bash", "-c", text], cwd=self.folder, env=self.environment, capture_output=True, timeout=240, check=False)
        return (done.stdout + done.stderr).decode().replace(str(self.port), "8000")

    def _start(self, text: str) -> None:
        with (self.folder / "server.log").open("wb") as log:
            self.running.append(subprocess.Popen(shlex.split(text), cwd=self.folder, env=self.environment, stdout=log, stderr=log))
        address = f"http://127.0.0.1:{self.port}/healthz"
        for _ in range(300):
            if self.running[-1].poll() is not None:
                break
            try:
                urllib.request.urlopen(address, timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"`{text}` does not answer:\n{(self.folder / 'server.log').read_text()}")

    def close(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


@contextmanager
def shell(home: Path) -> Iterator[Shell]:
    """A shell that is closed at the end."""
    opened = Shell(home)
    try:
        yield opened
    finally:
        opened.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
