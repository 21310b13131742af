"""The statements on what came in and on conversations, kept per database. They are the same for every app."""

from functools import lru_cache

import sqlalchemy as sa

from dougong.database.text import Dialect, Text, compile_text

FIND = "SELECT id, state, object, record_id FROM dg_received WHERE door = :door AND external_id = :external_id"
TAKE_IN = "INSERT INTO dg_received (door, external_id, at, body, state) VALUES (:door, :external_id, :at, :body, 'done') RETURNING id"
AGAIN = "UPDATE dg_received SET at = :at, body = :body WHERE id = :id"
SETTLE = "UPDATE dg_received SET state = :state, problems = :problems, object = :object, record_id = :record_id WHERE id = :id"
ENTRY = "id, door, external_id, at, body, state, problems, object, record_id"
ONE = f"SELECT {ENTRY} FROM dg_received WHERE id = :id"
LATEST = f"SELECT {ENTRY} FROM dg_received WHERE id < :before ORDER BY id DESC LIMIT :limit"
IN_STATE = f"SELECT {ENTRY} FROM dg_received WHERE state = :state AND id < :before ORDER BY id DESC LIMIT :limit"
COUNTS = "SELECT state, count(*) FROM dg_received GROUP BY state"
LAST_OF = (
    f"SELECT {ENTRY} FROM dg_received WHERE door = :door AND object = :object AND record_id = :record_id ORDER BY id DESC LIMIT :limit"
)
DOORS = "SELECT DISTINCT door FROM dg_received"
SETTLED = "SELECT id FROM dg_received WHERE state = 'done' AND at < :before AND door = :door ORDER BY at LIMIT :limit"
UNSETTLED = "SELECT id FROM dg_received WHERE state <> 'done' AND at < :before AND door = :door ORDER BY at LIMIT :limit"
FORGET = "DELETE FROM dg_received WHERE id = :id"
UNTIE = "UPDATE dg_conversation SET received = NULL WHERE received = :id"

HEARD = (
    "SELECT at, text FROM dg_conversation WHERE object = :object AND record_id = :record_id AND channel = :channel AND direction = 'in' "
    "ORDER BY id DESC LIMIT :limit"
)
SAY = (
    "INSERT INTO dg_conversation (channel, direction, object, record_id, address, text, at, received) "
    "VALUES (:channel, :direction, :object, :record_id, :address, :text, :at, :received) RETURNING id"
)
HANDED = "UPDATE dg_conversation SET job = :job WHERE id = :id"
SAID = (
    "SELECT c.id, c.channel, c.direction, c.address, c.text, c.at, j.state, j.error FROM dg_conversation c "
    "LEFT JOIN dg_job j ON j.id = c.job WHERE c.object = :object AND c.record_id = :record_id ORDER BY c.id"
)


@lru_cache(maxsize=64)
def text(sql: str, dialect: Dialect) -> Text:
    """One of the above for one database."""
    return compile_text(sa.text(sql), dialect)
