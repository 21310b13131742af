"""One unit of work: everything the gates share during one transaction, and the records it has looked at.

Rows are kept while the transaction lasts, so that a link that ten rules follow is read once. The gate refreshes what it writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from dougong_dsl.expression.history import Stay
from dougong_dsl.expression.sql import fact

from dougong.access.access import Access
from dougong.database.connection import Connection
from dougong.database.errors import UniqueViolation
from dougong.database.text import Text
from dougong.derive.rules import ObjectRules
from dougong.derive.statements import MOST_ROWS
from dougong.fields.autonumber import AutonumberOptions
from dougong.fields.base import Language, Reading
from dougong.model.rights import ActionName
from dougong.refusals import Refused, refuse
from dougong.runtime.actor import Actor, Cause
from dougong.runtime.compiled import Compiled
from dougong.runtime.firing import Firing
from dougong.runtime.owed import Owed
from dougong.runtime.past import Past
from dougong.runtime.refusals import TOO_MANY_TO_READ

LARGEST_ID = 2**63 - 1
MOST_NESTED = 1_000_000  # records that the formulas of the records of one list may read
KEPT_ROWS = 20_000  # an import may touch more records than memory should hold


class Row(dict[str, Any]):
    """The stored values of one record; formulas that are not stored are computed when they are asked for."""

    __slots__ = ("_rules", "_unit")

    def __init__(self, rules: ObjectRules, unit: "Unit", values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self._rules = rules
        self._unit = unit

    def __missing__(self, name: str) -> Any:
        found = self._rules.virtual.get(name)
        if found is None:
            return None
        program, parse = found
        self._unit.within += 1
        try:
            return parse(program(self, self._unit.plain), self._unit.reading)[0]
        finally:
            self._unit.within -= 1


class Received(Row):
    """What came in from outside: it has an `id`, and what it did not bring is null."""

    __slots__ = ()

    def __init__(self, unit: "Unit", values: Mapping[str, Any]) -> None:
        super().__init__(unit.compiled.rules("user"), unit, values)

    def __missing__(self, name: str) -> Any:
        return None

    def with_names(self, values: Mapping[str, Any]) -> "Received":
        """The same with more names in it."""
        return Received(self._unit, values)


class Unit:
    """A transaction of one actor on one release. Not shared between threads."""

    __slots__ = (
        "_children",
        "_held",
        "_owned",
        "_params",
        "_rows",
        "_users",
        "access",
        "actor",
        "brought",
        "cause",
        "chain",
        "compiled",
        "connection",
        "driver_now",
        "firings",
        "first_versions",
        "is_spoiled",
        "is_write",
        "language",
        "leaves_work",
        "looked_at",
        "now",
        "owed",
        "past",
        "person",
        "plain",
        "reading",
        "seen_links",
        "today",
        "within",
    )

    def __init__(
        self, compiled: Compiled, connection: Connection, actor: Actor, cause: Cause, language: Language, now: datetime, *, is_write: bool
    ) -> None:
        self.compiled = compiled
        self.connection = connection
        self.language: Language = language
        self.now = now
        self.driver_now = compiled.statements.instant(now)
        self.today: date = now.astimezone(compiled.app.zone).date()
        self.reading = Reading(language, compiled.app.zone)
        self.is_write = is_write
        self.is_spoiled = False
        self.leaves_work = False  # jobs or dues that a worker should hear of once they are committed
        self.chain: tuple[tuple[str, int], ...] = ()  # triggers at work, each with the record that set it off
        self.first_versions: dict[tuple[str, int], int] = {}  # of records that this transaction changes, before it did
        self.looked_at = self.within = 0  # records that expressions have read, and formulas that are being computed inside each other
        self.person = actor  # whose work this is, also while triggers act as the system
        self.firings: list[Firing] = []  # of triggers in this write, not yet in the log
        self.owed: list[Owed] = []  # to records in parts, before the commit
        self.brought: dict[str, Received] = {}  # what came in from outside, by the name that expressions know it under
        self._held: set[tuple[str, int]] = set()
        self._owned: set[tuple[str, int]] = set()  # records written by this transaction: nobody else can change them
        self._rows: dict[tuple[str, int], Row | None] = {}
        self._users: list[Row] | None = None
        self._children: dict[tuple[str, str, int], list[Row]] = {}
        self.past = Past(compiled, connection, self.kept)
        self.act(actor, cause)

    def act(self, actor: Actor, cause: Cause) -> None:
        """Go on as somebody else, or for another reason: triggers write as the system."""
        self.actor = actor
        self.cause = cause
        self.access: Access = self.compiled.access(actor)
        self.plain = self.context()
        self._params: dict[str, Any] | None = None
        self.seen_links: dict[tuple[str, int], bool] = {}

    def context(self, old: Mapping[str, Any] | None = None) -> "Lens":
        """What expressions may ask beside the record itself."""
        return Lens(self, old)

    @property
    def params(self) -> Mapping[str, Any]:
        """The facts that expressions in SQL ask for (`dg_today`, `dg_now`, `dg_zone`, `dg_me_…`), as the driver takes them."""
        if self._params is None:
            dialect, rules = self.compiled.dialect, self.compiled.rules("user")
            me = rules.codec.encode(self.actor.values)
            facts = {"dg_today": fact(self.today, dialect), "dg_now": fact(self.now, dialect), "dg_zone": self.reading.zone.key}
            self._params = {**facts, **{f"dg_me_{n}": me.get(n) for n in rules.codec.names}}
        return self._params

    def matching(self, object_name: str, action: ActionName, row: Mapping[str, Any]) -> list[int]:
        """The actor's shares for the action that cover a record: indices into `rights(...).shares`."""
        plain = self.plain
        return [i for i, program in enumerate(self.access.programs(object_name, action)) if program is None or program(row, plain) is True]

    def users(self) -> list[Row]:
        """The active users, by id."""
        if self._users is None:
            rules = self.compiled.rules("user")
            found = [Row(rules, self, rules.codec.decode(r)) for r in self.connection.all(self.compiled.writes("user").everybody)]
            self._users = [u for u in found if u["active"]]
        return self._users

    def forget_users(self) -> None:
        """Who is active has changed."""
        self._users = None

    def row(self, object_name: str, record_id: int | None) -> Row | None:
        """A stored record, whoever may see it: rules look at what is, not at what the actor may see."""
        if record_id is None:
            return None
        if object_name in self.brought:
            return self.brought[object_name]
        key = (object_name, record_id)
        if key not in self._rows:
            self.keep(object_name, record_id, self._load(object_name, record_id, self.compiled.writes(object_name).select))
        return self._rows[key]

    def locked(self, object_name: str, record_id: int) -> Row | None:
        """The record as it is now, locked until the transaction ends."""
        if (object_name, record_id) in self._owned and (object_name, record_id) in self._rows:
            return self._rows[(object_name, record_id)]
        found = self._load(object_name, record_id, self.compiled.writes(object_name).lock)
        self.keep(object_name, record_id, found)
        return found

    def locked_whole(self, object_name: str, record_id: int) -> Row | None:
        """The record as it is now; nobody else changes it until the transaction ends, but who links to it does not wait."""
        if (object_name, record_id) in self._owned and (object_name, record_id) in self._rows:
            return self._rows[(object_name, record_id)]
        found = self._load(object_name, record_id, self.compiled.writes(object_name).lock_whole)
        self.keep(object_name, record_id, found)
        return found

    def held(self, object_name: str, record_id: int) -> Row | None:
        """The record, kept from being deleted until the transaction ends: somebody is about to link to it."""
        if (object_name, record_id) in self._held:
            return self.row(object_name, record_id)
        found = self._load(object_name, record_id, self.compiled.writes(object_name).hold)
        self.keep(object_name, record_id, found)
        self._held.add((object_name, record_id))
        return found

    def hold_many(self, object_name: str, ids: set[int]) -> None:
        """`held` for many records in one query."""
        wanted = [i for i in sorted(ids) if (object_name, i) not in self._held]
        if not wanted:
            return
        rules = self.compiled.rules(object_name)
        found = self.connection.all(self.compiled.writes(object_name).hold_many, {"keys": wanted})
        rows = {r[0]: Row(rules, self, rules.codec.decode(r)) for r in found}
        for record_id in wanted:
            self.keep(object_name, record_id, rows.get(record_id))
            self._held.add((object_name, record_id))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the work that may be refused alone; what it did is undone and forgotten."""
        was_spoiled, fired, owed = self.is_spoiled, len(self.firings), len(self.owed)
        try:
            with self.connection.savepoint():
                yield
        except (Refused, UniqueViolation):
            self.is_spoiled = was_spoiled
            del self.firings[fired:]
            del self.owed[owed:]
            self._owned.clear()
            self._rows.clear()
            self._children.clear()
            self.past.forget_all()
            raise

    def own(self, object_name: str, record_id: int, row: Row) -> None:
        """Remember a record as this transaction has written it."""
        self.keep(object_name, record_id, row)
        self._owned.add((object_name, record_id))

    def keep(self, object_name: str, record_id: int, row: Row | None) -> None:
        """Remember a record as it is now."""
        if len(self._rows) > KEPT_ROWS:
            self._rows.clear()
        self._rows[(object_name, record_id)] = row
        self.past.forget(object_name, record_id)

    def kept(self, object_name: str, record_id: int) -> Row | None:
        """The record as this transaction last saw it stored; None when it has not looked at it."""
        return self._rows.get((object_name, record_id))

    def forget_children(self, object_name: str) -> None:
        """Lists of this object's records may have changed."""
        if self._children:
            self._children = {key: rows for key, rows in self._children.items() if key[0] != object_name}

    def children(self, object_name: str, through: str, record_id: int | None) -> Sequence[Row]:
        """The records of an object that point to a record, by id."""
        if record_id is None:
            return ()
        key = (object_name, through, record_id)
        if key not in self._children:
            rules = self.compiled.rules(object_name)
            found = self.connection.all(self.compiled.writes(object_name).children(through), {"dg_key": record_id})
            self._look_at(object_name, len(found))
            self._children[key] = [Row(rules, self, rules.codec.decode(r)) for r in found]
            self.past.seen_together(object_name, self._children[key])
        return self._children[key]

    def records(self, object_name: str, equal: Mapping[str, Any]) -> Sequence[Row]:
        """The records whose fields hold given values, by id; whoever may see them."""
        rules = self.compiled.rules(object_name)
        stored = rules.codec.encode(
            {n: value for n, value in equal.items() if n in rules.codec.names}
        )  # a virtual formula is asked per row
        text = self.compiled.writes(object_name).equal(tuple(stored))
        found = self.connection.all(text, {f"dg_{n}": value for n, value in stored.items()})
        self._look_at(object_name, len(found))
        rows = [Row(rules, self, rules.codec.decode(r)) for r in found]
        self.past.seen_together(object_name, rows)
        return rows

    def _look_at(self, object_name: str, count: int) -> None:
        """Refuse what no server should do for one record: an expression that reads very many records, or many for each of many."""
        self.looked_at = count + (self.looked_at if self.within else 0)
        if count > MOST_ROWS or self.looked_at > MOST_NESTED:
            title = self.compiled.app.objects[object_name].title
            raise refuse(TOO_MANY_TO_READ, object=(title.zh, title.en), most=MOST_ROWS if count > MOST_ROWS else MOST_NESTED)

    def next_number(self, rule: str) -> str | None:
        """The next number of a rule that a default asks for; None while nothing is written."""
        if not self.is_write:
            return None
        options = AutonumberOptions(pattern=rule)
        wanted = {"name": f"NEXTNO {rule}", "period": options.period(self.today), "count": 1}
        last = self.connection.one(self.compiled.statements.next_number, wanted)
        assert last is not None  # RETURNING always gives a row
        return options.number(int(last[0]), self.today)

    def _load(self, object_name: str, record_id: int, text: Text) -> Row | None:
        rules = self.compiled.rules(object_name)
        if not 0 < record_id <= LARGEST_ID:
            return None
        found = self.connection.one(text, {"dg_key": record_id})
        return None if found is None else Row(rules, self, rules.codec.decode(found))


