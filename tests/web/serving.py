"""A real server: `dougong serve` in a process of its own, and clients that keep it busy."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import httpx2

DOUGONG = Path(sys.executable).with_name("dougong")


@contextmanager
def serving(app: Path, database_url: str, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a running server and its process, which is stopped at the end if it still runs."""
    command = [str(DOUGONG), "serve", str(app), "--db", database_url, "--port", "0", "--lang", "en", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith("Serving on "):
                yield line.removeprefix("Serving on ").strip(), process
                return
        raise AssertionError(f"the server did not start: exit code {process.wait()}")
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)
        process.stdout.close()


class Load:
    """Clients that send requests until told to stop: `statuses` counts the answers, `answers` keeps one of each, `lost` counts
    the clients that got none."""

    def __init__(self, address: str, token: str, clients: int, step: Callable[[httpx2.Client, str], httpx2.Response]) -> None:
        self.statuses: dict[int, int] = {}
        self.lost = 0
        self.answers: dict[int, str] = {}
        self._stop = threading.Event()
        self._counting = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(address, token, str(n), step)) for n in range(clients)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, address: str, token: str, name: str, step: Callable[[httpx2.Client, str], httpx2.Response]) -> None:
        number = 0
        with httpx2.Client(base_url=address, headers={"authorization": f"Bearer {token}"}, timeout=30) as client:
            while not self._stop.is_set():
                number += 1
                try:
                    answer = step(client, f"{name}-{number}")
                except httpx2.TransportError:
                    with self._counting:
                        self.lost += 1
                    return
                with self._counting:
                    self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
                    self.answers[answer.status_code] = answer.text[:2000]
