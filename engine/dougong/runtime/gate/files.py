"""Files in fields: a record may take a file that its writer brought, or keep one that it has; nobody else's."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, select, update

from dougong.database.text import Text, compile_text
from dougong.derive.rules import FieldRule
from dougong.fields.file import FileField
from dougong.runtime import refusals as codes
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Unit


def refuse_files(draft: Draft, rule: FieldRule) -> None:
    """Note the files of a field that are not there, not for this record to take, or not of the kind and size that the field accepts."""
    unit = draft.unit
    wanted = [i for i in _ids(draft.row[rule.name]) if draft.old is None or i not in set(_ids(draft.old[rule.name]))]
    if not wanted:
        return
    rows = unit.connection.all(unit.compiled.question(("free files",), lambda: _find(unit)), {"ids": wanted})
    found = {row[0]: (row[3], row[4]) for row in rows if _is_free(draft, row[1], row[2])}
    kind = rule.field.type
    assert isinstance(kind, FileField)
    for file_id in wanted:
        if file_id not in found:
            draft.refuse(codes.NO_SUCH_FILE, field=rule.name, clause=rule.clause, title=rule.spoken, id=file_id)
        elif wrong := kind.refusal_of(*found[file_id]):
            draft.refuse(wrong.code, field=rule.name, clause=rule.clause, **wrong.params)


def claim(draft: Draft) -> None:
    """Write down which record has the files that it took."""
    for rule in draft.rules.files:
        taken = list(_ids(draft.row[rule.name]))
        if taken and rule.name in draft.given:
            text: Text = draft.unit.compiled.question(("claim files",), lambda: _claim(draft.unit))
            params = {"ids": taken, "object": draft.rules.name, "record_id": draft.row["id"], "field": rule.name}
            draft.unit.connection.run(text, params)


def _ids(value: int | tuple[int, ...] | None) -> Iterator[int]:
    if isinstance(value, tuple):
        yield from value
    elif value is not None:
        yield value


def _is_free(draft: Draft, created_by: int | None, record_id: int | None) -> bool:
    return record_id is None and (draft.unit.actor.is_system or created_by == draft.unit.actor.id)


def _find(unit: Unit) -> Text:
    c = unit.compiled.tables.engine.file.c
    return compile_text(
        select(c.id, c.created_by, c.record_id, c.name, c.size).where(c.id.in_(bindparam("ids", expanding=True))), unit.compiled.dialect
    )


def _claim(unit: Unit) -> Text:
    file = unit.compiled.tables.engine.file
    values: dict[str, Any] = {n: bindparam(n) for n in ("object", "record_id", "field")}
    statement = update(file).values(values).where(file.c.id.in_(bindparam("ids", expanding=True)), file.c.record_id.is_(None))
    return compile_text(statement, unit.compiled.dialect)
