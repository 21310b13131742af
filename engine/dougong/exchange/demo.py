"""Sample data of a template: the users and records of its `demo` folder, made through the write gate as the system.

On a clock that can be set the records have a past (`exchange/demo_history.py`); else all of them are made now.

`users.yaml` lists people with passwords and attributes; `records.yaml` lists records by object. In a record, `_key: k` names it and
`"@k"` links to it, users go by their login, `today-30` and `today+12` are dates, a file is a path inside the folder, `stage` may be any stage.
"""

import mimetypes
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
import yaml
from dougong_dsl.expression.types import Date, DateTime

from dougong.database import Database
from dougong.database.instants import instant_to_db
from dougong.database.text import compile_text
from dougong.exchange import demo_progress
from dougong.exchange.demo_history import instants, whole_of
from dougong.model.app import App, Field
from dougong.runtime import files
from dougong.runtime.clock import Clock, SettableClock
from dougong.runtime.record import Record
from dougong.runtime.session import Session
from dougong.runtime.users import create_user

RELATIVE_DAY = re.compile(r"today(?:([+-]\d{1,5}))?")
USER, TEAM = "user", "team"
People = Sequence[Mapping[str, Any]]
LEFT_DUE = 8
CAME_DUE = (
    "UPDATE dg_due SET fired_at = due_at, open_at = NULL WHERE open_at <= :now AND record_id <> 0 "
    "AND id NOT IN (SELECT id FROM dg_due WHERE open_at <= :now AND record_id <> 0 ORDER BY open_at DESC LIMIT :few)"
)


class Target(Protocol):
    """What this module asks of an engine."""

    @property
    def app(self) -> App:
        """The app as it was applied."""

    @property
    def database(self) -> Database:
        """Where it keeps its records."""

    @property
    def clock(self) -> Clock:
        """What tells it the time."""

    @property
    def files_dir(self) -> Path:
        """Where it keeps files."""

    def system_session(self, reason: str) -> AbstractContextManager[Session]:
        """A transaction of the system."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One record of the file: its object, the key by which others link to it, its values as written."""

    object: str
    values: Mapping[str, Any]
    key: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any], object: str | None = None) -> "Sample":
        """A row as written; `_object` names the object when the caller does not, `_key` the record."""
        return cls(object or row["_object"], {k: v for k, v in row.items() if k not in ("_object", "_key")}, row.get("_key"))

    @property
    def days(self) -> list[int]:
        """How many days from today the relative dates in it are."""
        found = (RELATIVE_DAY.fullmatch(v) for v in self.values.values() if isinstance(v, str))
        return [int(day[1] or 0) for day in found if day is not None]


class Samples:
    """Makes sample records; remembers which key became which record. Dates are relative to the day on which it begins."""

    def __init__(self, session: Session, kept: Mapping[str, Iterable[int]]) -> None:
        """`kept` gives, for each path, the ids of as many kept copies of that file as records will ask for."""
        self._session = session
        self._today = session.today
        self._kept = {path: iter(ids) for path, ids in kept.items()}
        self._ids: dict[str, int] = {}
        self._users: dict[str, int] = {}
        self._teams: dict[str, int] = {}

    def go_on(self, session: Session) -> None:
        """Make what follows in another transaction."""
        self._session = session

    def remember(self, users: dict[str, int], teams: dict[str, int], ids: dict[str, int]) -> None:
        """What was made before this began: users by login, teams by name, records by key."""
        self._users, self._teams, self._ids = users, teams, ids

    def user(self, row: Mapping[str, Any]) -> None:
        """One person: login, name, password, roles, team (by name) and attributes; the manager is added by `managers`."""
        own = {k: v for k, v in row.items() if k not in ("login", "name", "password", "roles", "manager")}
        if "team" in own:
            own["team"] = self._teams[own["team"]]
        self._users[row["login"]] = create_user(self._session, row["login"], row["name"], row["password"], row["roles"], **own)

    def team(self, row: Mapping[str, Any]) -> None:
        """One team: name, parent (the name of a team that is there already) and attributes; the leader is added by `leader`."""
        own = {k: v for k, v in row.items() if k != "leader"}
        if "parent" in own:
            own["parent"] = self._teams[own["parent"]]
        self._teams[row["name"]] = self._session.create(TEAM, own).id

    def leader(self, row: Mapping[str, Any]) -> None:
        """Tell who leads a team, once everybody is there."""
        if "leader" in row:
            self._session.update(TEAM, self._teams[row["name"]], {"leader": self._users[row["leader"]]})

    def manager(self, row: Mapping[str, Any]) -> None:
        """Tell whose manager somebody is, once everybody is there."""
        if "manager" in row:
            self._session.update(USER, self._users[row["login"]], {"manager": self._users[row["manager"]]})

    def create(self, sample: Sample) -> Record:
        """Make one record; `Refused` as everywhere."""
        fields = self._session.app.objects[sample.object].fields
        values = {name: self._value(value, fields.get(name)) for name, value in sample.values.items()}
        made = self._session.create(sample.object, values)
        if sample.key is not None:
            self._ids[sample.key] = made.id
        return made

    def _value(self, value: Any, field: Field | None) -> Any:
        if not isinstance(value, str) or field is None:
            return value
        if value.startswith("@"):
            return self._ids[value.removeprefix("@")]
        if field.type.target == "user":
            return self._users[value]
        if field.type.is_file:
            return next(self._kept[value])
        day = RELATIVE_DAY.fullmatch(value) if isinstance(field.type.type, Date | DateTime) else None
        return value if day is None else (self._today + timedelta(days=int(day[1] or 0))).isoformat()


