"""The queue on PostgreSQL: procrastinate hands the jobs out (locks, wake-ups, heartbeats), the outbox keeps what they say and what became of them.

A write leaves a row in the outbox and nothing else, which is the cheapest it can be; what is due by the engine's clock gets a ticket in
`procrastinate_jobs`, many at a time, from whichever worker sees it first. Tickets are deferred, fetched and finished by the package's own
statements, in the same transaction as the outbox's row.
"""

from typing import Any

import orjson
from procrastinate.sql import queries

from dougong.database import Connection
from dougong.runtime.jobs import texts
from dougong.runtime.jobs.queue import DEAD_AFTER, Claim, Queue

HANDED_AT_ONCE = 500
FORGOTTEN_AFTER = 3600.0  # seconds of silence after which a worker's name is struck off
HAND_OVER = (
    "WITH due AS MATERIALIZED (SELECT id, queue, kind FROM dg_job WHERE state = 'waiting' AND due_at <= %(now)s "
    "ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED), "
    "gone AS (UPDATE dg_job SET state = 'queued' FROM due WHERE dg_job.id = due.id) "
    "SELECT array_length(procrastinate_defer_jobs_v1(array_agg(ROW(queue, kind, 0, NULL, NULL, jsonb_build_object('job', id), NULL)"
    "::procrastinate_job_to_defer_v1 ORDER BY id)), 1) FROM due HAVING count(*) > 0"
)
IS_DUE = "SELECT EXISTS (SELECT 1 FROM dg_job WHERE state = 'waiting' AND due_at <= %(now)s)"
LOCK_TICKET = "SELECT id FROM procrastinate_jobs WHERE id = %(ticket)s AND status = 'doing' FOR UPDATE"
LOCK_STALLED = (
    "SELECT id FROM procrastinate_jobs WHERE id = %(ticket)s AND status = 'doing' "
    "AND worker_id IS NOT DISTINCT FROM %(worker)s FOR UPDATE SKIP LOCKED"
)
RUNNING = "SELECT tries, claimed_by, claimed_at FROM dg_job WHERE id = %(id)s AND state = 'running' FOR UPDATE"
KNOWN = "SELECT 1 FROM procrastinate_workers WHERE id = %(worker_id)s"
ID, ARGS, WORKER = 0, 6, 10  # columns of the package's statements on jobs


class ProcrastinateQueue(Queue):
    """`worker_id` is this worker's name among procrastinate's."""

    worker_id: int | None = None

    def join(self) -> None:
        """Register, and strike off names that nobody answers to."""
        with self.database.write() as connection:
            connection.all(queries["prune_stalled_workers"], {"seconds_since_heartbeat": FORGOTTEN_AFTER})
            row = connection.one(queries["register_worker"])
        assert row is not None
        self.worker_id = row[0]

    def leave(self) -> None:
        """Strike this worker off; a ticket it still holds is free to be taken over."""
        with self.database.write() as connection:
            connection.all(queries["unregister_worker"], {"worker_id": self.worker_id})
        self.worker_id = None

    def beat(self) -> None:
        """Say that it is alive; one that was silent for so long that it was struck off registers again."""
        with self.database.write() as connection:
            connection.all(queries["update_heartbeat"], {"worker_id": self.worker_id})
            is_known = connection.one(KNOWN, {"worker_id": self.worker_id}) is not None
        if not is_known:
            self.join()

    def tidy(self) -> int:
        """Take over tickets of the dead; give tickets to what has come due."""
        asked = {"queue": None, "task_name": None, "seconds_since_heartbeat": DEAD_AFTER.total_seconds()}
        now = {"now": self.clock.now()}
        with self.database.read() as connection:
            stalled = connection.all(queries["select_stalled_jobs_by_heartbeat"], asked)
            row = connection.one(IS_DUE, now)
        moved = sum(self._take_over(job) for job in stalled if job[WORKER] is None or job[WORKER] != self.worker_id)
        if row is None or not row[0]:
            return moved
        with self.database.write() as connection:
            row = connection.one(HAND_OVER, now | {"limit": HANDED_AT_ONCE})
        return moved + (row[0] if row else 0)

    def claim(self) -> Claim | None:
        """Fetch a ticket and begin its job. The ticket of a job that was cancelled in between is torn up."""
        while True:
            with self.database.write() as connection:
                row = connection.one(
                    queries["fetch_job"], {"queues": list(self.queues) if self.queues else None, "worker_id": self.worker_id}
                )
                if row is None or row[ID] is None:
                    return None
                now = self.clock.now()
                values = {"id": orjson.loads(row[ARGS])["job"], "worker": self.worker, "now": now, "until": None}
                job = connection.one(self.text(texts.TAKE), values)
                if job is not None:
                    return self.claimed(job, row[ID])
                self._tear(connection, row[ID])

    def release(self, connection: Connection, claim: Claim) -> None:
        """Tear up the ticket, unless it was taken over. The ticket is locked before the job, here and everywhere."""
        if connection.one(LOCK_TICKET, {"ticket": claim.ticket}) is None:
            return
        held = connection.one(RUNNING, {"id": claim.id})
        if held is not None and held[:2] == (claim.number, claim.worker):
            self._tear(connection, claim.ticket)

    def _tear(self, connection: Connection, ticket: int | None) -> None:
        connection.all(queries["finish_job"], {"job_id": ticket, "status": "succeeded", "delete_job": True})

    def _take_over(self, job: tuple[Any, ...]) -> bool:
        """The ticket of a dead worker: its job waits again, without it, or is dead."""
        with self.database.write() as connection:
            if connection.one(LOCK_STALLED, {"ticket": job[ID], "worker": job[WORKER]}) is None:
                return False
            self._tear(connection, job[ID])
            number = orjson.loads(job[ARGS])["job"]
            held = connection.one(RUNNING, {"id": number})
            return held is not None and self.lost(connection, number, *held)
