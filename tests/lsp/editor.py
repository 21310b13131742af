"""An editor in a few lines: starts `dougong lsp`, speaks the protocol with it, byte by byte as the specification says."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).parent / "dougong"
PATIENCE = 60  # seconds


class Editor:
    """One conversation. Positions are the protocol's: from 0, in UTF-16 units."""

    def __init__(self, folder: Path, *arguments: str, locale: str = "en", **capabilities: Any) -> None:
        self.folder = folder
        with (folder / ".stderr").open("wb") as errors:
            self.process = subprocess.Popen(
                [COMMAND, "lsp", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, cwd=folder
            )
        self.messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self.reports: dict[str, list[dict[str, Any]]] = {}
        self.number = 0
        threading.Thread(target=self._read, daemon=True).start()
        self.server = self.ask("initialize", processId=None, rootUri=folder.as_uri(), locale=locale, capabilities=capabilities)
        self.tell("initialized")

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str | None = None) -> None:
        content = (self.folder / name).read_text(encoding="utf-8") if text is None else text
        document = {"uri": self.uri(name), "languageId": "yaml", "version": 1, "text": content}
        self.tell("textDocument/didOpen", textDocument=document)

    def type(self, name: str, text: str) -> None:
        self.tell("textDocument/didChange", textDocument={"uri": self.uri(name), "version": 2}, contentChanges=[{"text": text}])

    def at(self, method: str, name: str, line: int, character: int, **more: Any) -> Any:
        where = {"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}}
        return self.ask(f"textDocument/{method}", **where, **more)

    def labels(self, name: str, line: int, character: int) -> list[str]:
        return [item["label"] for item in self.at("completion", name, line, character)["items"]]

    def reported(self, name: str) -> list[dict[str, Any]]:
        """The next report on a file."""
        uri = self.uri(name)
        while True:
            message = self.messages.get(timeout=PATIENCE)
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found: list[dict[str, Any]] = message["params"]["diagnostics"]
                return found

    def ask(self, method: str, **params: Any) -> Any:
        """A request; its result. An error answer raises `Refusal`."""
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        kept = []
        while True:
            message = self.messages.get(timeout=PATIENCE)
            if message.get("id") == self.number and "method" not in message:
                break
            kept.append(message)
        for each in kept:
            self.messages.put(each)
        if "error" in message:
            raise Refusal(message["error"]["message"])
        return message["result"]

    def tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while line := stream.readline():
            length = 0
            while line.strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
                line = stream.readline()
            self.messages.put(json.loads(stream.read(length)))

    def close(self) -> str:
        """Leave; everything the server said on its error stream."""
        self.ask("shutdown")
        self.tell("exit")
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return (self.folder / ".stderr").read_text(encoding="utf-8")


class Refusal(Exception):
    """The server's answer was an error."""


@contextmanager
def editing(folder: Path, *arguments: str, locale: str = "en", **capabilities: Any) -> Iterator[Editor]:
    """An editor in a folder. At the end the server must have been silent on its error stream."""
    editor = Editor(folder, *arguments, locale=locale, **capabilities)
    try:
        yield editor
        said = editor.close()
    finally:
        editor.process.kill()
        editor.process.wait()
    assert said == "", said
