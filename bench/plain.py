"""Baseline *plain*: leads as a good engineer writes them: Starlette, SQLAlchemy Core in the thread pool, pydantic.

Statements are built once; every write validates, respects the row filter and the version, and leaves a history row in its own transaction.
`Plain` is the program without HTTP, `asgi` the one with it.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Dialect,
    Integer,
    MetaData,
    Numeric,
    Row,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import DateTime, TypeDecorator
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.direct import rows_of
from bench.lead import FIRST_DUE, OPEN_REGIONS, PAGE, token_hash

Key = BigInteger().with_variant(Integer, "sqlite")


class Money(TypeDecorator[Decimal]):
    """Exact on both databases: SQLite has no decimals and keeps cents."""

    impl = Numeric(18, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Cents on SQLite."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(18, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """To cents on SQLite."""
        return int(value * 100) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """From cents on SQLite."""
        return Decimal(value).scaleb(-2) if value is not None and dialect.name == "sqlite" else value


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives it back without its zone."""
        return value.replace(tzinfo=UTC) if value is not None and dialect.name == "sqlite" else value


metadata = MetaData()
token = Table("token", metadata, Column("hash", Text, primary_key=True), Column("user_id", Key))
lead = Table(
    "lead",
    metadata,
    Column("id", Key, primary_key=True),
    *(Column(name, Text) for name in ("name", "company", "email", "region", "status", "lost_reason", "note")),
    Column("score", Key),
    Column("amount", Money),
    Column("due", Date),
    Column("active", Boolean),
    Column("owner", Key),
    Column("created_at", Moment),
    Column("created_by", Key),
    Column("updated_at", Moment),
    Column("updated_by", Key),
    Column("version", Key),
)
change = Table(
    "change",
    metadata,
    Column("id", Key, primary_key=True),
    Column("record_id", Key),
    Column("at", Moment),
    Column("by", Key),
    Column("action", Text),
    Column("fields", JSON().with_variant(JSONB, "postgresql")),
)

NAMES = [str(name) for name in lead.c.keys()]  # noqa: SIM118  # a collection of columns, not a dictionary
visible = or_(lead.c.owner == bindparam("me"), lead.c.region.in_(OPEN_REGIONS))
who = select(token.c.user_id).where(token.c.hash == bindparam("hash"))
read_one = select(lead).where(lead.c.id == bindparam("key"), visible)
read_locked = read_one.with_for_update()
write_change = insert(change)
write_lead = insert(lead).returning(lead.c.id)
write_leads = insert(lead).returning(lead.c.id, sort_by_parameter_order=True)
page_by_amount = (
    select(lead).where(lead.c.status == bindparam("status"), visible).order_by(lead.c.amount.desc(), lead.c.id.desc()).limit(PAGE)
)

Short = Annotated[str, Field(max_length=200)]


class Lead(BaseModel):
    """What may be written."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=200)]
    company: Short | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None
    score: Annotated[int, Field(ge=0, le=100)] | None = None
    amount: Annotated[Decimal, Field(max_digits=15, decimal_places=2)] | None = None
    region: Literal["north", "south", "east", "west"]
    status: Literal["new", "working", "won", "lost"] = "new"
    lost_reason: Short | None = None
    due: date | None = None
    active: bool | None = True
    owner: int | None = None
    note: str | None = None

    @model_validator(mode="after")
    def rules(self) -> Self:
        """The rules over several fields."""
        if self.status == "lost" and not self.lost_reason:
            raise ValueError("lost_reason: a lost lead needs a reason")
        if self.amount is not None and self.amount < 0:
            raise ValueError("amount: may not be negative")
        if self.due is not None and self.due < FIRST_DUE:
            raise ValueError("due: may not lie before 2020")
        return self


class LeadChange(BaseModel):
    """What a change may name; the whole record is validated as a `Lead` once it is merged."""

    model_config = ConfigDict(extra="forbid")

    name: Any = None
    company: Any = None
    email: Any = None
    score: Any = None
    amount: Any = None
    region: Any = None
    status: Any = None
    lost_reason: Any = None
    due: Any = None
    active: Any = None
    owner: Any = None
    note: Any = None


class Problem(Exception):
    """A refusal with its HTTP status."""

    def __init__(self, status: int, detail: object) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class Plain:
    """The program: one method for each request, bytes of JSON in and out."""

    def __init__(self, url: str) -> None:
        url = url.replace("postgresql://", "postgresql+psycopg://")
        self.engine = create_engine(url, pool_size=16, max_overflow=24, json_serializer=lambda value: _dump(value).decode())
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.writing = threading.Lock()
        if self.is_sqlite:
            event.listen(self.engine, "connect", _tune)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; SQLite has one writer, so the threads queue here and not in its busy loop."""
        if not self.is_sqlite:
            with self.engine.begin() as connection:
                yield connection
            return
        with self.writing, self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def user(self, connection: Connection, bearer: str) -> int:
        """The id of the user with this token."""
        found: int | None = connection.execute(who, {"hash": token_hash(bearer)}).scalar()
        if found is None:
            raise Problem(401, "unknown token")
        return found

    def create(self, bearer: str, body: bytes) -> bytes:
        """A new lead from a JSON object; the stored record."""
        values = _validated(body)
        with self.write() as connection:
            me = self.user(connection, bearer)
            row = _stamped(values, me)
            row["id"] = connection.execute(write_lead, row).scalar_one()
            connection.execute(
                write_change, _history(row["id"], me, row["created_at"], "create", {k: (None, v) for k, v in values.items()})
            )
        return _dump(row)

    def update(self, bearer: str, key: int, version: int, body: bytes) -> bytes:
        """Change the named fields of a lead that still has this version; the stored record."""
        try:
            wanted = LeadChange.model_validate_json(body).model_dump(exclude_unset=True)
        except ValidationError as error:
            raise Problem(422, error.errors(include_url=False, include_context=False)) from None
        with self.write() as connection:
            me = self.user(connection, bearer)
            found = connection.execute(read_locked, {"key": key, "me": me}).first()
            if found is None:
                raise Problem(404, "no such lead")
            old = _named(found)
            if old["version"] != version:
                raise Problem(412, "somebody else was faster")
            new = _checked({name: old[name] for name in Lead.model_fields} | wanted)
            changed = {name: (old[name], new[name]) for name in wanted if old[name] != new[name]}
            row = old | new | {"updated_at": _now(), "updated_by": me, "version": version + 1}
            if not (row["owner"] == me or row["region"] in OPEN_REGIONS):
                raise Problem(403, "out of sight afterwards")
            written = [*(n for n in changed), "updated_at", "updated_by", "version"]
            connection.execute(update(lead).where(lead.c.id == key), {name: row[name] for name in written})
            connection.execute(write_change, _history(key, me, row["updated_at"], "update", changed))
        return _dump(row)

    def find(self, bearer: str, status: str) -> bytes:
        """The 50 visible leads with this status and the highest amounts."""
        with self.engine.connect() as connection:
            me = self.user(connection, bearer)
            rows = connection.execute(page_by_amount, {"me": me, "status": status}).all()
        return _dump({"data": [_named(row) for row in rows]})

    def load(self, bearer: str, records: Iterable[dict[str, Any]]) -> int:
        """Many leads in one transaction, with their history; how many."""
        valid = [_checked(record) for record in records]
        with self.write() as connection:
            me = self.user(connection, bearer)
            rows = [_stamped(values, me) for values in valid]
            keys = connection.execute(write_leads, rows).scalars().all()
            pairs = zip(keys, rows, valid, strict=True)
            history = [_history(k, me, r["created_at"], "create", {n: (None, v) for n, v in vs.items()}) for k, r, vs in pairs]
            connection.execute(write_change, history)
        return len(rows)