def load_demo(target: Target, folder: Path) -> dict[str, int]:
    """Make all users and records of a `demo` folder; how many of each object. `Refused` stops everything.

    In one transaction, or on a `SettableClock` in one for each record (the parts of one together), each at its own time; the clock comes back to where it stood. There,
    a loading that was interrupted is gone on with, as if it had not been.
    """
    people, teams = sample_users(folder), sample_teams(folder)
    written: dict[str, list[dict[str, Any]]] = _read(folder / "records.yaml") or {}
    samples = [Sample.of(row, name) for name, rows in written.items() for row in rows]
    if isinstance(target.clock, SettableClock):
        _over_weeks(target, target.clock, folder, samples, (people, teams))
    else:
        kept = _keep_files(target, folder, samples)  # first: keeping a file is a transaction of its own
        with target.system_session("demo") as session:
            making = Samples(session, kept)
            _people(making, people, teams)
            for sample in samples:
                making.create(sample)
    counts = {TEAM: len(teams)} if teams else {}
    return {USER: len(people), **counts, **{name: len(rows) for name, rows in written.items()}}


def is_half_loaded(target: Target) -> bool:
    """Whether a loading was interrupted; `load_demo` goes on with it."""
    with target.system_session("demo") as session:
        return demo_progress.read(session) is not None


def _over_weeks(target: Target, clock: SettableClock, folder: Path, samples: Sequence[Sample], everybody: tuple[People, People]) -> None:
    """Each record at its own time, in a transaction of its own that tells how far this has come."""
    stood = clock.now()
    with target.system_session("demo") as session:
        found = demo_progress.read(session)
    made = {} if found is None else found.made
    kept = _keep_files(target, folder, [s for number, s in enumerate(samples) if number not in made])
    clock.set(stood if found is None else found.begun)
    with target.system_session("demo") as session:
        now, making = session.now, Samples(session, kept)
        if found is None:
            _people(making, *everybody)
            demo_progress.begin(session)
        else:
            making.remember(*demo_progress.known(session), {key: made[n] for n, s in enumerate(samples) if n in made and (key := s.key)})
    for at, numbers in _batches(target.app, samples, instants(target.app, samples, now)):
        if numbers[0] not in made:
            clock.set(at)
            with target.system_session("demo") as session:
                making.go_on(session)
                for number in numbers:
                    demo_progress.note(session, number, making.create(samples[number]).id)
    clock.set(now)
    with target.system_session("demo") as session:
        _forget_what_came_due(session)
        demo_progress.forget(session)
    clock.set(stood)


def _batches(app: App, samples: Sequence[Sample], times: Sequence[datetime]) -> list[tuple[datetime, list[int]]]:
    """The samples by their times, each alone but for the parts of one record."""
    found: dict[tuple[datetime, str | int], list[int]] = {}
    for at, number in sorted(zip(times, range(len(samples)), strict=True)):
        found.setdefault((at, whole_of(app, samples[number]) or number), []).append(number)
    return [(at, numbers) for (at, _), numbers in found.items()]


def _people(making: Samples, people: Iterable[Mapping[str, Any]], teams: Iterable[Mapping[str, Any]]) -> None:
    for row in teams:
        making.team(row)
    for row in people:
        making.user(row)
    for row in people:
        making.manager(row)
    for row in teams:
        making.leader(row)


def _forget_what_came_due(session: Session) -> None:
    """What came due in the weeks that never were counts as done, but for the last few: nobody wants hundreds of messages to begin with."""
    dialect = session.connection.dialect
    values = {"now": instant_to_db(session.now, dialect), "few": LEFT_DUE}
    session.connection.run(compile_text(sa.text(CAME_DUE), dialect), values)


def _keep_files(target: Target, folder: Path, samples: Iterable[Sample]) -> dict[str, list[int]]:
    """A kept copy of a file for each record that has it: a file belongs to one record."""
    kept: dict[str, list[int]] = {}
    for sample in samples:
        fields = target.app.objects[sample.object].fields
        for name, path in sample.values.items():
            if name in fields and fields[name].type.is_file and isinstance(path, str):
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                with (folder / path).open("rb") as content:
                    file = files.keep(target.database, target.files_dir, Path(path).name, kind, content, None)
                kept.setdefault(path, []).append(file.id)
    return kept


def sample_users(folder: Path) -> list[dict[str, Any]]:
    """The people of a `demo` folder, as written: login, name, password, roles, attributes."""
    found: list[dict[str, Any]] = (_read(folder / "users.yaml") or {}).get("users", [])
    return found


def sample_teams(folder: Path) -> list[dict[str, Any]]:
    """The teams of a `demo` folder, each after the one above it: name, parent, leader, attributes."""
    found: list[dict[str, Any]] = (_read(folder / "users.yaml") or {}).get("teams", [])
    return found


def _read(path: Path) -> Any:
    """Sample data is part of a template, not a definition: plain YAML will do."""
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
