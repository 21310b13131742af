"""Baseline *fast*: the same leads, the same promises, written for speed: SQL kept as text, prepared, in as few round trips as possible.

On PostgreSQL an asynchronous pool of psycopg, each write one statement that also writes the history; on SQLite short statements run in the event
loop itself, one connection, one writer. Rules and JSON are plain Python.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.direct import rows_of
from bench.lead import COLUMNS, FIELDS, FIRST_DUE, OPEN_REGIONS, PAGE, REGIONS, STATUSES, token_hash
from bench.plain import Problem

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch
STAMPS = ("created_at", "created_by", "updated_at", "updated_by", "version")
WRITTEN = ", ".join((*FIELDS, *STAMPS))
SEEN = "(owner = :me OR region IN ('north', 'south'))"
WHO = "SELECT user_id FROM token WHERE hash = :hash"
ONE = f"SELECT {COLUMNS} FROM lead WHERE id = :id AND {SEEN}"
BY_AMOUNT = f"SELECT {COLUMNS} FROM lead WHERE status = :status AND {SEEN} ORDER BY amount DESC, id DESC LIMIT {PAGE}"
INSERT = f"INSERT INTO lead ({WRITTEN}) VALUES ({', '.join(f':{n}' for n in (*FIELDS, *STAMPS))}) RETURNING id"
HISTORY = "INSERT INTO change (record_id, at, by, action, fields) VALUES (:id, :updated_at, :updated_by, :action, :changes)"
SET = ", ".join(f"{n} = :{n}" for n in (*FIELDS, "updated_at", "updated_by"))
UPDATE = f"UPDATE lead SET {SET}, version = version + 1 WHERE id = :id AND version = :version RETURNING id"
CHANGED = "SELECT id, :updated_at, :updated_by, :action, :changes::jsonb FROM written"
INTO_CHANGE = f"INSERT INTO change (record_id, at, by, action, fields) {CHANGED} RETURNING record_id"

Record = dict[str, Any]


def text(limit: int) -> Callable[[Any], Any]:
    """A reader of text of at most `limit` characters; nothing and empty are None."""

    def read(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not str or len(value) > limit:
            raise ValueError(f"text of at most {limit} characters")
        return value.strip() or None

    return read


def one_of(names: tuple[str, ...]) -> Callable[[Any], Any]:
    """A reader of a choice."""

    def read(value: Any) -> Any:
        if value not in names:
            raise ValueError(f"one of {', '.join(names)}")
        return value

    return read


def whole(low: int, high: int) -> Callable[[Any], Any]:
    """A reader of an integer."""

    def read(value: Any) -> Any:
        if value is not None and (type(value) is not int or not low <= value <= high):
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return read


def money(value: Any) -> Any:
    """An amount with two decimals."""
    if value is None or value == "":
        return None
    amount = Decimal(value)
    if amount != round(amount, 2) or not 0 <= amount < 10**13:
        raise ValueError("an amount with two decimals, not negative")
    return amount


def day(value: Any) -> Any:
    """A date, 2020 or later."""
    if value is None or value == "":
        return None
    found = value if type(value) is date else date.fromisoformat(value)
    if found < FIRST_DUE:
        raise ValueError("may not lie before 2020")
    return found


def yes(value: Any) -> Any:
    """A truth value."""
    if value is not None and type(value) is not bool:
        raise ValueError("true or false")
    return value


def email(value: Any) -> Any:
    """An address."""
    if value is not None and not EMAIL(value):
        raise ValueError("an e-mail address")
    return value


READERS: dict[str, Callable[[Any], Any]] = {
    "name": text(200),
    "company": text(200),
    "email": email,
    "score": whole(0, 100),
    "amount": money,
    "region": one_of(REGIONS),
    "status": one_of(STATUSES),
    "lost_reason": text(200),
    "due": day,
    "active": yes,
    "owner": whole(1, 2**53),
    "note": text(100_000),
}
DEFAULTS: Record = dict.fromkeys(FIELDS) | {"status": "new", "active": True}


def valid(values: Record, given: Record, me: int) -> Record:
    """`values` with what is given put over it, when all rules hold; all problems at once otherwise."""
    problems = {name: "unknown field" for name in given if name not in READERS}
    row = values.copy()
    for name in given:
        if name in READERS:
            try:
                row[name] = READERS[name](given[name])
            except (ValueError, TypeError, ArithmeticError) as error:
                problems[name] = str(error) or "not valid"
    if not problems and row["name"] is None:
        problems["name"] = "required"
    if not problems and row["region"] is None:
        problems["region"] = "required"
    if row["status"] == "lost" and not row["lost_reason"]:
        problems["lost_reason"] = "a lost lead needs a reason"
    if problems:
        raise Problem(422, problems)
    row["owner"] = row["owner"] or me
    if row["owner"] != me and row["region"] not in OPEN_REGIONS:
        raise Problem(403, "out of sight afterwards")
    return row


def created(given: Record, me: int) -> Record:
    """A whole new row with its stamps and its history."""
    row = valid(DEFAULTS, given, me)
    row["changes"] = dump({name: (None, row[name]) for name in FIELDS if row[name] is not None}).decode()
    now = datetime.now(UTC)
    return row | {"created_at": now, "created_by": me, "updated_at": now, "updated_by": me, "version": 1, "action": "create"}


def updated(old: Record, given: Record, version: int, me: int) -> Record:
    """The row as it will be, with its history."""
    if old["version"] != version:
        raise Problem(412, "somebody else was faster")
    row = valid(old, given, me)
    row["changes"] = dump({name: (old[name], row[name]) for name in given if old[name] != row[name]}).decode()
    return row | {"updated_at": datetime.now(UTC), "updated_by": me, "action": "update"}


def shown(row: Record) -> Record:
    """A row without what belongs to its history."""
    return {name: value for name, value in row.items() if name not in ("changes", "action")}


def dump(value: object) -> bytes:
    """JSON; decimals as text, times to the millisecond."""
    return orjson.dumps(value, default=str)


class OnSqlite:
    """Leads in a SQLite file, in the event loop itself."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, cached_statements=50)
        self.connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
            self.connection.execute(f"PRAGMA {pragma}")

    async def open(self) -> None:
        """Nothing to wait for."""

    async def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def user(self, bearer: str) -> int:
        """The id of the user with this token."""
        found = self.connection.execute(WHO, {"hash": token_hash(bearer)}).fetchone()
        if found is None:
            raise Problem(401, "unknown token")
        key: int = found[0]
        return key

    async def create(self, bearer: str, body: bytes) -> bytes:
        """A new lead; the stored record."""
        row = created(orjson.loads(body), self.user(bearer))
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        try:
            stored = to_sqlite(row)
            stored["id"] = row["id"] = run(INSERT, stored).fetchone()[0]
            run(HISTORY, stored)
            run("COMMIT")
        except BaseException:
            run("ROLLBACK")
            raise
        return dump(shown(row))

    async def update(self, bearer: str, key: int, version: int, body: bytes) -> bytes:
        """Change the named fields; the stored record."""
        me = self.user(bearer)
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        try:
            found = run(ONE, {"id": key, "me": me}).fetchone()
            if found is None:
                raise Problem(404, "no such lead")
            row = updated(from_sqlite(dict(found)), orjson.loads(body), version, me)
            stored = to_sqlite(row)
            run(UPDATE, stored).fetchone()
            run(HISTORY, stored)
            run("COMMIT")
        except BaseException:
            run("ROLLBACK")
            raise
        return dump(shown(row | {"version": version + 1}))

    async def find(self, bearer: str, status: str) -> bytes:
        """The 50 visible leads with this status and the highest amounts."""
        rows = self.connection.execute(BY_AMOUNT, {"me": self.user(bearer), "status": status}).fetchall()
        return dump({"data": [from_sqlite(dict(row)) for row in rows]})

    async def load(self, bearer: str, records: Iterable[Record]) -> int:
        """Many leads in one transaction."""
        me = self.user(bearer)
        rows = [created(record, me) for record in records]
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        for row in rows:
            stored = to_sqlite(row)
            stored["id"] = run(INSERT, stored).fetchone()[0]
            run(HISTORY, stored)
        run("COMMIT")
        return len(rows)


