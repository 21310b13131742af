"""What the drivers raise, as the engine's own: refusals with a sentence, violations that name their columns, a stale schema."""

import re
import sqlite3

import psycopg
from psycopg import errors as pg
from psycopg_pool import PoolTimeout

from dougong.database.refusals import BROKEN, BUSY, COLLISION, DISK_FULL, LOST, NOT_TEXT, NOT_UNIQUE, READ_ONLY, TOO_SLOW
from dougong.refusals import Refusal, RefusalCode, Refused

DriverError = sqlite3.Error | psycopg.Error | PoolTimeout
DRIVER_ERRORS = (sqlite3.Error, psycopg.Error, PoolTimeout)
KEY_COLUMNS = re.compile(r"\(([^=]*)\)=\(")


class StaleSchema(Exception):
    """A table or column is missing or of another type: a newer release was applied. Reload the release and run the work again."""


class UniqueViolation(Refused):
    """A unique value exists already. `table` may be None when the driver does not say; `columns` may then be empty."""

    def __init__(self, table: str | None, columns: tuple[str, ...]) -> None:
        self.table, self.columns = table, columns
        super().__init__([Refusal(NOT_UNIQUE, {"columns": ", ".join(columns)}, columns[0] if len(columns) == 1 else None)])


class Unavailable(Refused):
    """The database cannot do it now; nothing was written. `is_lost` says that the connection is gone."""

    def __init__(self, code: RefusalCode, *, is_lost: bool = False, **params: object) -> None:
        self.is_lost = is_lost
        super().__init__([Refusal(code, params)])


def translated(error: DriverError, seconds: float = 0) -> Exception:
    """The engine's exception for a driver's; `seconds` is the limit that was waited for."""
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, seconds)
    if isinstance(error, PoolTimeout):
        return Unavailable(BUSY, seconds=f"{seconds:g}")
    return _of_postgresql(error, seconds)


def _of_sqlite(error: sqlite3.Error, seconds: float) -> Exception:
    name, message = getattr(error, "sqlite_errorname", ""), str(error)
    if name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"):
        places = [p.strip().rpartition(".") for p in message.partition(": ")[2].split(",") if "." in p]
        return UniqueViolation(places[0][0] if places else None, tuple(p[2] for p in places))
    if message.startswith(("no such table", "no such column")) or "has no column named" in message or name == "SQLITE_SCHEMA":
        return StaleSchema(message)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Unavailable(BUSY, seconds=f"{seconds:g}")
    if name == "SQLITE_FULL":
        return Unavailable(DISK_FULL)
    if name.startswith("SQLITE_READONLY"):
        return Unavailable(READ_ONLY)
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Unavailable(BROKEN, detail=message)
    return error


def _of_postgresql(error: psycopg.Error, seconds: float) -> Exception:
    diag = error.diag
    match error:
        case pg.UniqueViolation():
            found = KEY_COLUMNS.search(diag.message_detail or "")
            columns = tuple(c.strip().strip('"') for c in found[1].split(",")) if found else ()
            return UniqueViolation(diag.table_name, columns)
        case pg.UndefinedTable() | pg.UndefinedColumn() | pg.DatatypeMismatch() | pg.UndefinedFunction():
            return StaleSchema(str(error))
        case pg.FeatureNotSupported() if "cached plan" in str(error):
            return StaleSchema(str(error))
        case pg.LockNotAvailable():
            return Unavailable(BUSY, seconds=f"{seconds:g}")
        case pg.QueryCanceled():
            return Unavailable(TOO_SLOW, seconds=f"{seconds:g}")
        case pg.DeadlockDetected() | pg.SerializationFailure():
            return Refused([Refusal(COLLISION)])
        case pg.DiskFull():
            return Unavailable(DISK_FULL)
        case pg.ReadOnlySqlTransaction():
            return Unavailable(READ_ONLY)
        case pg.CharacterNotInRepertoire() | pg.UntranslatableCharacter():
            return Refused([Refusal(NOT_TEXT)])
        case psycopg.DataError() if error.sqlstate is None and "NUL" in str(error):  # told by the driver, before anything is sent
            return Refused([Refusal(NOT_TEXT)])
        case pg.TooManyConnections() | pg.InsufficientResources():
            return Unavailable(BROKEN, detail=str(error).strip())
    # Without a code from the server it is the connection that failed
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and (
        error.sqlstate is None or error.sqlstate[:2] in ("08", "57")
    ):
        return Unavailable(LOST, is_lost=True)
    return error
