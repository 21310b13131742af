"""PostgreSQL behind `Database`: psycopg's pool, every connection in UTC, every kept text prepared at its first use."""

from typing import Any

import psycopg
from psycopg import conninfo
from psycopg.adapt import Dumper, Loader
from psycopg.types.bool import BoolDumper
from psycopg.types.datetime import DateDumper, DatetimeDumper
from psycopg.types.numeric import DecimalDumper
from psycopg_pool import ConnectionPool, PoolTimeout

from dougong.database.errors import Unavailable, translated
from dougong.database.refusals import BAD_URL, LOST_WHILE_SAVING
from dougong.refusals import refuse

WAIT_SECONDS = 5.0  # a person waits no longer for a database that is gone
MAX_CONNECTIONS = 16
KEPT_STATEMENTS = 1000
SETTINGS = {
    "timezone": "UTC",
    "datestyle": "ISO",
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "120s",
    "jit": "off",  # never pays for the short statements of a CRM
}
BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class JsonText(Loader):
    """JSON columns come as their text, as on SQLite; who wants the value parses it."""

    def load(self, data: Any) -> str:
        return bytes(data).decode()


class _Int(Dumper):
    def dump(self, obj: int) -> bytes:
        return str(obj).encode()


class _Decimal(DecimalDumper):
    oid = 0


class _Bool(BoolDumper):
    oid = 0


class _Date(DateDumper):
    oid = 0


class _Datetime(DatetimeDumper):
    oid = 0


class PostgresConnections:
    """`begin(write)` gives a raw connection inside a transaction; `end` takes it back."""

    seconds = 10.0

    def __init__(self, url: str) -> None:
        try:
            given = conninfo.conninfo_to_dict(url)
        except psycopg.ProgrammingError as error:
            raise refuse(BAD_URL, url=url, zh="读不懂", en=f"it cannot be read ({error})") from error
        # What the administrator wrote into the URL comes last and wins
        options = " ".join(f"-c {k}={v}" for k, v in SETTINGS.items())
        given["options"] = f"{options} {given.get('options', '')}".strip()
        given.setdefault("application_name", "dougong")
        given.setdefault("connect_timeout", 10)
        self._conninfo = conninfo.make_conninfo("", **given)
        try:
            psycopg.connect(self._conninfo).close()
        except psycopg.Error as error:
            raise refuse(
                BAD_URL, url=_without_password(url), zh="连不上，请检查地址、端口、用户名和密码", en=f"no connection ({error})"
            ) from error
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            self._conninfo,
            kwargs={"autocommit": True, "prepare_threshold": 0},
            min_size=1,
            max_size=MAX_CONNECTIONS,
            timeout=WAIT_SECONDS,
            configure=configure,
            open=True,
        )

    def begin(self, write: bool) -> Any:
        """A connection in a fresh transaction. A pool full of dead connections (the server was restarted) is renewed once."""
        for attempt in (1, 2):
            raw = self.borrow()
            try:
                raw.execute("BEGIN" if write else BEGIN_READ, prepare=False)
            except psycopg.Error as error:
                self._pool.putconn(raw)
                problem = translated(error, WAIT_SECONDS)
                if attempt == 1 and isinstance(problem, Unavailable) and problem.is_lost:
                    self._pool.check()
                    continue
                raise problem from error
            except BaseException:
                self._pool.putconn(raw)
                raise
            return raw

    def end(self, raw: Any, commit: bool) -> None:
        """Commit or roll back, and take the connection back."""
        try:
            raw.execute("COMMIT" if commit else "ROLLBACK", prepare=False)
        except psycopg.Error as error:
            problem = translated(error, self.seconds)
            if not commit and isinstance(problem, Unavailable):
                return  # what made the work fail is the better answer
            if isinstance(problem, Unavailable) and problem.is_lost:
                problem = Unavailable(LOST_WHILE_SAVING, is_lost=True)
            raise problem from error
        finally:
            self._pool.putconn(raw)

    def borrow(self) -> Any:
        """A connection in no transaction."""
        try:
            return self._pool.getconn()
        except PoolTimeout as error:
            raise translated(error, WAIT_SECONDS) from error

    def give_back(self, raw: Any) -> None:
        """Take a connection back that was borrowed."""
        self._pool.putconn(raw)

    def autocommit(self) -> Any:
        """A connection of its own, outside any transaction, to be closed by the caller."""
        raw = psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=None)
        configure(raw)
        return raw

    def close(self) -> None:
        """Close the pool."""
        self._pool.close()


def configure(raw: psycopg.Connection[Any]) -> None:
    """Values go without a type of their own, and the server takes that of their place.

    With types, a statement would be prepared anew for each pattern of nulls and each size of integer.
    """
    raw.prepared_max = KEPT_STATEMENTS
    for kind, dumper in ((int, _Int), ("decimal.Decimal", _Decimal), (bool, _Bool), ("datetime.date", _Date)):
        raw.adapters.register_dumper(kind, dumper)
    raw.adapters.register_dumper("datetime.datetime", _Datetime)
    for name in ("json", "jsonb"):
        raw.adapters.register_loader(name, JsonText)


def _without_password(url: str) -> str:
    given = conninfo.conninfo_to_dict(url)
    return f"postgresql://{given.get('user', '')}@{given.get('host', '')}:{given.get('port', '')}/{given.get('dbname', '')}"
