"""Files, as far as the reader may see the record that has them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from dougong.database.text import Text, compile_text
from dougong.runtime.record import Attached
from dougong.runtime.unit import Unit


def files(unit: Unit, ids: Sequence[int]) -> list[Attached]:
    """The visible ones of these files, by id."""
    if not ids:
        return []
    text: Text = unit.compiled.question(("files",), lambda: _text(unit))
    rows = unit.connection.all(text, {"ids": sorted(set(ids))})
    return [Attached(*row[:4]) for row in rows if _is_visible(unit, *row[4:])]


def _is_visible(unit: Unit, created_by: int | None, object_name: str | None, record_id: int | None, field: str | None) -> bool:
    """A file shows exactly where its field does; one that no record has yet, only to who brought it."""
    if unit.actor.is_system:
        return True
    if object_name is None or field is None:
        return created_by is not None and created_by == unit.actor.id
    if object_name not in unit.compiled.app.objects:
        return False
    row = unit.row(object_name, record_id)
    matching = [] if row is None else unit.matching(object_name, "read", row)
    return field in unit.access.reads(object_name).fields_of(matching)[0]


def _text(unit: Unit) -> Text:
    c = unit.compiled.tables.engine.file.c
    columns = (c.id, c.name, c.media_type, c.size, c.created_by, c.object, c.record_id, c.field)
    return compile_text(select(*columns).where(c.id.in_(bindparam("ids", expanding=True))).order_by(c.id), unit.compiled.dialect)
