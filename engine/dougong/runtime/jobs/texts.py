"""The statements on the outbox, kept per database. They are the same for every app; `{…}` are the parts that differ."""

from functools import lru_cache

import sqlalchemy as sa

from dougong.database.text import Dialect, Text, compile_text

INSERT = (
    "INSERT INTO dg_job (kind, queue, key, payload, state, due_at, cron, created_at, tries) "
    "VALUES (:kind, :queue, :key, :payload, 'waiting', :due_at, :cron, :now, 0) ON CONFLICT (key) DO NOTHING RETURNING id"
)
# The workers of other processes hear of it at the commit
CHANNEL = "dougong_work"
INSERT_AND_NOTIFY = f"{INSERT}, pg_notify('{CHANNEL}', '')"
BY_KEY = "SELECT id FROM dg_job WHERE key = :key"
STATE = "SELECT state FROM dg_job WHERE id = :id"
CANCEL = "UPDATE dg_job SET state = 'cancelled', ended_at = :now WHERE id = :id AND state IN ('waiting', 'queued', 'dead')"

CLAIMED = "id, kind, queue, key, payload, tries, due_at, cron, claimed_at"
START = "state = 'running', tries = tries + 1, claimed_by = :worker, claimed_at = :now, claimed_until = :until, error = NULL"
CLAIM = (
    f"UPDATE dg_job SET {START} WHERE id = (SELECT id FROM dg_job WHERE state = 'waiting' AND due_at <= :now "
    f"AND (:any_queue = 1 OR queue IN (SELECT value FROM json_each(:queues))) ORDER BY due_at, id LIMIT 1) RETURNING {CLAIMED}"
)
TAKE = f"UPDATE dg_job SET {START} WHERE id = :id AND state = 'queued' RETURNING {CLAIMED}"
BEAT = "UPDATE dg_job SET claimed_until = :until WHERE state = 'running' AND claimed_by = :worker"
OVERDUE = "SELECT id, tries, claimed_by, claimed_at FROM dg_job WHERE state = 'running' AND claimed_until <= :now AND claimed_by <> :worker"
NEXT = "SELECT min(due_at) FROM dg_job WHERE state = 'waiting'"

# One of several can end a job: whoever still holds it
END = (
    "UPDATE dg_job SET state = :state, due_at = :due_at, tries = :tries, error = :error, ended_at = :ended_at, "
    "claimed_by = NULL, claimed_at = NULL, claimed_until = NULL "
    "WHERE id = :id AND state = 'running' AND claimed_by = :worker AND tries = :number"
)
ATTEMPT = (
    "INSERT INTO dg_job_attempt (job, started_at, at, outcome, error, worker, actor, payload) "
    "VALUES (:job, :started_at, :at, :outcome, :error, :worker, :actor, :payload)"
)
PURGE = "SELECT id FROM dg_job WHERE state IN ('done', 'cancelled') AND due_at < :before AND ended_at < :before LIMIT :limit"
PURGE_ATTEMPTS = "DELETE FROM dg_job_attempt WHERE job = :id"
PURGE_JOB = "DELETE FROM dg_job WHERE id = :id"

LETTER = "id, kind, queue, key, payload, state, due_at, created_at, tries, ended_at, error"
LETTERS = f"SELECT {LETTER} FROM dg_job WHERE state = :state AND id < :before ORDER BY id DESC LIMIT :limit"
ONE_LETTER = f"SELECT {LETTER} FROM dg_job WHERE id = :id"
COUNTS = "SELECT state, count(*) FROM dg_job GROUP BY state"
ATTEMPTS = "SELECT started_at, at, outcome, error, worker, actor, payload FROM dg_job_attempt WHERE job = :id ORDER BY id"
RESEND = (
    "UPDATE dg_job SET state = 'waiting', tries = 0, due_at = :now, ended_at = NULL, payload = :payload WHERE id = :id AND state = 'dead'"
)


@lru_cache(maxsize=64)
def text(sql: str, dialect: Dialect) -> Text:
    """One of the above for one database."""
    return compile_text(sa.text(sql), dialect)
