"""Step 7: the row, its history row and its line in the stage log."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from dougong.database.errors import UniqueViolation
from dougong.derive.moves import StageRules
from dougong.refusals import Refused
from dougong.runtime.due import keeping as dues
from dougong.runtime.gate.discreet import told
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gate.files import claim
from dougong.runtime.gate.numbers import new_ids
from dougong.runtime.gate.validate import refuse_taken
from dougong.runtime.splits import noting, owing
from dougong.runtime.unit import Row, Unit


def insert(draft: Draft) -> None:
    """Write a new record."""
    unit, rules, row = draft.unit, draft.rules, draft.row
    facts = first_facts(unit)
    row.update(facts)  # deadlines may count from `created_at`
    dues.foresee(draft)
    texts = unit.compiled.writes(rules.name)
    values = rules.codec.encode(row) | driver_facts(unit)
    with Writing(draft):
        row["id"] = None
        if texts.writes_log:
            values |= log_values(draft, "created", {n: (None, row[n]) for n in draft.changed()})
        found = unit.connection.one(texts.insert, values)
        assert found is not None  # RETURNING always gives a row
        row.update(facts, id=found[0])
        if not texts.writes_log:
            log(draft, "created", {n: (None, row[n]) for n in draft.changed()})
        _log_beside(draft)
        claim(draft)
        remember(draft)
        dues.keep(unit, (draft,))
        owing.note(unit, (draft,))
        noting.note((draft,))


def first_facts(unit: Unit) -> dict[str, Any]:
    """What the engine keeps of a new record beside its fields."""
    return {"version": 1, "created_at": unit.now, "created_by": unit.actor.id, "updated_at": unit.now, "updated_by": unit.actor.id}


def driver_facts(unit: Unit) -> dict[str, Any]:
    """The same as the driver takes them."""
    now, who = unit.driver_now, unit.actor.id
    return {"version": 1, "created_at": now, "created_by": who, "updated_at": now, "updated_by": who}


def insert_many(unit: Unit, drafts: Sequence[Draft]) -> None:
    """Write new records of one object, each table in one go."""
    if not drafts:
        return
    rules, statements = drafts[0].rules, unit.compiled.statements
    ids = new_ids(unit, rules.object.table, len(drafts))
    facts, driver = first_facts(unit), driver_facts(unit)
    for draft in drafts:
        draft.row.update(facts)
        dues.foresee(draft)
    rows = [rules.codec.encode(d.row) | driver | {"id": i} for d, i in zip(drafts, ids, strict=True)]
    unit.connection.insert_many(unit.compiled.writes(rules.name).insert_with_id, rules.object.table, rows)
    for draft, record_id in zip(drafts, ids, strict=True):
        draft.row.update(facts, id=record_id)
        unit.own(rules.name, record_id, draft.row)
        unit.first_versions[(rules.name, record_id)] = 1
    changes = [change_values(d, "created", {n: (None, d.row[n]) for n in d.changed()}) for d in drafts]
    own = unit.compiled.tables.engine
    unit.connection.insert_many(statements.change, own.change.name, changes)
    if rules.stages is not None:
        unit.connection.insert_many(statements.stage, own.stage_log.name, [stage_values(d) for d in drafts])
    beside = [stage_values(d, track) for d in drafts for track in d.moved_beside] if len(rules.tracks) > 1 or rules.stages is None else []
    unit.connection.insert_many(statements.stage, own.stage_log.name, beside)
    for draft in drafts:
        claim(draft)
    unit.forget_children(rules.name)
    dues.keep(unit, drafts)
    owing.note(unit, drafts)
    noting.note(drafts)


def update(draft: Draft, changed: list[str]) -> None:
    """Write what changed of a record."""
    unit, rules, row, old = draft.unit, draft.rules, draft.row, draft.old
    assert old is not None
    row.update(version=old["version"] + 1, updated_at=unit.now, updated_by=unit.actor.id)
    written = {n: row[n] for n in (*changed, "version", "updated_at", "updated_by")}
    fields = {n: (old[n], row[n]) for n in changed if n not in rules.untold}
    with Writing(draft):
        texts = unit.compiled.writes(rules.name)
        kind = "moved" if draft.moved else "updated"
        values = rules.codec.encode(written) | {"dg_key": row["id"]}
        if texts.writes_log:
            values |= log_values(draft, kind, fields)
        unit.connection.one(texts.update(tuple(written), is_move=draft.is_move), values)
        if not texts.writes_log:
            log(draft, kind, fields)
        _log_beside(draft)
        claim(draft)
        remember(draft)
        dues.keep(unit, (draft,))
        owing.note(unit, (draft,))
        noting.note((draft,))


def update_many(drafts: Sequence[Draft]) -> None:
    """Write what changed of many records of one object, none of which moves: one batch for each set of columns."""
    unit, rules = drafts[0].unit, drafts[0].rules
    texts = unit.compiled.writes(rules.name)
    batches: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    changes = []
    for draft in drafts:
        row, old = draft.row, draft.old
        assert old is not None
        dues.foresee(draft)
        names = tuple(draft.changed())
        row.update(version=old["version"] + 1, updated_at=unit.now, updated_by=unit.actor.id)
        written = (*names, "version", "updated_at", "updated_by")
        values = rules.codec.encode({n: row[n] for n in written}) | {"dg_key": row["id"]}
        fields = {n: (old[n], row[n]) for n in names}
        values |= log_values(draft, "updated", fields) if texts.writes_log else {}
        changes += [] if texts.writes_log else [change_values(draft, "updated", fields)]
        batches.setdefault(written, []).append(values)
    with Writing(drafts[0]):
        for written, batch in batches.items():
            unit.connection.many(texts.update(written, is_move=False), batch)
        unit.connection.insert_many(unit.compiled.statements.change, unit.compiled.tables.engine.change.name, changes)
        for draft in drafts:
            claim(draft)
            remember(draft)
        dues.keep(unit, drafts)
        owing.note(unit, drafts)
        noting.note(drafts)


def delete(draft: Draft) -> None:
    """Take a record away; its history keeps every value."""
    unit, rules, old = draft.unit, draft.rules, draft.old
    assert old is not None
    with Writing(draft):
        unit.connection.run(unit.compiled.writes(rules.name).delete, {"dg_key": old["id"]})
        log(draft, "deleted", {n: (old[n], None) for n in rules.columns if old[n] is not None and n not in rules.untold})
    unit.keep(rules.name, old["id"], None)
    unit.forget_children(rules.name)
    dues.forget(draft)
    owing.note_deleted(draft)
    noting.note_deleted(draft)


class Writing:
    """From the first statement that writes, a failure spoils the transaction: what came before it must not be committed.

    A unique value that somebody else was faster with is refused in the same words as one that was there before.
    """

    __slots__ = ("_draft",)

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if kind is None:
            return
        self._draft.unit.is_spoiled = True
        if isinstance(error, UniqueViolation):
            taken = [r for r in self._draft.rules.unique if r.name in error.columns]
            for rule in taken:
                refuse_taken(self._draft, rule)
            if taken:
                raise Refused(told(self._draft, self._draft.refusals)) from error


def remember(draft: Draft) -> None:
    """Let the rest of the transaction see the record as it is now."""
    if draft.old is None:
        draft.unit.first_versions[(draft.rules.name, draft.row["id"])] = 1
    kept = Row(draft.rules, draft.unit, draft.row)
    draft.unit.own(draft.rules.name, kept["id"], kept)
    draft.unit.forget_children(draft.rules.name)


def log(draft: Draft, kind: str, fields: Mapping[str, tuple[Any, Any]]) -> None:
    """Write the history row and, when the stage changed, the line of the stage log."""
    unit = draft.unit
    unit.connection.run(unit.compiled.statements.change, change_values(draft, kind, fields))
    if is_staged(draft, kind):
        unit.connection.run(unit.compiled.statements.stage, stage_values(draft))


def log_values(draft: Draft, kind: str, fields: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """The same as parameters of the statement that writes the row."""
    found = {f"dg_change_{n}": v for n, v in change_values(draft, kind, fields).items()}
    if is_staged(draft, kind):
        found |= {f"dg_stage_{n}": v for n, v in stage_values(draft).items()}
    return found


def is_staged(draft: Draft, kind: str) -> bool:
    """Whether a write has a line in the stage log."""
    return draft.is_move or (kind == "created" and draft.rules.stages is not None)


def change_values(draft: Draft, kind: str, fields: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """The driver's values of a history row."""
    unit = draft.unit
    to_json = draft.rules.to_json
    untold = draft.rules.untold
    shown = {n: pair if n not in to_json else (to_json[n](pair[0]), to_json[n](pair[1])) for n, pair in fields.items() if n not in untold}
    cause = unit.cause
    return {
        "object": draft.rules.name,
        "record_id": draft.row["id"],
        "kind": kind,
        "actor": unit.actor.id,
        "at": unit.driver_now,
        "happened_at": unit.driver_now if cause.happened_at is None else unit.compiled.statements.instant(cause.happened_at),
        "cause": cause.kind,
        "cause_id": cause.id,
        "release": unit.compiled.release_id,
        "fields": orjson.dumps(shown).decode(),
    }


def _log_beside(draft: Draft) -> None:
    """The lines of the stage log for pipelines beside the main one."""
    for track in draft.moved_beside if draft.rules.tracks else ():
        draft.unit.connection.run(draft.unit.compiled.statements.stage, stage_values(draft, track))


def stage_values(draft: Draft, track: StageRules | None = None) -> dict[str, Any]:
    """The driver's values of a line of the stage log; without a track, of the main pipeline's."""
    unit = draft.unit
    column = "stage" if track is None else track.field
    return {
        "object": draft.rules.name,
        "record_id": draft.row["id"],
        "from_stage": None if draft.old is None else draft.old[column],
        "to_stage": draft.row[column],
        "pipeline": None if track is None else track.log_name,
        "at": unit.driver_now,
        "actor": unit.actor.id,
        "release": unit.compiled.release_id,
    }
