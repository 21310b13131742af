"""To-dos: for a person, or for a role or team of which one person claims it; done by a person, or by moving the record on.

Only its people ever see a to-do. The title of its record comes along as far as the reader may see the record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dougong.database.instants import instant_from_db
from dougong.model.flow import Pipeline
from dougong.refusals import refuse
from dougong.runtime import refusals as gate_codes
from dougong.runtime.people import inbox, teams, texts
from dougong.runtime.people import refusals as codes
from dougong.runtime.people.absence import substitute_of
from dougong.runtime.people.texts import text
from dougong.runtime.read.titles import titles, user_names
from dougong.runtime.record import Todo
from dougong.runtime.unit import Unit

NOBODY = 0  # `for_user` of a to-do that nobody has claimed
ESCALATES_AFTER = timedelta(days=1)
LATE = ("已到期：{0}", "Due: {0}")
STILL_LATE = ("{1}的待办逾期未办：{0}", "Overdue with {1}: {0}")
NEVER_CLAIMED = ("无人领取，逾期未办：{0}", "Overdue, claimed by nobody: {0}")


@dataclass(frozen=True, slots=True)
class For:
    """Whose to-do it is: exactly one of a user, a role and a team."""

    user: int | None = None
    role: str | None = None
    team: int | None = None


@dataclass(frozen=True, slots=True)
class New:
    """To-dos about one record on their way. `spoken` is the text in Chinese and English; `stage`: moving on clears them; `form`: so does
    submitting it about the record."""

    people: Sequence[For]
    spoken: tuple[str, str]
    object: str
    record_id: int
    trigger: str | None = None
    stage: str | None = None
    due_at: datetime | None = None
    form: str | None = None


def add(
    unit: Unit,
    people: Iterable[For],
    spoken: tuple[str, str],
    *,
    object: str,
    record_id: int,
    trigger: str | None = None,
    stage: str | None = None,
    due_at: datetime | None = None,
) -> list[int]:
    """A to-do for each; their ids. `spoken` is the text in Chinese and English. `stage`: moving on clears it.

    A person who is away is spared: the substitute gets it. A role's or team's to-do waits for one of its people to claim it.
    """
    made: list[int] = []
    for values in _rows(unit, New(tuple(people), spoken, object, record_id, trigger, stage, due_at), {}):
        row = unit.connection.one(text(texts.ADD_TODO, unit.compiled.dialect), {**values, "now": values["created_at"]})
        assert row is not None  # RETURNING always gives a row
        made.append(int(row[0]))
    return made


def add_many(unit: Unit, wanted: Iterable[New]) -> None:
    """The same for many records, written in one go."""
    acting: dict[int, int] = {}
    rows = [values for new in wanted for values in _rows(unit, new, acting)]
    unit.connection.insert_many(unit.compiled.statements.todo, unit.compiled.tables.engine.todo.name, rows)


def _rows(unit: Unit, new: New, acting: dict[int, int]) -> list[dict[str, Any]]:
    """Columns of the new rows, one for each person in the end; `acting` keeps who stands in for whom."""
    zh, en = new.spoken
    instant = unit.compiled.statements.instant
    found: dict[For, dict[str, Any]] = {}
    for each in new.people:
        if each.user is not None and each.user not in acting:
            acting[each.user] = substitute_of(unit, each.user, unit.now)
        whose = each if each.user is None else For(acting[each.user])
        if whose not in found:
            found[whose] = {
                "for_user": NOBODY if whose.user is None else whose.user,
                "for_role": whose.role,
                "for_team": whose.team,
                "instead_of": None if whose.user == each.user else each.user,
                "object": new.object,
                "record_id": new.record_id,
                "text": zh,
                "text_en": en if en != zh else None,
                "trigger": new.trigger,
                "stage": new.stage,
                "form": new.form,
                "due_at": None if new.due_at is None else instant(new.due_at.astimezone(UTC)),
                "created_at": unit.driver_now,
            }
    return list(found.values())


def open_todos(unit: Unit) -> list[Todo]:
    """The actor's own, newest first, in the reader's language."""
    found = unit.connection.all(text(texts.MINE, unit.compiled.dialect, unit.language), {"me": unit.actor.id})
    return _shown(unit, found)


def claimable(unit: Unit) -> list[Todo]:
    """What the actor may claim, newest first: of the actor's roles, and of the actor's team and those above it."""
    found = unit.connection.all(text(texts.CLAIMABLE, unit.compiled.dialect, unit.language), _mine(unit))
    return _shown(unit, found)


def claim(unit: Unit, todo_id: int) -> None:
    """Take one; of several who try at once exactly one gets it. `Refused` R410 (somebody else has it), R409."""
    values = {"id": todo_id, "me": unit.actor.id, "now": unit.driver_now, **_mine(unit)}
    if unit.actor.id is not None and unit.connection.run(text(texts.CLAIM, unit.compiled.dialect), values) == 1:
        return
    row = unit.connection.one(text(texts.ONE_TODO, unit.compiled.dialect), {"id": todo_id})
    if row is None or row[5] is not None or row[6] in (NOBODY, unit.actor.id) or not _may_claim(unit, row):
        raise refuse(gate_codes.NO_SUCH_TODO)
    raise refuse(codes.TAKEN, name=user_names(unit, [row[6]]).get(row[6], f"#{row[6]}"))


def give_back(unit: Unit, todo_id: int) -> None:
    """Let others claim it again. `Refused` R411, R409."""
    values = {"id": todo_id, "me": unit.actor.id}
    if unit.connection.run(text(texts.GIVE_BACK, unit.compiled.dialect), values) == 1:
        return
    own = {t.id for t in open_todos(unit)}
    raise refuse(codes.NOT_CLAIMED if todo_id in own else gate_codes.NO_SUCH_TODO)


def finish(unit: Unit, todo_id: int) -> None:
    """Mark one of the actor's own as done. `Refused` R409."""
    values = {"id": todo_id, "me": unit.actor.id, "now": unit.driver_now}
    if unit.connection.run(text(texts.FINISH, unit.compiled.dialect), values) != 1:
        raise refuse(gate_codes.NO_SUCH_TODO)


