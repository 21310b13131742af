"""Numbers that the engine gives: ids of a batch, and autonumbers, counted in `dg_sequence`, in the transaction that makes the record, so that no number is lost or given twice."""

from dougong.fields.autonumber import AutonumberField
from dougong.model.app import Field
from dougong.runtime.unit import Unit

NEXT_IDS = "SELECT nextval(pg_get_serial_sequence(%(name)s, 'id')) FROM generate_series(1, %(count)s)"


def next_numbers(unit: Unit, object_name: str, field: Field, count: int) -> list[str]:
    """The next `count` numbers of a field, as text, in order."""
    kind = field.type
    assert isinstance(kind, AutonumberField)  # the only numbered type
    period = kind.options.period(unit.today)
    last = unit.connection.one(
        unit.compiled.statements.next_number, {"name": f"{object_name}.{field.name}", "period": period, "count": count}
    )
    assert last is not None  # RETURNING always gives a row
    first = int(last[0]) - count + 1
    return [kind.number(first + i, unit.today) for i in range(count)]


def new_ids(unit: Unit, table: str, count: int) -> list[int]:
    """Ids for new rows of a table, in order; nobody else will get them."""
    if unit.connection.dialect == "postgresql":
        found = unit.connection.all(NEXT_IDS, {"name": '"' + table.replace('"', '""') + '"', "count": count})
        return [row[0] for row in found]
    # the write lock is held: what follows the last id given is free
    last = unit.connection.one("SELECT seq FROM sqlite_sequence WHERE name = :name", {"name": table})
    first = (last[0] if last else 0) + 1
    return list(range(first, first + count))
