"""Operations as SQL: one list of statements per operation and database. Whoever carries them out decides about transactions."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex
from sqlalchemy.schema import CreateTable as CreateTableSql

from dougong.database.text import DIALECTS, Dialect
from dougong.plan import operations as op
from dougong.plan.inspect import quoted

NO_STORAGE = (
    *(op.RetireTable, op.RestoreTable, op.RetireColumn, op.RestoreColumn),
    *(op.ChangeApp, op.ChangeDefinition, op.Ask, op.Fill, op.LeaveBlank, op.MoveStage),
)


def statements(operation: op.Operation, metadata: sa.MetaData, dialect: Dialect, *, renamed_to: str | None = None) -> Iterator[str]:
    """The SQL of `operation`; `metadata` holds the tables as they will be, `renamed_to` the table's name there if it is another."""
    table = quoted(operation.table)
    match operation:
        case op.CreateTable():
            yield from create_table(metadata.tables[operation.table], dialect)
        case op.RenameTable() | op.SetTableAside():
            yield f"ALTER TABLE {table} RENAME TO {quoted(operation.to)}"
            yield from _told_apart(metadata, operation.table, operation.to)
        case op.AddColumn():
            derived = metadata.tables[renamed_to or operation.table].columns[operation.column]
            yield f"ALTER TABLE {table} ADD COLUMN {quoted(operation.column)} {derived.type.compile(dialect=DIALECTS[dialect])}"
        case op.RenameColumn() | op.SetColumnAside():
            yield f"ALTER TABLE {table} RENAME COLUMN {quoted(operation.column)} TO {quoted(operation.to)}"
        case op.AddIndex():
            unique = "UNIQUE " if operation.unique else ""
            columns = ", ".join(quoted(c) for c in operation.columns)
            yield f"CREATE {unique}INDEX {quoted(operation.index)} ON {table} ({columns})"
        case op.DropIndex():
            yield f"DROP INDEX {quoted(operation.index)}"
        case op.Widen():
            yield _widen(operation, dialect)
        case op.RenameStage():
            column = quoted(operation.at)
            yield f"UPDATE {table} SET {column} = {text(operation.to)} WHERE {column} = {text(operation.stage)}"
            yield _dues_renamed(operation, {operation.table, renamed_to or operation.table})
        case op.FillStage():
            column, since = quoted(operation.at), quoted(f"{operation.at}_since")
            yield f'UPDATE {table} SET {column} = {text(operation.stage)}, {since} = "created_at" WHERE {column} IS NULL'
        case _:
            assert isinstance(operation, NO_STORAGE), operation


def create_table(table: sa.Table, dialect: Dialect) -> Iterator[str]:
    """A table and its indexes."""
    yield str(CreateTableSql(table).compile(dialect=DIALECTS[dialect])).strip()
    for index in sorted(table.indexes, key=lambda i: str(i.name)):
        yield str(CreateIndex(index).compile(dialect=DIALECTS[dialect])).strip()


def _told_apart(metadata: sa.MetaData, old: str, new: str) -> Iterator[str]:
    """The engine's rows about an object's records (history, stage log, to-dos, files, …) go with them when the object has another name."""
    for table in metadata.sorted_tables:
        if table.name.startswith("dg_") and "object" in table.columns:
            yield f'UPDATE {quoted(table.name)} SET "object" = {text(new)} WHERE "object" = {text(old)}'


def _dues_renamed(operation: op.RenameStage, objects: set[str]) -> str:
    """What was told of a stage's deadline is told, whatever the stage is called."""
    within = "" if operation.at == "stage" else f"{operation.at}."
    old, new = f"stage:{within}{operation.stage}:", f"stage:{within}{operation.to}:"
    known = ", ".join(text(o) for o in sorted(objects))
    key = f'{text(new)} || substr("key", {len(old) + 1})'
    return f'UPDATE "dg_due" SET "key" = {key} WHERE "object" IN ({known}) AND substr("key", 1, {len(old)}) = {text(old)}'


def text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def _widen(operation: op.Widen, dialect: Dialect) -> str:
    table, column = quoted(operation.table), quoted(operation.column)
    if dialect == "postgresql":
        return f"ALTER TABLE {table} ALTER COLUMN {column} TYPE NUMERIC(18, {operation.new_scale})"
    return f"UPDATE {table} SET {column} = {column} * {10 ** (operation.new_scale - operation.old_scale)} WHERE {column} IS NOT NULL"
