"""Random units of work against a brute-force model: whatever way a write takes, a commit leaves parts that add up and ends that are earned."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.session import Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import hire, opened
from tests.splits.apps import contracts

CENTS = st.integers(-3, 6).map(lambda n: Decimal(n) / 2)
STAGES = {"contract": ("draft", "signed"), "part": ("draft", "signed", "lost")}
WAYS = {("draft", "signed"), ("signed", "draft"), ("draft", "lost"), ("lost", "draft")}
OPERATIONS = st.one_of(
    st.tuples(st.just("amount"), st.sampled_from(["contract", "part"]), st.integers(0, 5), CENTS),
    st.tuples(st.just("stage"), st.sampled_from(["contract", "part"]), st.integers(0, 5), st.integers(0, 2)),
    st.tuples(st.just("link"), st.integers(0, 5), st.integers(0, 1)),
    st.tuples(st.just("new"), st.integers(0, 1), CENTS, st.booleans()),
    st.tuples(st.just("delete"), st.integers(0, 5)),
    st.tuples(st.just("split"), st.integers(0, 1), st.lists(st.one_of(CENTS, st.none()), max_size=3)),
    st.tuples(st.just("boost"), st.integers(0, 1)),
)
UNITS = st.lists(
    st.tuples(st.sampled_from(["sales", "sales", "clerk"]), st.lists(OPERATIONS, min_size=1, max_size=4)), min_size=4, max_size=10
)


class No(Exception):
    """The model refuses."""


@dataclass
class Model:
    """What should be there: contract → [amount, stage], part → [contract, amount, stage]."""

    closing: str
    contracts: dict[int, list[Any]] = field(default_factory=dict)
    parts: dict[int, list[Any]] = field(default_factory=dict)

    def of(self, number: int) -> list[list[Any]]:
        return [part for part in self.parts.values() if part[0] == number]

    def may_end(self, number: int) -> bool:
        done = [part[2] == "signed" for part in self.of(number)]
        return not done or (all(done) if self.closing == "all" else any(done))

    def holds(self) -> bool:
        """What must be true at every commit."""
        return all(
            not self.of(number) or (sum(part[1] for part in self.of(number)) == amount and (stage == "draft" or self.may_end(number)))
            for number, (amount, stage) in self.contracts.items()
        )


def do(session: Session, model: Model, user: str, operation: tuple[Any, ...]) -> None:
    """One operation on the engine and on the model; `No` or `Refused` where it may not be."""
    kind, *rest = operation
    contracts, parts = list(model.contracts), list(model.parts)
    if kind in ("amount", "stage"):
        name, index, value = rest
        there = contracts if name == "contract" else parts
        if there:
            _change(session, model, user, kind, name, there[index % len(there)], value)
    elif kind == "link" and parts:
        number, whole = parts[rest[0] % len(parts)], contracts[rest[1]]
        session.update("part", number, {"contract": whole})
        model.parts[number][0] = whole
    elif kind == "new":
        whole, amount, is_import = contracts[rest[0]], rest[1], rest[2]
        row = {"contract": whole, "party": "x", "amount": amount}
        made = session.create_many("part", [row])[0] if is_import else session.create("part", row)
        assert not isinstance(made, Refused)
        model.parts[made.id] = [whole, amount, "draft"]
    elif kind == "delete" and parts:
        number = parts[rest[0] % len(parts)]
        session.delete("part", number)
        del model.parts[number]
    elif kind == "split":
        _split(session, model, contracts[rest[0]], rest[1])
    elif kind == "boost":
        whole = contracts[rest[0]]
        session.update("contract", whole, {"boost": False})
        session.update("contract", whole, {"boost": True})
        for part in model.of(whole):
            part[1] += 1


def _change(session: Session, model: Model, user: str, kind: str, name: str, number: int, value: Any) -> None:
    mine = (model.contracts if name == "contract" else model.parts)[number]
    if kind == "amount":
        session.update(name, number, {"amount": value})
        mine[-2] = value
        return
    target = STAGES[name][value % len(STAGES[name])]
    session.move(name, number, target)
    if target != mine[-1] and (mine[-1], target) not in WAYS:
        raise No
    if name == "contract" and target == "signed" and mine[-1] != "signed" and not model.may_end(number):
        raise No
    mine[-1] = target


def _split(session: Session, model: Model, whole: int, amounts: list[Decimal | None]) -> None:
    """The first part that is there stays, all others are new."""
    there = [number for number, part in model.parts.items() if part[0] == whole][:1]
    given: list[dict[str, Any]] = [{"party": "y", "amount": amount} for amount in amounts]
    if there and given:
        given[0]["id"] = there[0]
    made = session.split("contract", whole, parts=given)
    total = model.contracts[whole][0]
    rest = total - sum((a for a in amounts if a is not None), start=Decimal(0))
    is_filled = amounts.count(None) == 1 and (rest == 0 or (rest > 0) == (total > 0))
    stages = {number: model.parts[number][2] for number in there}
    model.parts = {number: part for number, part in model.parts.items() if part[0] != whole}
    for record, amount in zip(made, amounts, strict=True):
        own = amount if amount is not None else rest if is_filled else Decimal(0)
        model.parts[record.id] = [whole, own, stages.get(record.id, "draft")]


def stored(engine: Engine, model: Model) -> tuple[dict[int, list[Any]], dict[int, list[Any]]]:
    """The same as the database has it."""
    where = " or ".join(f"contract.id = {number}" for number in model.contracts)
    with engine.system_session("test") as session:
        wholes = {n: [(c := session.get("contract", n))["amount"], c["stage"]] for n in model.contracts}
        found = session.find("part", where=where, limit=500).records
    return wholes, {p.id: [p["contract"], p["amount"] or Decimal(0), p["stage"]] for p in found}


def story(engine: Engine, closing: str) -> Callable[[list[tuple[str, list[tuple[Any, ...]]]]], None]:
    def play(units: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
        with engine.session("sales") as session:
            made = [session.create("contract", name="c", amount=amount).id for amount in (2, 3)]
            first = [session.create("part", contract=made[0], party="x", amount=1).id for _ in range(2)]
        model = Model(closing, {number: [Decimal(amount), "draft"] for number, amount in zip(made, (2, 3), strict=True)})
        model.parts = {number: [made[0], Decimal(1), "draft"] for number in first}
        for user, operations in units:
            after = deepcopy(model)
            done = False
            try:
                with engine.session(user) as session:
                    for operation in operations:
                        do(session, after, user, operation)
                done = True
            except (Refused, No) as no:
                if isinstance(no, Refused) and after.holds():
                    codes = {r.code.code for r in no.refusals}
                    assert codes <= {"R302", "R382", "R383", "R401", "R403", "R205"}, codes  # refused at once, for another reason
            if done:
                assert after.holds(), "a commit that the model refuses"
                model = after
            assert stored(engine, model) == (model.contracts, model.parts)

    return play


def check(engine: Engine, closing: str, examples: int) -> None:
    settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))(given(UNITS)(story(engine, closing)))()


def test_a_commit_leaves_what_adds_up(engine: Engine) -> None:
    check(engine, "all", 12 if engine.database.dialect == "sqlite" else 5)


def test_a_commit_leaves_what_adds_up_where_one_part_is_enough(sqlite_url: str, tmp_path: Path) -> None:
    with opened(contracts("any"), sqlite_url, tmp_path) as engine:
        for name in ("sales", "clerk"):
            hire(engine, name, name)
        check(engine, "any", 12)