def to_sqlite(row: Record) -> Record:
    """As SQLite keeps it: cents, text for dates."""
    amount, due = row["amount"], row["due"]
    moments = {name: row[name].isoformat(timespec="milliseconds") for name in ("created_at", "updated_at")}
    return row | moments | {"amount": None if amount is None else int(amount * 100), "due": due and due.isoformat()}


def from_sqlite(row: Record) -> Record:
    """As Python has it; times stay text on their way out, except where a write needs them."""
    if row["amount"] is not None:
        row["amount"] = Decimal(row["amount"]).scaleb(-2)
    row["due"] = row["due"] and date.fromisoformat(row["due"])
    row["active"] = None if row["active"] is None else bool(row["active"])
    for name in ("created_at", "updated_at"):
        row[name] = datetime.fromisoformat(row[name])
    return row


def percent(statement: str) -> str:
    """The statement with psycopg's parameters."""
    return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", statement)


class OnPostgres:
    """Leads in PostgreSQL, over an asynchronous pool; a write is one statement."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pool: AsyncConnectionPool[AsyncConnection[Record]] = AsyncConnectionPool(
            url, min_size=8, max_size=16, open=False, kwargs={"autocommit": True, "prepare_threshold": 1, "row_factory": dict_row}
        )
        self.who, self.one, self.by_amount = (percent(s) for s in (WHO, ONE, BY_AMOUNT))
        self.insert = percent(f"WITH written AS ({INSERT}) {INTO_CHANGE}")
        self.change = percent(f"WITH written AS ({UPDATE}) {INTO_CHANGE}")

    async def open(self) -> None:
        """Connect."""
        await self.pool.open()

    async def close(self) -> None:
        """Hang up."""
        await self.pool.close()

    async def user(self, connection: AsyncConnection[Record], bearer: str) -> int:
        """The id of the user with this token."""
        found = await (await connection.execute(self.who, {"hash": token_hash(bearer)})).fetchone()
        if found is None:
            raise Problem(401, "unknown token")
        key: int = found["user_id"]
        return key

    async def create(self, bearer: str, body: bytes) -> bytes:
        """A new lead; the stored record."""
        async with self.pool.connection() as connection:
            row = created(orjson.loads(body), await self.user(connection, bearer))
            written = await (await connection.execute(self.insert, row)).fetchone()
        return dump(shown(row | {"id": (written or {})["record_id"]}))

    async def update(self, bearer: str, key: int, version: int, body: bytes) -> bytes:
        """Change the named fields; the stored record. Nobody can come between: the version is asked again when it is written."""
        async with self.pool.connection() as connection:
            me = await self.user(connection, bearer)
            found = await (await connection.execute(self.one, {"id": key, "me": me})).fetchone()
            if found is None:
                raise Problem(404, "no such lead")
            row = updated(found, orjson.loads(body), version, me)
            if await (await connection.execute(self.change, row)).fetchone() is None:
                raise Problem(412, "somebody else was faster")
        return dump(shown(row | {"version": version + 1}))

    async def find(self, bearer: str, status: str) -> bytes:
        """The 50 visible leads with this status and the highest amounts."""
        async with self.pool.connection() as connection:
            me = await self.user(connection, bearer)
            rows = await (await connection.execute(self.by_amount, {"me": me, "status": status})).fetchall()
        return dump({"data": rows})

    async def load(self, bearer: str, records: Iterable[Record]) -> int:
        """Many leads in one transaction."""
        async with self.pool.connection() as connection:
            me = await self.user(connection, bearer)
            rows = [created(record, me) for record in records]
            async with connection.transaction(), connection.cursor() as cursor:
                await cursor.executemany(self.insert, rows)
        return len(rows)


def store(url: str) -> OnSqlite | OnPostgres:
    """The program without HTTP."""
    return OnSqlite(url) if url.startswith("sqlite") else OnPostgres(url)


class Program:
    """The program without HTTP, for `bench.direct`."""

    def __init__(self, url: str, bearer: str) -> None:
        self.leads, self.bearer = store(url), bearer

    async def create(self, values: Record) -> tuple[int, int]:
        """A new record; its id and version."""
        await self.leads.open()
        stored = orjson.loads(await self.leads.create(self.bearer, orjson.dumps(values)))
        return stored["id"], stored["version"]

    async def update(self, key: int, version: int, values: Record) -> None:
        """Change a record."""
        await self.leads.update(self.bearer, key, version, orjson.dumps(values))

    async def find(self) -> None:
        """A page."""
        await self.leads.open()
        await self.leads.find(self.bearer, "working")

    async def load(self, file: Path) -> None:
        """An import."""
        await self.leads.open()
        await self.leads.load(self.bearer, rows_of(file))


def asgi(url: str) -> Starlette:
    """The program behind HTTP."""
    leads = store(url)

    async def collection(request: Request) -> Response:
        bearer = request.headers["authorization"].removeprefix("Bearer ")
        if request.method == "POST":
            return answer(await leads.create(bearer, await request.body()), 201)
        return answer(await leads.find(bearer, request.query_params["status"]), 200)

    async def record(request: Request) -> Response:
        bearer = request.headers["authorization"].removeprefix("Bearer ")
        version = int(request.headers["if-match"].strip('"'))
        return answer(await leads.update(bearer, int(request.path_params["id"]), version, await request.body()), 200)

    async def healthz(request: Request) -> Response:
        await leads.open()
        return Response("ok")

    def answer(body: bytes, status: int) -> Response:
        return Response(body, status, media_type="application/json")

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        body = dump({"status": error.status, "detail": error.detail})
        return Response(body, error.status, media_type="application/problem+json")

    return Starlette(
        routes=[
            Route("/api/v1/lead", collection, methods=["GET", "POST"]),
            Route("/api/v1/lead/{id:int}", record, methods=["PATCH"]),
            Route("/healthz", healthz),
        ],
        exception_handlers={Problem: problem},
    )
