"""Operations as SQL: one list of statements per operation and database. Whoever carries them out decides about transactions."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex
from sqlalchemy.schema import CreateTable as CreateTableSql

from dougong.database.text import DIALECTS, Dialect
from dougong.derive.tables import bare_tables
from dougong.plan import operations as op
from dougong.plan.inspect import quoted

NO_STORAGE = (
    *(op.RetireTable, op.RestoreTable, op.RetireColumn, op.RestoreColumn),
    *(op.ChangeApp, op.ChangeDefinition, op.Ask, op.Fill, op.LeaveBlank, op.MoveStage, op.RemoveStage),
)


def statements(operation: op.Operation, metadata: sa.MetaData, dialect: Dialect, *, renamed_to: str | None = None) -> Iterator[str]:
    """The SQL of `operation`; `metadata` holds the tables as they will be, `renamed_to` the table's name there if it is another."""
    table = quoted(operation.table)
    match operation:
        case op.CreateTable():
            yield from create_table(metadata.tables[operation.table], dialect)
        case op.RenameTable() | op.SetTableAside():
            yield f"ALTER TABLE {table} RENAME TO {quoted(operation.to)}"
            yield from _told_apart(dialect, operation.table, operation.to)
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
        case op.Arrange():
            yield _arrange(operation, dialect)
        case op.RenameStage():
            column = quoted(operation.at)
            yield f"UPDATE {table} SET {column} = {text(operation.to)} WHERE {column} = {text(operation.stage)}"
            yield from _stage_renamed(operation, {operation.table, renamed_to or operation.table})
        case op.RenamePipeline():
            of = f'"object" IN ({", ".join(sorted({text(operation.table), text(renamed_to or operation.table)}))})'
            for log in ("dg_stage_log", "dg_exception"):
                yield f'UPDATE "{log}" SET "pipeline" = {text(operation.to)} WHERE {of} AND "pipeline" = {text(operation.pipeline)}'
        case op.RenameTrigger():
            yield from _trigger_renamed(operation)
        case op.StartClocks():
            since = quoted(f"{operation.at}_since")
            yield f'UPDATE {table} SET {since} = "created_at" WHERE {since} IS NULL AND {quoted(operation.at)} IS NOT NULL'
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


def _told_apart(dialect: Dialect, old: str, new: str) -> Iterator[str]:
    """The engine's rows about an object's records (history, stage log, to-dos, files, …) go with them when the object has another name."""
    for table in bare_tables(dialect).metadata.sorted_tables:
        for column in ("object", "part") if table.name.startswith("dg_") else ():
            if column in table.columns:
                yield f'UPDATE {quoted(table.name)} SET "{column}" = {text(new)} WHERE "{column}" = {text(old)}'


def _stage_renamed(operation: op.RenameStage, objects: set[str]) -> Iterator[str]:
    """What hangs on a stage goes with it: what was told of its deadline is told, and to-dos, proposals and exceptions stay its own."""
    within = "" if operation.at == "stage" else f"{operation.at}."
    old, new = f"{within}{operation.stage}", f"{within}{operation.to}"
    of = f'"object" IN ({", ".join(text(o) for o in sorted(objects))})'
    yield _key_renamed(f"stage:{old}:", f"stage:{new}:", of)
    yield f'UPDATE "dg_todo" SET "stage" = {text(new)} WHERE {of} AND "stage" = {text(old)}'
    for column in ("from_stage", "to_stage"):
        yield f'UPDATE "dg_proposal" SET "{column}" = {text(new)} WHERE {of} AND "{column}" = {text(old)} AND "done_at" IS NULL'
    known = f'{of} AND "pipeline" = {text(operation.pipeline)} AND "stage" = {text(operation.stage)}'
    yield f'UPDATE "dg_exception" SET "stage" = {text(operation.to)} WHERE {known}'


def _trigger_renamed(operation: op.RenameTrigger) -> Iterator[str]:
    """What a trigger has done and has yet to do is that of the trigger with the new name."""
    old, new = operation.trigger, operation.to
    for kind in ("trigger", "schedule"):
        yield _key_renamed(f"{kind}:{old}:", f"{kind}:{new}:")
    for table in ("dg_trigger_log", "dg_todo", "dg_proposal", "dg_pool_log"):
        yield f'UPDATE "{table}" SET "trigger" = {text(new)} WHERE "trigger" = {text(old)}'
    turn = f"assign {old} "  # whose turn it is
    name = f'{text(f"assign {new} ")} || substr("name", {len(turn) + 1})'
    yield f'UPDATE "dg_sequence" SET "name" = {name} WHERE substr("name", 1, {len(turn)}) = {text(turn)}'


def _key_renamed(old: str, new: str, condition: str = "") -> str:
    """Dues keep their state under the new key."""
    key = f'{text(new)} || substr("key", {len(old) + 1})'
    wanted = f'substr("key", 1, {len(old)}) = {text(old)}'
    return f'UPDATE "dg_due" SET "key" = {key} WHERE {condition + " AND " if condition else ""}{wanted}'


def text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def _widen(operation: op.Widen, dialect: Dialect) -> str:
    table, column = quoted(operation.table), quoted(operation.column)
    if dialect == "postgresql":
        return f"ALTER TABLE {table} ALTER COLUMN {column} TYPE NUMERIC(18, {operation.new_scale})"
    return f"UPDATE {table} SET {column} = {column} * {10 ** (operation.new_scale - operation.old_scale)} WHERE {column} IS NOT NULL"


def _arrange(operation: op.Arrange, dialect: Dialect) -> str:
    table, column = quoted(operation.table), quoted(operation.column)
    cases = " ".join(f"WHEN {text(name)} THEN {number}" for number, name in enumerate(operation.order))
    place = f"CASE word {cases} END, word" if cases else "word"
    if dialect == "postgresql":
        words = f'(SELECT array_agg(word ORDER BY {place.removesuffix("word")}word COLLATE "C") FROM unnest({column}) AS word)'
    else:
        listed = f"SELECT value AS word FROM json_each({table}.{column}) ORDER BY {place}"
        words = f"(SELECT '[' || group_concat(json_quote(word), ', ') || ']' FROM ({listed}))"
    return f"UPDATE {table} SET {column} = {words} WHERE {column} IS NOT NULL"
