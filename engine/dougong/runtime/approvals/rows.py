"""Rows of `dg_approval` and `dg_approval_task`, and the statements that read and write them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Table, bindparam, func, insert, null, select, update

from dougong.database.instants import instant_from_db
from dougong.database.text import Dialect, Text, compile_text
from dougong.derive.tables import Tables
from dougong.runtime.unit import Unit

RUNNING = "running"


@dataclass(frozen=True, slots=True)
class FrozenStep:
    """One step as the definition said it when the approval began.

    `by` names a role, a login or a team, or is the text of a path (`kind` says which); `when` is the condition's text; `people` are those
    who would have been asked then.
    """

    zh: str
    en: str
    kind: str
    by: str
    needed: int | None
    when: str | None
    within: tuple[int, str, bool] | None
    otherwise: str | None
    clause: str
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Started:
    """An approval of one record. `needed`: how many must still agree in the step it has reached; None for all who are asked."""

    id: int
    name: str
    object: str
    record_id: int
    state: str
    step: int
    round: int
    steps: tuple[FrozenStep, ...]
    locked: tuple[str, ...]
    snapshot: Mapping[str, Any] | None
    text: tuple[str, str]
    submitted_by: int | None
    started_at: datetime
    ended_at: datetime | None
    same_person: str
    own: bool
    needed: int | None
    release: int
    left_stage: str | None = None
    heir: int | None = None

    @property
    def owner(self) -> int | None:
        """Who hears of it and may withdraw it: the submitter, or who took over from them."""
        return self.submitted_by if self.heir is None else self.heir


@dataclass(frozen=True, slots=True)
class Asked:
    """One person who was asked. `for_user`: in whose place; `behind`: who must go first; `asked_by`: whoever passed it on, saying `note`."""

    id: int
    approval_id: int
    step: int
    round: int
    user_id: int
    for_user: int | None
    kind: str
    state: str
    behind: int | None
    comment: str | None
    asked_at: datetime
    decided_at: datetime | None
    decided_by: int | None
    to_step: int | None = None
    asked_by: int | None = None
    note: str | None = None


def param(name: str) -> Any:
    """A parameter of a statement, as `params` gives it."""
    return bindparam(f"p_{name}")


class Texts:
    """The statements, made once per release."""

    def __init__(self, tables: Tables, dialect: Dialect) -> None:
        approval, task = tables.engine.approval, tables.engine.approval_task

        def text(statement: Any) -> Text:
            return compile_text(statement, dialect)

        c, t = approval.c, task.c
        all_c = [c[n] for n in APPROVAL]
        all_t = [t[n] for n in TASK]
        self.add = text(insert(approval).values({n: param(n) for n in (*APPROVAL[1:], "text_en")}).returning(c.id))
        self.hold = text(select(*all_c, c.text_en).where(c.id == param("id")).with_for_update())
        self.by_id = text(select(*all_c, c.text_en).where(c.id == param("id")))
        self.of = text(select(*all_c, c.text_en).where(c.object == param("object"), c.record_id == param("record")).order_by(c.id.desc()))
        running = select(*all_c, c.text_en).where(c.object == param("object"), c.record_id == param("record"), c.state == RUNNING)
        self.running = text(running.order_by(c.id))
        moved = {n: param(n) for n in ("step", "round", "needed")}
        earlier = (c.object == param("object"), c.state == RUNNING, c.release != param("release"))
        self.older = text(select(c.id).where(*earlier).limit(1))
        self.go_on = text(update(approval).where(c.id == param("id")).values(moved))
        self.end = text(
            update(approval).where(c.id == param("id")).values(state=param("state"), ended_at=param("at"), left_stage=param("left"))
        )
        self.ask = text(insert(task).values({n: param(n) for n in TASK[1:]}).returning(t.id))
        self.task = text(select(*all_t).where(t.id == param("id")))
        self.tasks = text(select(*all_t).where(t.approval_id == param("id")).order_by(t.id))
        self.decide = text(
            update(task)
            .where(t.id == param("id"))
            .values(
                state=param("state"), comment=param("comment"), decided_at=param("at"), decided_by=param("by"), to_step=param("to_step")
            )
        )
        self.open = text(update(task).where(t.id == param("id")).values(state="open", behind=null(), asked_at=param("at")))
        self.wait = text(update(task).where(t.id == param("id")).values(state="waiting", behind=param("behind")))
        self.cancel = text(
            update(task)
            .where(t.approval_id == param("id"), t.state.in_(["open", "waiting"]))
            .values(state="cancelled", decided_at=param("at"))
        )
        self._of_people(approval, task, text)

    def _of_people(self, approval: Table, task: Table, text: Callable[[Any], Text]) -> None:
        """Those that begin with a person."""
        c, t = approval.c, task.c
        all_t = [t[n] for n in TASK]
        self.mine = text(
            select(*all_t)
            .join(approval, c.id == t.approval_id)
            .where(t.user_id.in_(bindparam("p_users", expanding=True)), t.state == "open", c.state == RUNNING)
            .order_by(t.id)
        )
        self.open_of = text(
            select(t.id, t.approval_id)
            .join(approval, c.id == t.approval_id)
            .where(t.user_id == param("user"), t.state.in_(["open", "waiting"]), c.state == RUNNING)
            .order_by(c.object, c.record_id, t.id)
        )
        owner = func.coalesce(c.heir, c.submitted_by)
        self.owned = text(select(c.id).where(owner == param("user"), c.state == RUNNING).order_by(c.object, c.record_id, c.id))
        self.inherit = text(update(approval).where(c.id == param("id")).values(heir=param("heir")))
        self.load = text(
            select(t.user_id, func.count())
            .where(t.user_id.in_(bindparam("p_users", expanding=True)), t.state == "open")
            .group_by(t.user_id)
        )


APPROVAL = (
    *("id", "name", "object", "record_id", "state", "step", "round", "steps", "locked", "snapshot"),
    *("text", "submitted_by", "started_at", "ended_at", "same_person", "own", "needed", "release", "left_stage", "heir"),
)
TASK = (
    *("id", "approval_id", "step", "round", "user_id", "for_user", "kind", "state", "behind", "comment"),
    *("asked_at", "decided_at", "decided_by", "to_step", "asked_by", "note"),
)


def texts(unit: Unit) -> Texts:
    """The statements of this release."""
    return unit.compiled.question(("approvals",), lambda: Texts(unit.compiled.tables, unit.compiled.dialect))


def params(**values: Any) -> dict[str, Any]:
    """Parameters as the statements name them."""
    return {f"p_{name}": value for name, value in values.items()}


def started(unit: Unit, row: Sequence[Any]) -> Started:
    """A row of `dg_approval`, its English text behind the rest."""
    values = dict(zip(APPROVAL, row, strict=False))
    english = row[len(APPROVAL)]
    for name in ("steps", "locked", "snapshot"):
        values[name] = _json(values[name])
    values["steps"] = tuple(_frozen(each) for each in values["steps"])
    called = _called_now(unit, values["object"])
    values["locked"] = tuple(dict.fromkeys((*values["locked"], *(called.get(name, name) for name in values["locked"]))))
    if called and values["snapshot"] is not None:
        values["snapshot"] = {**{called.get(name, name): value for name, value in values["snapshot"].items()}, **values["snapshot"]}
    values["text"] = (values["text"], english or values["text"])
    values["same_person"] = values["same_person"] or "other"
    values["own"] = bool(values["own"])
    for name in ("started_at", "ended_at"):
        values[name] = _instant(unit, values[name])
    return Started(**values)


def asked(unit: Unit, row: Sequence[Any]) -> Asked:
    """A row of `dg_approval_task`."""
    values = dict(zip(TASK, row, strict=True))
    for name in ("asked_at", "decided_at"):
        values[name] = _instant(unit, values[name])
    return Asked(**values)


def running_of(unit: Unit, object_name: str, record_id: int) -> list[Started]:
    """The approvals that run for a record."""
    return [started(unit, row) for row in unit.connection.all(texts(unit).running, params(object=object_name, record=record_id))]


def tasks_of(unit: Unit, approval_id: int) -> list[Asked]:
    """Everybody who was asked, in order."""
    return [asked(unit, row) for row in unit.connection.all(texts(unit).tasks, params(id=approval_id))]


def as_json(step: FrozenStep) -> dict[str, Any]:
    """A step as it is kept."""
    return {name: getattr(step, name) for name in FrozenStep.__dataclass_fields__}


def _called_now(unit: Unit, object_name: str) -> Mapping[str, str]:
    """Former name of a field → its name now: what began before a release renamed a field goes on with it."""
    past = unit.compiled.app.pasts.get(object_name)
    return {} if past is None else past.present


def _frozen(kept: Mapping[str, Any]) -> FrozenStep:
    within = kept["within"]
    return FrozenStep(**{**kept, "within": None if within is None else tuple(within), "people": tuple(kept["people"])})


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def _instant(unit: Unit, value: Any) -> Any:
    return None if value is None else instant_from_db(value, unit.compiled.dialect)