def asgi(url: str) -> Starlette:
    """The program behind HTTP."""
    plain = Plain(url)

    async def collection(request: Request) -> Response:
        bearer = request.headers["authorization"].removeprefix("Bearer ")
        if request.method == "POST":
            return await answer(201, plain.create, bearer, await request.body())
        return await answer(200, plain.find, bearer, request.query_params["status"])

    async def record(request: Request) -> Response:
        bearer = request.headers["authorization"].removeprefix("Bearer ")
        version = int(request.headers["if-match"].strip('"'))
        return await answer(200, plain.update, bearer, int(request.path_params["id"]), version, await request.body())

    async def answer(status: int, call: Any, *arguments: object) -> Response:
        try:
            return Response(await run_in_threadpool(call, *arguments), status, media_type="application/json")
        except Problem as problem:
            body = orjson.dumps({"status": problem.status, "detail": problem.detail}, default=str)
            return Response(body, problem.status, media_type="application/problem+json")

    def healthz(request: Request) -> Response:
        return Response("ok")

    return Starlette(
        routes=[
            Route("/api/v1/lead", collection, methods=["GET", "POST"]),
            Route("/api/v1/lead/{id:int}", record, methods=["PATCH"]),
            Route("/healthz", healthz),
        ]
    )


class Program:
    """The program without HTTP, for `bench.direct`."""

    def __init__(self, url: str, bearer: str) -> None:
        self.plain, self.bearer = Plain(url), bearer

    async def create(self, values: dict[str, Any]) -> tuple[int, int]:
        """A new record; its id and version."""
        stored = orjson.loads(self.plain.create(self.bearer, orjson.dumps(values)))
        return stored["id"], stored["version"]

    async def update(self, key: int, version: int, values: dict[str, Any]) -> None:
        """Change a record."""
        self.plain.update(self.bearer, key, version, orjson.dumps(values))

    async def find(self) -> None:
        """A page."""
        self.plain.find(self.bearer, "working")

    async def load(self, file: Path) -> None:
        """An import."""
        self.plain.load(self.bearer, rows_of(file))


def _tune(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=30000")


def _validated(body: bytes) -> dict[str, Any]:
    try:
        return Lead.model_validate_json(body).model_dump()
    except ValidationError as error:
        raise Problem(422, error.errors(include_url=False, include_context=False)) from None


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    try:
        return Lead.model_validate(values).model_dump()
    except ValidationError as error:
        raise Problem(422, error.errors(include_url=False, include_context=False)) from None


def _stamped(values: dict[str, Any], me: int) -> dict[str, Any]:
    now = _now()
    row = {**values, "created_at": now, "created_by": me, "updated_at": now, "updated_by": me, "version": 1}
    row["owner"] = row["owner"] or me
    if not (row["owner"] == me or row["region"] in OPEN_REGIONS):
        raise Problem(403, "out of sight afterwards")
    return row


def _history(key: int, me: int, at: datetime, action: str, fields: dict[str, Any]) -> dict[str, Any]:
    written = {name: pair for name, pair in fields.items() if pair != (None, None)}
    return {"record_id": key, "at": at, "by": me, "action": action, "fields": written}


def _named(row: Row[Any]) -> dict[str, Any]:
    return dict(zip(NAMES, row, strict=True))


def _dump(value: object) -> bytes:
    return orjson.dumps(value, default=str)


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