def clear_for(unit: Unit, pipeline: Pipeline, record_id: int, stage: str, *, is_closed: bool = False) -> None:
    """The record has left a stage: what was to be done there is done; with `is_closed`, what was to be done in any stage of the pipeline."""
    values = {"object": pipeline.object, "record_id": record_id, "now": unit.driver_now, "me": unit.person.id}
    dialect = unit.compiled.dialect
    if is_closed:
        unit.connection.run(text(texts.CLEAR_STAGES, dialect), {**values, "before": pipeline.qualified("")})
    else:
        unit.connection.run(text(texts.CLEAR_STAGE, dialect), {**values, "stage": pipeline.qualified(stage)})


def clear_asked(unit: Unit, form: str, about: Iterable[tuple[str, int]]) -> None:
    """The form was submitted about records: whoever was asked to do so has done it."""
    for object, record_id in about:
        values = {"object": object, "record_id": record_id, "form": form, "now": unit.driver_now, "me": unit.person.id}
        unit.connection.run(text(texts.CLEAR_ASKED, unit.compiled.dialect), values)


def asked_last(unit: Unit, object: str, record_id: int, form: str) -> tuple[datetime | None, bool]:
    """When somebody was last asked to fill in a form about a record, and whether somebody still is."""
    dialect = unit.compiled.dialect
    row = unit.connection.one(text(texts.ASKED_LAST, dialect), {"object": object, "record_id": record_id, "form": form})
    return (None, False) if row is None or row[0] is None else (instant_from_db(row[0], dialect), row[1] > 0)


def clear_record(unit: Unit, object: str, record_id: int) -> None:
    """The record is gone, and with it everything that was to be done about it."""
    values = {"object": object, "record_id": record_id, "now": unit.driver_now, "me": unit.person.id, "how": "deleted"}
    unit.connection.run(text(texts.CLEAR_RECORD, unit.compiled.dialect), values)


