"""Write path × kind of rule: whichever way a value comes in, the same rule refuses it with the same code at the same field.

A path takes the values of a case to the gate and gives back the refusals. Other layers add their own paths (`PATHS | {"http": …}`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dougong.engine import Engine
from dougong.refusals import Refused

from tests.runtime.apps import codes

Found = set[tuple[str, str | None]]
Path = Callable[[Engine, str, Mapping[str, Any]], Found]
GOOD: Mapping[str, Any] = {"name": "good", "amount": "10", "kind": "a"}


@dataclass(frozen=True)
class Case:
    """Values that break one rule, and what is said; `rights` says that the rule is about the person, so that the system may."""

    name: str
    values: Mapping[str, Any]
    expected: Found
    rights: bool = False


def cases(mine: int, foreign: int) -> list[Case]:
    """Every kind of rule. `mine` is a partner that the clerk sees, `foreign` one that the clerk does not."""
    return [
        Case("unknown field", {"nonsense": 1}, {("R402", "nonsense")}, rights=True),
        Case("hidden field", {"secret": "x"}, {("R402", "secret")}, rights=True),
        Case("computed field", {"half": "1"}, {("R209", "half")}, rights=True),
        Case("computed on reading", {"days_left": 1}, {("R209", "days_left")}, rights=True),
        Case("numbered field", {"code": "T1"}, {("R209", "code")}, rights=True),
        Case("fact", {"created_at": "2026-01-01"}, {("R209", "created_at")}, rights=True),
        Case("bad number", {"amount": "ten"}, {("R110", "amount")}, rights=True),
        Case("bad option", {"kind": "c"}, {("R140", "kind")}, rights=True),
        Case("blank required", {"name": "  "}, {("R201", "name")}),
        Case("blank required when", {"kind": "b"}, {("R201", "reason")}),
        Case("check", {"amount": "-1"}, {("R202", "amount")}),
        Case("unique", {"name": "taken"}, {("R203", "name")}),
        Case("missing link", {"partner": 999}, {("R204", "partner")}, rights=True),
        Case("unseen link", {"partner": foreign}, {("R204", "partner")}, rights=True),
        Case("row scope", {"owner": 2}, {("R406", "owner")}, rights=True),
        Case("several", {"name": "taken", "amount": "-1", "kind": "c", "partner": 999, "owner": 2},
             {("R203", "name"), ("R202", "amount"), ("R140", "kind"), ("R204", "partner"), ("R406", "owner")}, rights=True),
        Case("nothing wrong", {"partner": mine, "amount": "5"}, set(), rights=True),
    ]  # fmt: skip


def _created(engine: Engine, user: str, values: Mapping[str, Any]) -> Found:
    with engine.session(user) as session:
        return refusals(lambda: session.create("thing", {**GOOD, **values}))


def _created_many(engine: Engine, user: str, values: Mapping[str, Any]) -> Found:
    with engine.session(user) as session:
        results = session.create_many("thing", [{"name": "before"}, {**GOOD, **values}, {"name": "behind"}])
    assert [isinstance(r, Refused) for r in (results[0], results[2])] == [False, False]
    return codes(results[1]) if isinstance(results[1], Refused) else set()


def _updated(engine: Engine, user: str, values: Mapping[str, Any]) -> Found:
    with engine.session(user) as session:
        thing = session.create("thing", GOOD)
        return refusals(lambda: session.update(thing, **values))


def _moved(engine: Engine, user: str, values: Mapping[str, Any]) -> Found:
    with engine.session(user) as session:
        thing = session.create("thing", GOOD)
        return refusals(lambda: session.move(thing, "doing", **values))


def _stage_written(engine: Engine, user: str, values: Mapping[str, Any]) -> Found:
    with engine.session(user) as session:
        thing = session.create("thing", GOOD)
        return refusals(lambda: session.update(thing, **{**values, "stage": "doing"}))


def _previewed(engine: Engine, user: str, values: Mapping[str, Any]) -> Found:
    with engine.reader(user) as session:
        return {(r.code.code, r.field) for r in session.preview("thing", {**GOOD, **values}).refusals}


def _triggered(engine: Engine, user: str, values: Mapping[str, Any]) -> Found:
    with engine.session(user) as session:
        try:
            session.create("poke", {**GOOD, **values})
        except Refused as refused:
            found = codes(refused)
        else:
            return set()
    raise AssertionError(f"a spoiled transaction was committed: {found}")


def refusals(write: Callable[[], object]) -> Found:
    """What a write is refused with."""
    try:
        write()
    except Refused as refused:
        return codes(refused)
    return set()


PATHS: Mapping[str, Path] = {
    "create": _created,
    "create_many": _created_many,
    "update": _updated,
    "move": _moved,
    "stage written": _stage_written,
    "preview": _previewed,
}
SYSTEM_PATHS: Mapping[str, Path] = {"trigger": _triggered}