class Lens:
    """What an expression sees of the unit beside its record: `me`, `today`, `now`, `old`, links and lists."""

    __slots__ = ("_unit", "me", "now", "old", "today", "zone")

    def __init__(self, unit: Unit, old: Mapping[str, Any] | None) -> None:
        self._unit = unit
        self.me = unit.actor.values
        self.today = unit.today
        self.now = unit.now
        self.zone = unit.reading.zone
        self.old = old

    def follow(self, object: str, id: int) -> Row | None:
        """The record behind a link."""
        return self._unit.row(object, id)

    def children(self, object: str, through: str, id: int) -> Sequence[Row]:
        """The records behind a list."""
        return self._unit.children(object, through, id)

    def records(self, object: str, equal: Mapping[str, Any]) -> Sequence[Row]:
        """The records that a look-up asks for."""
        return self._unit.records(object, equal)

    def stays(self, object: str, row: Mapping[str, Any], column: str = "stage", log: str | None = None) -> Sequence[Stay]:
        """The stays of a record in stages that it has left."""
        return self._unit.past.stays(object, row, column, log)

    def changes(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> int:
        """How often a field of a record has changed."""
        return self._unit.past.changes(object, row, names)

    def approved(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> bool:
        """Whether the last approval of a record under a name ended well."""
        return self._unit.past.approved(object, row, names)

    def next_number(self, rule: str) -> str | None:
        """The number that a default asks for."""
        return self._unit.next_number(rule)