def remind(unit: Unit, most: int = 200) -> int:
    """Tell the people of to-dos that are due, and the managers of those that still are a day later; how many were told of.

    Each once, whoever else sweeps: the row is marked in the transaction that leaves the messages.
    """
    dialect, told = unit.compiled.dialect, 0
    for todo in _late(unit, texts.LATE, {"now": unit.driver_now, "most": most}):
        if unit.connection.run(text(texts.REMINDED, dialect), {"id": todo.id, "now": unit.driver_now}) == 1:
            _tell(unit, todo, people_of(unit, todo), LATE, "overdue")
            told += 1
    before = unit.compiled.statements.instant(unit.now - ESCALATES_AFTER)
    for todo in _late(unit, texts.STILL_LATE, {"before": before, "most": most}):
        if unit.connection.run(text(texts.ESCALATED, dialect), {"id": todo.id, "now": unit.driver_now}) == 1:
            _tell(unit, todo, managers_of(unit, todo), STILL_LATE if todo.for_user else NEVER_CLAIMED, "escalated")
            told += 1
    return told


def people_of(unit: Unit, todo: Todo) -> list[int]:
    """Who may do it: its person, or those who may claim it."""
    if todo.for_user:
        return [todo.for_user]
    if todo.for_team is not None:
        return teams.members(unit, todo.for_team)
    return [u["id"] for u in unit.users() if todo.for_role in (u["roles"] or ())]


def managers_of(unit: Unit, todo: Todo) -> list[int]:
    """The manager of its person; for one that nobody claimed, the leader of the team or the managers of those who may. Where there is nobody
    who may do it, or above them, the administrators: it would be lost."""
    by_id = {u["id"]: u for u in unit.users()}
    if not todo.for_user and todo.for_team is not None:
        team = unit.row("team", todo.for_team)
        if team is not None and team["leader"] in by_id:
            return [team["leader"]]
    people = [p for p in people_of(unit, todo) if p in by_id]
    found = dict.fromkeys(m for m in (by_id[p]["manager"] for p in people) if m in by_id)
    return list(found) if found or people else administrators(unit)


def administrators(unit: Unit) -> list[int]:
    """Everybody who may manage the app."""
    roles = {name for name, role in unit.compiled.app.roles.items() if role.is_admin}
    return [u["id"] for u in unit.users() if not roles.isdisjoint(u["roles"] or ())]


def _late(unit: Unit, sql: str, values: dict[str, Any]) -> list[Todo]:
    rows = unit.connection.all(text(sql, unit.compiled.dialect), values)
    return [_todo(unit, row, None) for row in rows]


def _tell(unit: Unit, todo: Todo, people: Sequence[int], words: tuple[str, str], kind: str) -> None:
    english = unit.connection.one(text(texts.ONE_TODO, unit.compiled.dialect, "en"), {"id": todo.id})
    assert english is not None
    whose = user_names(unit, [todo.for_user]).get(todo.for_user, "") if todo.for_user else ""
    spoken = (words[0].format(todo.text, whose), words[1].format(english[3], whose))
    key = f"todo:{todo.id}:{kind}"
    inbox.notify(unit, people, spoken, key=key, kind="overdue", object=todo.object, record_id=todo.record_id)


def _mine(unit: Unit) -> dict[str, Any]:
    """The roles and teams for which the actor may claim."""
    own = unit.actor.values.get("team")
    tree = teams.parents(unit) if own is not None else {}
    return {"role_names": list(unit.actor.roles), "team_ids": teams.upward(tree, own)}


def _may_claim(unit: Unit, row: tuple[Any, ...]) -> bool:
    mine = _mine(unit)
    return row[7] in mine["role_names"] or row[8] in mine["team_ids"]


def _shown(unit: Unit, rows: Sequence[tuple[Any, ...]]) -> list[Todo]:
    """To-dos with the titles of the records that the reader may see; those about objects that are gone are left out."""
    known = [r for r in rows if r[1] in unit.compiled.app.objects]
    named = {name: titles(unit, name, [r[2] for r in known if r[1] == name]) for name in {r[1] for r in known}}
    return [_todo(unit, r, named[r[1]].get(r[2])) for r in known]


def _todo(unit: Unit, row: tuple[Any, ...], title: str | None) -> Todo:
    dialect = unit.compiled.dialect
    i, name, record_id, words, created, done, for_user, role, team, due, stage, trigger, instead_of, form = row
    return Todo(
        i,
        name,
        record_id,
        words,
        instant_from_db(created, dialect),
        None if done is None else instant_from_db(done, dialect),
        record_title=title,
        for_user=for_user or None,
        for_role=role,
        for_team=team,
        due_at=None if due is None else instant_from_db(due, dialect),
        stage=stage,
        trigger=trigger,
        instead_of=instead_of,
        form=form,
    )
