"""Random triggers over random writes do what an interpreter written without the engine does: same records, same log, in the same order.

The interpreter knows the rules of the language guide and nothing of drafts, units or batches: a state of plain dictionaries, copied where
something may have to be undone.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dougong.pipeline import read_app
from dougong.refusals import Refused
from dougong_dsl.diagnostics import has_errors
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import opened

HEAD = """
app: oracle
objects:
  o:
    fields: {a: integer, b: integer, labels: "choice(p, q, r) many", last: integer}
  c:
    fields: {n: integer, up: link o as cs}
pipelines:
  flow:
    of: o
    stages: {s1: {start: true}, s2: {}, s3: {kind: done}}
    moves: [s1 -> s2, s2 -> s3 when a > 0, s3 -> s1 "back"]
roles: {r: {may: ["read, create, update, move, import o", "read, create, update c"]}}
"""
MOVES: dict[tuple[str, str], Callable[[dict[str, Any]], bool]] = {
    ("s1", "s2"): lambda r: True,
    ("s2", "s3"): lambda r: r["a"] is not None and r["a"] > 0,
    ("s3", "s1"): lambda r: True,
}
DEPTH = 10


@dataclass(frozen=True)
class Act:
    """One action: its kind, what it is given, its condition (field, sign, number), what follows."""

    kind: str
    given: tuple[Any, ...]
    when: tuple[str, str, int] | None = None
    then: tuple["Act", ...] = ()
    must: bool | None = None

    def yaml(self) -> str:
        """As it is written."""
        g = self.given
        match self.kind:
            case "set":
                body = f"set: {{{g[0]}: {term(g[1])}}}"
            case "tag":
                body = f"tag: {{{g[0]}: {g[1]}}}"
            case "move":
                body = f"move: {g[0]}"
            case "create":
                body = f"create: {{of: c, set: {{n: {term(g[0])}, up: o}}}}"
            case "down":
                body = f'update: {{of: cs, where: "n < {g[0]}", set: {{n: {g[1]}}}}}'
            case _:
                body = "update: {of: up, set: {last: c.n}}"
        rest = f', when: "{self.when[0]} {self.when[1]} {self.when[2]}"' if self.when else ""
        rest += f", must: {str(self.must).lower()}" if self.must is not None else ""
        rest += f", then: [{', '.join(t.yaml() for t in self.then)}]" if self.then else ""
        return f"{{{body}{rest}}}"


@dataclass(frozen=True)
class Trig:
    """A trigger: object, event with its details, condition, actions."""

    name: str
    object: str
    event: tuple[Any, ...]
    when: tuple[str, str, int] | None
    do: tuple[Act, ...]

    def yaml(self) -> str:
        """As it is written."""
        kind, *more = self.event
        on = {"created": f"{self.object} created", "changed": f"{self.object} changed"}.get(kind)
        if kind == "field":
            on = f"{self.object}.{more[0]} changed" + (f" to {more[1]}" if more[1] is not None else "")
        on = on or f"{self.object} {kind} {more[0]}"
        when = f'    when: "{self.when[0]} {self.when[1]} {self.when[2]}"\n' if self.when else ""
        return f"  {self.name}:\n    on: {on}\n{when}    do: [{', '.join(a.yaml() for a in self.do)}]\n"


def term(value: tuple[str | None, int]) -> str:
    name, number = value
    return str(number) if name is None else f"{name} + {number}"


class No(Exception):
    """A refusal."""


@dataclass
class World:
    """The records by (object, number), and the log: trigger, object, number, outcomes."""

    triggers: tuple[Trig, ...]
    records: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    log: list[tuple[str, str, int, list[str]]] = field(default_factory=list)
    depth: int = 0

    def undoing(self, work: Callable[[], Any]) -> Any:
        kept = (copy.deepcopy(self.records), copy.deepcopy(self.log), self.depth)
        try:
            return work()
        except No:
            self.records, fired, self.depth = kept
            del self.log[len(fired) :]  # the lists of those that go on are still in use
            raise

    def create(self, name: str, values: dict[str, Any]) -> int:
        number = 1 + max((n for o, n in self.records if o == name), default=0)
        blank: dict[str, Any] = (
            {"a": None, "b": None, "labels": None, "last": None, "stage": "s1"} if name == "o" else {"n": None, "up": None}
        )
        self.records[name, number] = {**blank, **values}
        self.happened(name, number, None)
        return number

    def write(self, name: str, number: int, values: dict[str, Any]) -> bool:
        old = dict(self.records[name, number])
        new = {**old, **values}
        if name == "o" and new["stage"] != old["stage"] and not may_move(old["stage"], new):
            raise No
        if new == old:
            return False
        self.records[name, number] = new
        self.happened(name, number, old)
        return True

    def happened(self, name: str, number: int, old: dict[str, Any] | None) -> None:
        new = self.records[name, number]
        for trigger in [t for t in self.triggers if t.object == name and meant(t, old, new)]:
            self.fire(trigger, number)

    def fire(self, trigger: Trig, number: int) -> None:
        if not holds(trigger.when, self.records[trigger.object, number]):
            return
        if self.depth >= DEPTH:
            raise No
        did: list[str] = []
        self.log.append((trigger.name, trigger.object, number, did))
        self.depth += 1
        for act in trigger.do:
            self.act(act, trigger.object, number, did)
        self.depth -= 1

    def act(self, act: Act, name: str, number: int, did: list[str]) -> None:
        if not holds(act.when, self.records[name, number]):
            did.append("skipped")
            return
        must = act.kind != "move" if act.must is None else act.must
        try:
            done = self.does(act, name, number) if must else self.undoing(lambda: self.does(act, name, number))
        except No:
            if must:
                raise
            did.append("refused")
            return
        did.append("done" if done else "nothing")
        for following in act.then if done else ():
            self.act(following, name, number, did)

    def does(self, act: Act, name: str, number: int) -> bool:
        row, g = self.records[name, number], act.given
        match act.kind:
            case "set":
                return self.write(name, number, {g[0]: value(g[1], row)})
            case "tag":
                held = set(row["labels"] or ())
                held = held | {g[1]} if g[0] == "add" else held - {g[1]}
                return self.write(name, number, {"labels": tuple(sorted(held)) or None})
            case "move":
                return row["stage"] != g[0] and self.write(name, number, {"stage": g[0]})
            case "create":
                self.create("c", {"n": value(g[0], row), "up": number})
                return True
            case "down":
                chosen = [n for (o, n), r in sorted(self.records.items()) if o == "c" and r["up"] == number and holds(("n", "<", g[0]), r)]
                written = [self.write("c", n, {"n": g[1]}) for n in chosen]
                return any(written)
        return row["up"] is not None and self.write("o", row["up"], {"last": row["n"]})


def may_move(source: str, row: dict[str, Any]) -> bool:
    move = MOVES.get((source, row["stage"]))
    return move is not None and move(row)


def value(given: tuple[str | None, int], row: dict[str, Any]) -> int | None:
    name, number = given
    if name is None:
        return number
    return None if row[name] is None else row[name] + number


def holds(when: tuple[str, str, int] | None, row: dict[str, Any]) -> bool:
    if when is None:
        return True
    held = row[when[0]]
    return held is not None and (held < when[2] if when[1] == "<" else held > when[2])


def meant(trigger: Trig, old: dict[str, Any] | None, new: dict[str, Any]) -> bool:
    kind, *more = trigger.event
    if kind == "entered":
        return bool(new["stage"] == more[0] and (old is None or old["stage"] != more[0]))
    if kind == "left":
        return bool(old is not None and old["stage"] == more[0] and new["stage"] != more[0])
    if kind == "created" or old is None:
        return kind == "created" and old is None
    return kind == "changed" or (kind == "field" and old[more[0]] != new[more[0]] and more[1] in (None, new[more[0]]))


NUMBERS = st.integers(0, 4)
O_WHEN = st.one_of(st.none(), st.tuples(st.sampled_from("ab"), st.sampled_from("<>"), NUMBERS))
O_TERM = st.tuples(st.sampled_from((None, "a", "b")), NUMBERS)
LEAVES = st.one_of(
    st.builds(Act, st.just("set"), st.tuples(st.sampled_from("ab"), O_TERM), O_WHEN),
    st.builds(Act, st.just("tag"), st.tuples(st.sampled_from(("add", "remove")), st.sampled_from("pqr")), O_WHEN),
    st.builds(Act, st.just("move"), st.tuples(st.sampled_from(("s1", "s2", "s3"))), O_WHEN, must=st.sampled_from((None, None, True))),
    st.builds(Act, st.just("create"), st.tuples(O_TERM), O_WHEN),
    st.builds(Act, st.just("down"), st.tuples(NUMBERS, NUMBERS), O_WHEN),
)
ACTS = st.builds(lambda a, then: Act(a.kind, a.given, a.when, tuple(then), a.must), LEAVES, st.lists(LEAVES, max_size=1))
O_EVENTS = st.sampled_from(
    (
        *(("entered", "s2"), ("entered", "s1"), ("left", "s1"), ("left", "s2"), ("created",), ("changed",)),
        *(("field", "a", None), ("field", "b", None), ("field", "a", 1), ("field", "b", 2), ("field", "a", 0)),
    )
)
UP = Act("up", ())
C_ACTS = st.one_of(st.just(UP), st.builds(Act, st.just("set"), st.tuples(st.just("n"), st.tuples(st.sampled_from((None, "n")), NUMBERS))))
C_EVENTS = st.sampled_from((("created",), ("changed",), ("field", "n", None), ("field", "n", 3)))
C_WHEN = st.one_of(st.none(), st.tuples(st.just("n"), st.sampled_from("<>"), NUMBERS))
O_TRIGGERS = st.tuples(st.just("o"), O_EVENTS, O_WHEN, st.lists(ACTS, min_size=1, max_size=2))
C_TRIGGERS = st.tuples(st.just("c"), C_EVENTS, C_WHEN, st.lists(C_ACTS, min_size=1, max_size=2))
WRITES = st.lists(
    st.one_of(
        st.tuples(st.just("create"), NUMBERS, NUMBERS),
        st.tuples(st.just("update"), st.integers(0, 2), st.sampled_from("ab"), NUMBERS),
        st.tuples(st.just("move"), st.integers(0, 2), st.sampled_from(("s1", "s2", "s3"))),
        st.tuples(st.just("import"), NUMBERS, NUMBERS),
    ),
    min_size=5,
    max_size=10,
)


def attempts(world: World, writes: list[tuple[Any, ...]]) -> Iterator[tuple[tuple[Any, ...], bool]]:
    """Each write done in the world; whether it was allowed."""
    for write in writes:
        records = [n for o, n in world.records if o == "o"]
        if write[0] in ("update", "move") and not records:
            continue
        try:
            world.undoing(lambda write=write, records=records: done(world, write, records))  # type: ignore[misc]
            yield write, True
        except No:
            yield write, False


def done(world: World, write: tuple[Any, ...], records: list[int]) -> None:
    if write[0] in ("create", "import"):
        world.create("o", {"a": write[1], "b": write[2]})
    elif write[0] == "update":
        world.write("o", records[write[1] % len(records)], {write[2]: write[3]})
    elif world.records["o", records[write[1] % len(records)]]["stage"] != write[2]:
        world.write("o", records[write[1] % len(records)], {"stage": write[2]})


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.one_of(O_TRIGGERS, O_TRIGGERS, C_TRIGGERS), min_size=3, max_size=6), WRITES)
def test_triggers_do_what_the_interpreter_does(
    database_url: str, tmp_path: Path, drawn: list[tuple[Any, ...]], writes: list[tuple[Any, ...]]
) -> None:
    triggers = tuple(Trig(f"t{n}", of, event, when, tuple(do)) for n, (of, event, when, do) in enumerate(drawn))
    text = HEAD + "triggers:\n" + "".join(t.yaml() for t in triggers)
    if has_errors(read_app({"app.yaml": text}).diagnostics):
        return  # a loop that can be proven is not let in: tests/check
    world = World(triggers)
    with opened(text, database_url, tmp_path) as engine:
        before = highest(engine)
        numbers: dict[tuple[str, int], int] = {}  # of the engine → of the interpreter
        for write, is_allowed in attempts(world, writes):
            theirs = [key for key in sorted(numbers) if key[0] == "o"]
            try:
                with engine.system_session("oracle") as session:
                    if write[0] == "create":
                        session.create("o", a=write[1], b=write[2])
                    elif write[0] == "import":
                        (made,) = session.create_many("o", [{"a": write[1], "b": write[2]}])
                        if isinstance(made, Refused):
                            raise made
                    elif write[0] == "update":
                        session.update("o", theirs[write[1] % len(theirs)][1], {write[2]: write[3]})
                    else:
                        session.update("o", theirs[write[1] % len(theirs)][1], {"stage": write[2]})
                assert is_allowed
            except Refused:
                assert not is_allowed
            numbers = numbered(engine, before)
        assert told(engine, before, numbers) == (world.records, world.log)


def highest(engine: Any) -> dict[str, int]:
    """The last numbers in use before the example: databases are shared by examples."""
    with engine.system_session("oracle", write=False) as session:
        found = {o: max((r.id for r in session.find(o, order="-id", limit=1).records), default=0) for o in ("o", "c")}
        log = session.trigger_log(limit=1).entries
        return {**found, "log": log[0].id if log else 0}


def numbered(engine: Any, before: dict[str, int]) -> dict[tuple[str, int], int]:
    with engine.system_session("oracle", write=False) as session:
        ids = {o: [r.id for r in session.find(o, order="id", limit=1000, where=f"id > {before[o]}").records] for o in ("o", "c")}
    return {(o, i): n for o, some in ids.items() for n, i in enumerate(some, 1)}


def told(engine: Any, before: dict[str, int], numbers: dict[tuple[str, int], int]) -> tuple[Any, Any]:
    """The engine's records and log in the interpreter's words."""
    records: dict[tuple[str, int], dict[str, Any]] = {}
    with engine.system_session("oracle", write=False) as session:
        for (name, key), number in numbers.items():
            row = session.get(name, key)
            names = ("a", "b", "labels", "last", "stage") if name == "o" else ("n", "up")
            records[name, number] = {n: row[n] if n != "up" or row[n] is None else numbers["o", row[n]] for n in names}
        entries = [e for e in reversed(session.trigger_log(limit=1000).entries) if e.id > before["log"]]
    log = [(e.trigger, e.object, numbers[e.object, e.record_id], [d["outcome"] for d in e.did]) for e in entries]
    return records, log
