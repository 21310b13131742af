"""SQLite behind `Database`: a few connections for readers, one for the writer, all usable from any thread.

Writers of one process wait for each other in a lock, not in SQLite's busy loop, which sleeps up to 100 ms between two looks.
With WAL and `synchronous=NORMAL` a killed process loses nothing that was acknowledged; a power cut may lose the last moments (never the
file). `?synchronous=full` in the URL closes that gap for one fsync per write.
"""

import queue
import sqlite3
import threading
from pathlib import Path
from typing import Any

from dougong_dsl.expression.sqlite import sqlite_functions

from dougong.database.errors import Unavailable, translated
from dougong.database.refusals import BAD_URL, BUSY
from dougong.refusals import refuse

WAIT_SECONDS = 15.0
MAX_READERS = 8
KEPT_STATEMENTS = 1000
FUNCTIONS = sqlite_functions()
SYNCHRONOUS = ("normal", "full")


class SqliteConnections:
    """`begin(write)` gives a raw connection inside a transaction; `end` takes it back."""

    seconds = WAIT_SECONDS

    def __init__(self, url: str) -> None:
        self._path, self._synchronous = _read_url(url)
        self._is_memory = self._path == ":memory:"
        self._writing = threading.Lock()
        self._free = threading.BoundedSemaphore(MAX_READERS)
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        try:
            self._writer = self._connect()
        except sqlite3.Error as error:
            raise refuse(BAD_URL, url=url, zh="打不开文件，请检查路径和权限", en=f"the file cannot be opened ({error})") from error

    def begin(self, write: bool) -> Any:
        """A connection in a fresh transaction: with the write lock, or on a snapshot."""
        if write or self._is_memory:
            if not self._writing.acquire(timeout=WAIT_SECONDS):
                raise Unavailable(BUSY, seconds=f"{WAIT_SECONDS:g}")
            try:
                self._writer.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            except BaseException as error:
                self._writing.release()
                raise (translated(error, WAIT_SECONDS) if isinstance(error, sqlite3.Error) else error) from error
            return self._writer
        if not self._free.acquire(timeout=WAIT_SECONDS):
            raise Unavailable(BUSY, seconds=f"{WAIT_SECONDS:g}")
        try:
            raw = self._reader()
            raw.execute("BEGIN")
        except BaseException as error:
            self._free.release()
            raise (translated(error, WAIT_SECONDS) if isinstance(error, sqlite3.Error) else error) from error
        return raw

    def end(self, raw: Any, commit: bool) -> None:
        """Commit or roll back, and take the connection back. A commit that fails is rolled back and raises."""
        try:
            if commit:
                raw.execute("COMMIT")
        except sqlite3.Error as error:
            raise translated(error, WAIT_SECONDS) from error
        finally:
            # SQLite rolls back by itself on some errors
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            if raw is self._writer:
                self._writing.release()
            else:
                self._idle.put(raw)
                self._free.release()

    def autocommit(self) -> Any:
        """A connection of its own, outside any transaction, to be closed by the caller."""
        return self._connect()

    def image(self) -> sqlite3.Connection:
        """A copy in memory of the whole database."""
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        with self._writing:
            self._writer.backup(copy)
        return copy

    def restore(self, image: sqlite3.Connection) -> None:
        """Put a database back to what `image` gave."""
        with self._writing:
            image.backup(self._writer)

    def close(self) -> None:
        """Close what is idle; whoever is still working keeps a connection that works."""
        with self._writing:
            self._writer.close()
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def _reader(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            raw = self._connect()
            raw.execute("PRAGMA query_only = ON")
            return raw

    def _connect(self) -> sqlite3.Connection:
        raw = sqlite3.connect(
            self._path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=KEPT_STATEMENTS
        )
        try:
            for name, arguments, function in FUNCTIONS:
                raw.create_function(name, arguments, function, deterministic=True)
            raw.execute("PRAGMA journal_mode = WAL")
            raw.execute(f"PRAGMA synchronous = {self._synchronous}")
            raw.execute("PRAGMA foreign_keys = ON")
            raw.execute("PRAGMA case_sensitive_like = ON")  # as on PostgreSQL
            raw.execute("PRAGMA temp_store = MEMORY")
            raw.execute("PRAGMA cache_size = -16000")
            raw.execute("PRAGMA journal_size_limit = 67108864")
        except BaseException:
            raw.close()
            raise
        return raw


def _read_url(url: str) -> tuple[str, str]:
    """Path and `synchronous` of `sqlite:///relative.db`, `sqlite:////absolute.db` or `sqlite://` (in memory)."""
    address, _, query = url.partition("?")
    path = address.removeprefix("sqlite://").removeprefix("/")
    key, _, value = query.partition("=")
    synchronous = value.lower() if key == "synchronous" else "normal" if not query else ""
    if synchronous not in SYNCHRONOUS:
        raise refuse(
            BAD_URL,
            url=url,
            zh="问号后面只能写 synchronous=normal 或 full",
            en="only synchronous=normal or full may follow the question mark",
        )
    if path in ("", ":memory:"):
        return ":memory:", synchronous
    if not Path(path).resolve().parent.is_dir():
        folder = Path(path).resolve().parent
        raise refuse(BAD_URL, url=url, zh=f"没有 {folder} 这个文件夹", en=f"there is no folder {folder}")
    return path, synchronous
