"""Approvals that the entering of a stage started end with the stage: a release takes their records out of it.

As when somebody moves such a record: withdrawn, nobody is asked any more, those who were asked and the submitter are told in the inbox, and
`on_withdrawn` does not follow. `when_left: continue` goes on.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from dougong_dsl.titles import Title
from sqlalchemy import BigInteger, bindparam, text

from dougong.compose.composed import compose, own_files
from dougong.database import Connection
from dougong.database.text import compile_text
from dougong.definition.app import AppDefinition, define
from dougong.definition.flow import EventDefinition, PipelineDefinition
from dougong.plan.inspect import quoted
from dougong.read.files import merge_files

STAGE, CONTINUE = "stage", "continue"
RUNNING = (
    "SELECT id, name, record_id, release, text, text_en, coalesce(heir, submitted_by) FROM dg_approval "
    "WHERE object = :object AND record_id IN :ids AND state = 'running' ORDER BY id"
)
ASKED = "SELECT user_id FROM dg_approval_task WHERE approval_id = :id AND state = 'open' ORDER BY id"
SETTLE = (
    "UPDATE dg_message SET read_at = :now WHERE object = :object AND record_id = :record_id AND kind = 'approval' "
    "AND substr(key, 1, length(:prefix)) = :prefix AND read_at IS NULL"
)
ENDS = (
    "UPDATE dg_approval SET state = 'withdrawn', ended_at = :now, left_stage = :stage WHERE id = :id",
    "UPDATE dg_approval_task SET state = 'cancelled', decided_at = :now WHERE approval_id = :id AND state IN ('open', 'waiting')",
    SETTLE,
    "DELETE FROM dg_due WHERE object = :object AND record_id = :record_id AND key = :due",
)
TELL = (
    "INSERT INTO dg_message (for_user, kind, object, record_id, text, text_en, key, created_at) "
    "SELECT id, 'approval', :object, :record_id, :text, :text_en, :key, :now FROM dg_user WHERE id = :user_id AND active = {0} "
    "ON CONFLICT (for_user, key) DO NOTHING"
)


class Ending:
    """Ends the approvals of records that a release takes out of one stage of the pipeline at `column`."""

    def __init__(self, connection: Connection, object_name: str, column: str, stage: str, now: Any) -> None:
        self.connection, self.object, self.column, self.stage, self.now = connection, object_name, column, stage, now
        self._definitions: dict[int, AppDefinition | None] = {}

    def end(self, ids: Sequence[int]) -> None:
        """Of these records."""
        for id, name, record_id, release, zh, en, owner in self._all(RUNNING, object=self.object, ids=ids):
            title = self._left(release, name)
            if title is not None:
                self._end(id, record_id, owner, (zh, en or zh), title)

    def _end(self, id: int, record_id: int, owner: int | None, spoken: tuple[str, str], stage: Title) -> None:
        people = [user_id for (user_id,) in self._all(ASKED, id=id)] + ([] if owner is None else [owner])
        about = {"id": id, "now": self.now, "object": self.object, "record_id": record_id, "stage": self.stage}
        keys = {"prefix": f"approval:{id}:task:", "due": f"approval:{id}"}
        for sql in ENDS:
            self._run(sql, **{n: v for n, v in (about | keys).items() if f":{n}" in sql})
        words = (
            f"{spoken[0]} 已撤回：新版本去掉了阶段“{stage.zh}”",
            f"{spoken[1]} was withdrawn: the new release has no stage “{stage.en}” any more",
        )
        told = {"text": words[0], "text_en": words[1], "key": f"approval:{id}:end", **{n: about[n] for n in ("now", "object", "record_id")}}
        active = "1" if self.connection.dialect == "sqlite" else "true"
        for user_id in dict.fromkeys(people):
            self._run(TELL.format(active), user_id=user_id, **told)

    def _left(self, release: int, name: str) -> Title | None:
        """The stage's title, where entering a stage of this pipeline started the approval and it does not go on without it."""
        definition = self._definition(release)
        approval = None if definition is None else next((a for n, a in definition.approvals.items() if n == name), None)
        if definition is None or approval is None or approval.start is None or approval.when_left == CONTINUE:
            return None
        pipeline = None if approval.start.event != "entered" else _entered(definition, str(approval.of), approval.start)
        if pipeline is None or str(pipeline.field or STAGE) != self.column:
            return None
        stage = next((s for n, s in pipeline.stages.items() if n == self.stage), None)
        return Title.same(self.stage) if stage is None or stage.title is None else stage.title

    def _definition(self, release: int) -> AppDefinition | None:
        if release not in self._definitions:
            row = self.connection.one(f'SELECT "files" FROM {quoted("dg_release")} WHERE "id" = {int(release)}')
            files = None if row is None else orjson.loads(row[0]) if isinstance(row[0], str | bytes) else row[0]
            self._definitions[release] = None if files is None else define(compose(merge_files(own_files(files))[0], files).merged)[0]
        return self._definitions[release]

    def _all(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        lists = [bindparam(n, expanding=True, type_=BigInteger()) for n in params if n == "ids"]
        return self.connection.all(compile_text(text(sql).bindparams(*lists), self.connection.dialect), params)

    def _run(self, sql: str, **params: Any) -> None:
        self.connection.run(compile_text(text(sql), self.connection.dialect), params)


def _entered(definition: AppDefinition, of: str, start: EventDefinition) -> PipelineDefinition | None:
    """The pipeline whose stage an approval waited for: the named one, else the first that has the stage, the main one before others."""
    own = [p for p in definition.pipelines.values() if p.of == of and (start.field is None or str(p.field or STAGE) == start.field)]
    having = [p for p in own if any(n == start.stage for n in p.stages)]
    return min(having, key=lambda p: p.field is not None and p.field != STAGE, default=None)
