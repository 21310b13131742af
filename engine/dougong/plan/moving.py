"""Moves the records of a stage that is gone, in batches, with everything that hangs on where a record stands.

It runs in the transaction in which the release changes hands: when it breaks off, nothing has happened, and the next apply begins anew.
No trigger fires: a release is no event of business. To-dos of the stage end, approvals that its entering started end with it, proposals that
have lost their sense are closed, and the dues of the object are worked out again by the next sweep.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, bindparam, insert, text

from dougong.database import Connection
from dougong.database.instants import instant_to_db
from dougong.database.text import Text, compile_text
from dougong.derive.tables import bare_tables
from dougong.model.app import App
from dougong.model.flow import Pipeline
from dougong.plan.ending import Ending
from dougong.plan.inspect import quoted
from dougong.plan.operations import MoveStage, RemoveStage
from dougong.plan.refusals import NOWHERE_TO_GO
from dougong.plan.routes import Router, Row, pipeline_at
from dougong.refusals import refuse

CAUSE = "release"


def move_records(connection: Connection, app: App, operation: MoveStage, release: int, now: datetime) -> int:
    """Move every record; how many. `Refused` R706 when a record gets no stage of the pipeline."""
    mover = _Mover(connection, app, operation, release, now)
    moved = 0
    for batch in Router(app, None, operation.route, now).batches(connection):
        mover.move(batch)
        moved += len(batch)
    mover.close()
    return moved


def close_proposals(connection: Connection, app: App, operation: RemoveStage, now: datetime) -> None:
    """Nobody can say yes any more to a move out of, or into, a stage that is gone."""
    obj = next(o for o in app.objects.values() if o.table == operation.table)
    stage = _qualified(pipeline_at(obj, operation.at), operation.stage)
    about = {"object": obj.name, "stage": stage, "now": instant_to_db(now, connection.dialect)}
    over = "object = :object AND done_at IS NULL AND (to_stage = :stage OR from_stage = :stage)"
    asked = f"SELECT record_id FROM dg_proposal WHERE {over}"
    unread = f"object = :object AND kind = 'proposal' AND read_at IS NULL AND record_id IN ({asked})"
    _run(connection, f"UPDATE dg_message SET read_at = :now WHERE {unread}", **about)
    _run(connection, f"UPDATE dg_proposal SET outcome = 'moved', done_at = :now WHERE {over}", **about)


class _Mover:
    def __init__(self, connection: Connection, app: App, operation: MoveStage, release: int, now: datetime) -> None:
        self.connection, self.operation, self.release = connection, operation, release
        self.object = operation.route.object
        self.pipeline: Pipeline = pipeline_at(app.objects[self.object], operation.route.column)
        self.stage = _qualified(self.pipeline, operation.stage)
        self.now = instant_to_db(now, connection.dialect)
        self.ending = Ending(connection, self.object, self.pipeline.field, operation.stage, self.now)
        engine = bare_tables(connection.dialect).engine
        self.log = engine.stage_log.name, _insert(engine.stage_log, LOG, connection)
        self.change = engine.change.name, _insert(engine.change, CHANGE, connection)

    def move(self, rows: Sequence[Row]) -> None:
        """One batch: the records, their history and the stage log, and what people were asked about them."""
        for record_id, target in rows:
            if target not in self.pipeline.stages:
                raise refuse(NOWHERE_TO_GO, stage=self.operation.stage, id=record_id, to=target or "")
        for target in dict.fromkeys(target for _, target in rows):
            assert target is not None  # a stage
            ids = [record_id for record_id, wanted in rows if wanted == target]
            self._write(ids, target)
            self.ending.end(ids)
            self._finish_todos(ids, is_closed=not self.pipeline.stages[target].is_open)

    def close(self) -> None:
        """The dues of the object are worked out again by the next sweep."""
        self._run("UPDATE dg_due SET mark = NULL WHERE object = :object AND record_id = 0 AND key = 'rules'", object=self.object)

    def _write(self, ids: Sequence[int], target: str) -> None:
        table, column, since = (quoted(n) for n in (self.operation.table, self.pipeline.field, self.pipeline.since))
        new = f'{column} = :target, {since} = :now, "version" = "version" + 1, "updated_at" = :now, "updated_by" = NULL'
        self._run(f'UPDATE {table} SET {new} WHERE "id" IN :ids', target=target, now=self.now, ids=ids)
        common = {"object": self.object, "at": self.now, "actor": None, "release": self.release}
        line = {**common, "from_stage": self.operation.stage, "to_stage": target, "pipeline": self.operation.log_name}
        self.connection.insert_many(self.log[1], self.log[0], [{**line, "record_id": i} for i in ids])
        fields = orjson.dumps({self.pipeline.field: [self.operation.stage, target]}).decode()
        told = {**common, "happened_at": self.now, "cause": CAUSE, "cause_id": str(self.release), "kind": "moved", "fields": fields}
        self.connection.insert_many(self.change[1], self.change[0], [{**told, "record_id": i} for i in ids])

    def _finish_todos(self, ids: Sequence[int], *, is_closed: bool) -> None:
        """As when somebody moves the record: to-dos of the stage end, and those of any stage where work has ended."""
        within = "" if self.pipeline.is_main else f"{self.pipeline.field}."
        which = "stage = :stage"
        if is_closed:
            which = "substr(stage, 1, length(:stage)) = :stage" if within else "stage IS NOT NULL AND replace(stage, '.', '') = stage"
        about = {"stage": within if is_closed else self.stage} if within or not is_closed else {}
        how = "closed" if is_closed else "left"
        ended = (
            f"UPDATE dg_todo SET done_at = :now, how = :how WHERE object = :object AND record_id IN :ids AND done_at IS NULL AND {which}"
        )
        self._run(ended, now=self.now, how=how, object=self.object, ids=ids, **about)

    def _run(self, sql: str, **params: Any) -> None:
        _run(self.connection, sql, **params)


LOG = ("object", "record_id", "from_stage", "to_stage", "pipeline", "at", "actor", "release")
CHANGE = ("object", "record_id", "at", "happened_at", "actor", "cause", "cause_id", "release", "kind", "fields")


def _insert(table: Any, names: Sequence[str], connection: Connection) -> Text:
    return compile_text(insert(table).values({n: bindparam(n) for n in names}), connection.dialect)


def _qualified(pipeline: Pipeline, stage: str) -> str:
    """A stage that may be gone, among those of all pipelines of its object."""
    return stage if pipeline.is_main else f"{pipeline.field}.{stage}"


def _run(connection: Connection, sql: str, **params: Any) -> None:
    lists = [bindparam(n, expanding=True, type_=BigInteger()) for n in params if n == "ids"]
    connection.run(compile_text(text(sql).bindparams(*lists), connection.dialect), params)
