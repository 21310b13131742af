"""Starting an approval: what the definition says now is kept with it, and holds until it ends."""

from typing import Any

import orjson

from dougong.database.errors import UniqueViolation
from dougong.model.approvals import Approval, ApprovalStep
from dougong.refusals import Refused, refuse
from dougong.runtime.approvals import refusals as codes
from dougong.runtime.approvals.people import snapshot, spelled
from dougong.runtime.approvals.rows import RUNNING, FrozenStep, Started, as_json, params, running_of, texts
from dougong.runtime.approvals.steps import enter
from dougong.runtime.gate import explain, scope
from dougong.runtime.gate.draft import Draft
from dougong.runtime.people.recipients import people
from dougong.runtime.unit import Row, Unit


def start(unit: Unit, name: str, record_id: int) -> int:
    """Start an approval of a record in its name; the approval's number. `Refused` R350–R352."""
    definition = unit.compiled.app.approvals.get(name)
    if definition is None:
        raise refuse(codes.NO_APPROVAL, name=name[:40])
    problem = why_not(unit, name, record_id)
    if problem is not None:
        raise problem
    row = unit.row(definition.object, record_id)
    assert row is not None  # whoever starts it has the record
    approval = _keep(unit, definition, row)
    enter(unit, approval, 0, 1)
    return approval.id


def why_not(unit: Unit, name: str, record_id: int) -> Refused | None:
    """What speaks against starting an approval of a record now, which is held: it runs already, or its condition is not true."""
    definition = unit.compiled.app.approvals[name]
    object_name, title = definition.object, (definition.title.zh, definition.title.en)
    row = unit.locked(object_name, record_id)
    assert row is not None  # whoever starts it has the record
    if any(each.name == name for each in running_of(unit, object_name, record_id)):
        return refuse(codes.RUNS_ALREADY, approval=title)
    if definition.when is None or unit.compiled.program(definition.when)(row, unit.plain) is True:
        return None
    condition = explain.condition(Draft(unit, unit.compiled.rules(object_name), row, {}), definition.when, row)
    return refuse(codes.CONDITION, clause=_clause(definition.place), approval=title, condition=condition)


def submit(unit: Unit, object_name: str, record_id: int, name: str) -> int:
    """Start an approval by hand: whoever may change the record may, unless the definition says what starts it."""
    definition = unit.compiled.app.approvals.get(name)
    if definition is None or definition.object != object_name:
        raise refuse(codes.NO_APPROVAL, name=name[:40])
    title = (definition.title.zh, definition.title.en)
    if definition.start is not None:
        raise refuse(codes.STARTED_BY_EVENT, clause=_clause(definition.place), approval=title)
    rules = unit.compiled.rules(object_name)
    scope.granted(unit, rules, "update")
    row = scope.load(unit, rules, record_id, "update")
    draft = Draft(unit, rules, row, {})
    scope.before(draft, "update", ())
    if draft.refusals:
        raise Refused(draft.refusals)
    return start(unit, name, record_id)


def _keep(unit: Unit, definition: Approval, row: Row) -> Started:
    steps = tuple(_frozen(unit, step, row) for step in definition.steps)
    zh, en = _text(unit, definition, row)
    kept = snapshot(unit, definition.object, row) if definition.reads_snapshot else None
    locked = tuple(sorted(definition.lock))
    person = unit.person.id
    values: dict[str, Any] = {
        "name": definition.name,
        "object": definition.object,
        "record_id": row["id"],
        "state": RUNNING,
        "step": 0,
        "round": 1,
        "steps": orjson.dumps([as_json(step) for step in steps]).decode(),
        "locked": orjson.dumps(locked).decode(),
        "snapshot": None if kept is None else orjson.dumps(kept).decode(),
        "text": zh,
        "submitted_by": person,
        "started_at": unit.driver_now,
        "ended_at": None,
        "same_person": definition.same_person,
        "own": definition.own if unit.compiled.dialect == "postgresql" else int(definition.own),
        "needed": None,
        "left_stage": None,
        "heir": None,
        "release": unit.compiled.release_id,
    }
    try:
        found = unit.connection.one(texts(unit).add, params(**values, text_en=en))
    except UniqueViolation as error:
        raise refuse(codes.RUNS_ALREADY, approval=(definition.title.zh, definition.title.en)) from error
    assert found is not None  # RETURNING always gives a row
    unit.past.forget(definition.object, row["id"])
    made = {**values, "id": found[0], "steps": steps, "locked": locked, "snapshot": kept, "text": (zh, en)}
    return Started(**{**made, "started_at": unit.now, "own": definition.own})


def _frozen(unit: Unit, step: ApprovalStep, row: Row) -> FrozenStep:
    within = step.within
    kind, by = spelled(step.by)
    return FrozenStep(
        zh=step.title.zh,
        en=step.title.en,
        kind=kind,
        by=by,
        needed=step.needed,
        when=None if step.when is None else step.when.source.text,
        within=None if within is None else (within.count, within.unit, within.working),
        otherwise=step.otherwise,
        clause=_clause(step.place),
        people=tuple(people(unit, [step.by], row, unit.plain)),
    )


def _text(unit: Unit, definition: Approval, row: Row) -> tuple[str, str]:
    """What the approvers read: the definition's text, else its title and the record's."""
    if definition.text is not None:
        return unit.compiled.text(definition.text)(row, unit.plain)
    record_title = unit.compiled.rules(definition.object).object.record_title
    shown = row[record_title]
    return f"{definition.title.zh}：{shown}", f"{definition.title.en}: {shown}"


def _clause(place: Any) -> str:
    return f"{place.file}:{place.line}"
