"""The queue on SQLite: the outbox itself. A claim is a lease that its worker prolongs; one that ran out is taken over."""

import orjson

from dougong.database import Connection
from dougong.runtime.jobs import texts
from dougong.runtime.jobs.queue import DEAD_AFTER, Claim, Queue

WORK = (
    "SELECT EXISTS (SELECT 1 FROM dg_job WHERE state = 'waiting' AND due_at <= :now "
    "AND (:any_queue = 1 OR queue IN (SELECT value FROM json_each(:queues))))"
)


class EmbeddedQueue(Queue):
    """One writer at a time has the whole file, so that a claim needs no further lock."""

    def join(self) -> None:
        """Nothing to do: who claims a job is known by its lease."""

    def leave(self) -> None:
        """Nothing to do."""

    def beat(self) -> None:
        """Prolong the leases, if there are any."""
        with self.database.read() as connection:
            held = connection.one("SELECT 1 FROM dg_job WHERE state = 'running' AND claimed_by = :worker", {"worker": self.worker})
        if held is not None:
            with self.database.write() as connection:
                until = self.db(self.clock.now() + DEAD_AFTER)
                connection.run(self.text(texts.BEAT), {"until": until, "worker": self.worker})

    def tidy(self) -> int:
        """Take over what a dead worker left."""
        asked = {"now": self.db(self.clock.now()), "worker": self.worker}
        with self.database.read() as connection:
            if not connection.all(self.text(texts.OVERDUE), asked):
                return 0
        with self.database.write() as connection:
            return sum(self.lost(connection, *row) for row in connection.all(self.text(texts.OVERDUE), asked))

    def claim(self) -> Claim | None:
        """The job that has been due for longest."""
        now = self.clock.now()
        asked = {
            "now": self.db(now),
            "any_queue": int(self.queues is None),
            "queues": orjson.dumps(self.queues or ()).decode(),
        }
        with self.database.read() as connection:
            row = connection.one(self.text(WORK), asked)
            if row is None or not row[0]:
                return None
        with self.database.write() as connection:
            row = connection.one(self.text(texts.CLAIM), asked | {"worker": self.worker, "until": self.db(now + DEAD_AFTER)})
        return None if row is None else self.claimed(row)

    def release(self, connection: Connection, claim: Claim) -> None:
        """Nothing beside the row itself marks the job."""
