"""The statements on to-dos, messages, absences and comments, kept per database. They are the same for every app.

A parameter whose name ends in `_ids` or `_names` takes a list.
"""

import re
from functools import lru_cache

import sqlalchemy as sa

from dougong.database.text import Dialect, Text, compile_text

TODO = "id, object, record_id, {text}, created_at, done_at, for_user, for_role, for_team, due_at, stage, trigger, instead_of, form"
ADD_TODO = (
    "INSERT INTO dg_todo (for_user, object, record_id, text, text_en, trigger, created_at, for_role, for_team, instead_of, stage, due_at) "
    "VALUES (:for_user, :object, :record_id, :text, :text_en, :trigger, :now, :for_role, :for_team, :instead_of, :stage, :due_at) RETURNING id"
)
MINE = f"SELECT {TODO} FROM dg_todo WHERE for_user = :me AND done_at IS NULL ORDER BY id DESC"
FREE = "for_user = 0 AND done_at IS NULL AND (for_role IN :role_names OR for_team IN :team_ids)"
CLAIMABLE = f"SELECT {TODO} FROM dg_todo WHERE {FREE} ORDER BY id DESC"
ONE_TODO = f"SELECT {TODO} FROM dg_todo WHERE id = :id"
CLAIM = f"UPDATE dg_todo SET for_user = :me, claimed_at = :now WHERE id = :id AND {FREE}"
GIVE_BACK = (
    "UPDATE dg_todo SET for_user = 0, claimed_at = NULL WHERE id = :id AND for_user = :me AND done_at IS NULL AND claimed_at IS NOT NULL"
)
FINISH = "UPDATE dg_todo SET done_at = :now, done_by = :me, how = 'finished' WHERE id = :id AND for_user = :me AND done_at IS NULL"
CLEAR_STAGE = (
    "UPDATE dg_todo SET done_at = :now, done_by = :me, how = 'left' "
    "WHERE object = :object AND record_id = :record_id AND stage = :stage AND done_at IS NULL"
)
_OF_PIPELINE = "(:before <> '' AND substr({0}, 1, length(:before)) = :before OR :before = '' AND replace({0}, '.', '') = {0})"
CLEAR_STAGES = (
    "UPDATE dg_todo SET done_at = :now, done_by = :me, how = 'closed' "
    f"WHERE object = :object AND record_id = :record_id AND done_at IS NULL AND stage IS NOT NULL AND {_OF_PIPELINE.format('stage')}"
)
CLEAR_ASKED = (
    "UPDATE dg_todo SET done_at = :now, done_by = :me, how = 'answered' "
    "WHERE object = :object AND record_id = :record_id AND form = :form AND done_at IS NULL"
)
ASKED_LAST = (
    "SELECT max(created_at), sum(CASE WHEN done_at IS NULL THEN 1 ELSE 0 END) FROM dg_todo "
    "WHERE object = :object AND record_id = :record_id AND form = :form"
)
CLEAR_RECORD = (
    "UPDATE dg_todo SET done_at = :now, done_by = :me, how = :how WHERE object = :object AND record_id = :record_id AND done_at IS NULL"
)
LATE = f"SELECT {TODO} FROM dg_todo WHERE done_at IS NULL AND due_at <= :now AND reminded_at IS NULL ORDER BY due_at LIMIT :most"
STILL_LATE = f"SELECT {TODO} FROM dg_todo WHERE done_at IS NULL AND due_at <= :before AND escalated_at IS NULL ORDER BY due_at LIMIT :most"
REMINDED = "UPDATE dg_todo SET reminded_at = :now WHERE id = :id AND done_at IS NULL AND reminded_at IS NULL"
ESCALATED = "UPDATE dg_todo SET escalated_at = :now WHERE id = :id AND done_at IS NULL AND escalated_at IS NULL"
NEXT_LATE = (
    "SELECT (SELECT min(due_at) FROM dg_todo WHERE done_at IS NULL AND due_at IS NOT NULL AND reminded_at IS NULL), "
    "(SELECT min(due_at) FROM dg_todo WHERE done_at IS NULL AND due_at IS NOT NULL AND escalated_at IS NULL)"
)

ADD_ABSENCE = (
    "INSERT INTO dg_absence (user_id, from_at, until_at, delegate, created_at, created_by) "
    "VALUES (:user_id, :from_at, :until_at, :delegate, :now, :by) RETURNING id"
)
AWAY = "SELECT delegate FROM dg_absence WHERE user_id = :user_id AND from_at <= :at AND until_at > :at ORDER BY id DESC LIMIT 1"
WHO_IS_AWAY = "SELECT DISTINCT user_id FROM dg_absence WHERE from_at <= :at AND until_at > :at ORDER BY user_id"
ABSENCES = (
    "SELECT id, user_id, from_at, until_at, delegate FROM dg_absence WHERE user_id = :user_id AND until_at > :now ORDER BY from_at, id"
)
ONE_ABSENCE = "SELECT user_id FROM dg_absence WHERE id = :id"
END_ABSENCE = "DELETE FROM dg_absence WHERE id = :id"
DELEGATED = "SELECT id, user_id FROM dg_absence WHERE delegate = :user_id AND until_at > :now ORDER BY id"
DELEGATE_TO = "UPDATE dg_absence SET delegate = :to WHERE id = :id"
END_OWN = "DELETE FROM dg_absence WHERE user_id = :user_id AND until_at > :now"

MESSAGE = "id, kind, object, record_id, {text}, created_at, read_at, sender, file"
ADD_MESSAGE = (
    "INSERT INTO dg_message (for_user, kind, object, record_id, text, text_en, key, sender, created_at, file) "
    "VALUES (:for_user, :kind, :object, :record_id, :text, :text_en, :key, :sender, :now, :file) "
    "ON CONFLICT (for_user, key) DO NOTHING RETURNING id"
)
MESSAGES = f"SELECT {MESSAGE} FROM dg_message WHERE for_user = :me AND id < :before ORDER BY id DESC LIMIT :most"
UNREAD = f"SELECT {MESSAGE} FROM dg_message WHERE for_user = :me AND id < :before AND read_at IS NULL ORDER BY id DESC LIMIT :most"
READ = f"SELECT {MESSAGE} FROM dg_message WHERE for_user = :me AND id < :before AND read_at IS NOT NULL ORDER BY id DESC LIMIT :most"
FILE_OF = "SELECT file FROM dg_message WHERE id = :id AND for_user = :me"
COUNT_UNREAD = "SELECT count(*) FROM dg_message WHERE for_user = :me AND read_at IS NULL"
MARK_READ = "UPDATE dg_message SET read_at = coalesce(read_at, :now) WHERE id = :id AND for_user = :me"
SETTLED = (
    "UPDATE dg_message SET read_at = :now WHERE object = :object AND record_id = :record_id AND kind = :kind "
    "AND substr(key, 1, length(:prefix)) = :prefix AND read_at IS NULL"
)
MARK_ALL = "UPDATE dg_message SET read_at = :now WHERE for_user = :me AND read_at IS NULL"
DIGEST = (
    f"SELECT {MESSAGE} FROM dg_message WHERE for_user = :me AND read_at IS NULL AND digest_at IS NULL AND id < :before "
    "ORDER BY id DESC LIMIT :most"
)
DIGESTED = "UPDATE dg_message SET digest_at = :now WHERE for_user = :me AND read_at IS NULL AND digest_at IS NULL"

PREFERENCE = "SELECT muted, quiet_from, quiet_until, digest_at FROM dg_preference WHERE user_id = :user_id"
LANGUAGE = "SELECT language FROM dg_user WHERE id = :id"
SET_PREFERENCE = (
    "INSERT INTO dg_preference (user_id, muted, quiet_from, quiet_until, digest_at) "
    "VALUES (:user_id, :muted, :quiet_from, :quiet_until, :digest_at) ON CONFLICT (user_id) DO UPDATE SET muted = excluded.muted, "
    "quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, digest_at = excluded.digest_at"
)

COMMENT = "id, author, text, created_at, edited_at, deleted_at"
ADD_COMMENT = (
    "INSERT INTO dg_comment (object, record_id, author, text, created_at) VALUES (:object, :record_id, :author, :text, :now) RETURNING id"
)
COMMENTS = f"SELECT {COMMENT} FROM dg_comment WHERE object = :object AND record_id = :record_id ORDER BY id"
ONE_COMMENT = "SELECT author FROM dg_comment WHERE id = :id AND object = :object AND record_id = :record_id AND deleted_at IS NULL"
EDIT_COMMENT = "UPDATE dg_comment SET text = :text, edited_at = :now WHERE id = :id"
SAID_AGAIN = "UPDATE dg_message SET text = :zh, text_en = :en, read_at = coalesce(read_at, :now) WHERE key = :key AND kind = 'mention'"
DELETE_COMMENT = "UPDATE dg_comment SET text = NULL, deleted_at = :now WHERE id = :id"

OPEN_OF = "SELECT id FROM dg_todo WHERE for_user = :user_id AND done_at IS NULL ORDER BY id"
STILL_OPEN = (
    "SELECT (SELECT count(*) FROM dg_todo WHERE for_user = :user_id AND done_at IS NULL) "
    "+ (SELECT count(*) FROM dg_proposal WHERE for_user = :user_id AND done_at IS NULL) "
    "+ (SELECT count(*) FROM dg_approval_task t JOIN dg_approval a ON a.id = t.approval_id "
    "WHERE t.user_id = :user_id AND t.state IN ('open', 'waiting') AND a.state = 'running')"
)
TODO_TO = "UPDATE dg_todo SET for_user = :to WHERE id = :id"
TODO_LOAD = "SELECT for_user, count(*) FROM dg_todo WHERE for_user IN :user_ids AND done_at IS NULL GROUP BY for_user"
PROPOSED = "SELECT id FROM dg_proposal WHERE for_user = :user_id AND done_at IS NULL ORDER BY id"
PROPOSE_TO = "UPDATE dg_proposal SET for_user = :to WHERE id = :id"
OVERTAKEN = (
    "UPDATE dg_proposal SET outcome = :outcome, done_at = :now, done_by = :me "
    "WHERE object = :object AND record_id = :record_id AND done_at IS NULL"
)
OVERTAKEN_BY_MOVE = f"{OVERTAKEN} AND {_OF_PIPELINE.format('from_stage')}"
UNDER_WAY = (
    "SELECT id FROM dg_job WHERE state IN ('waiting', 'queued', 'dead') AND (key LIKE :digests "
    "OR key IN (SELECT 'mail:message:' || id FROM dg_message WHERE for_user = :user_id) "
    "OR id IN (SELECT job FROM dg_conversation WHERE object = 'user' AND record_id = :user_id AND direction = 'out')) ORDER BY id"
)
UNREAD_OF = "SELECT id FROM dg_message WHERE for_user = :user_id AND read_at IS NULL ORDER BY id"
READ_DECISIONS = (
    "UPDATE dg_message SET read_at = :now WHERE for_user = :user_id AND read_at IS NULL "
    "AND (kind = 'proposal' OR (kind = 'approval' AND key LIKE 'approval:%:task:%'))"
)
READ_REST = "UPDATE dg_message SET read_at = :now WHERE for_user = :user_id AND read_at IS NULL"
MESSAGE_TO = (
    "UPDATE dg_message SET for_user = :to WHERE id = :id "
    "AND NOT EXISTS (SELECT 1 FROM dg_message had WHERE had.for_user = :to AND had.key = dg_message.key)"
)
END_SESSIONS = "DELETE FROM dg_session WHERE user_id = :user_id"
END_TOKENS = "UPDATE dg_token SET revoked_at = :now WHERE user_id = :user_id AND revoked_at IS NULL"

_LISTS = re.compile(r":(\w+_(?:ids|names))\b")


@lru_cache(maxsize=256)
def text(sql: str, dialect: Dialect, language: str = "zh") -> Text:
    """One of the above for one database, in one language."""
    spoken = sql.replace("{text}", "text" if language == "zh" else "coalesce(text_en, text)")
    lists = [
        sa.bindparam(name, expanding=True, type_=sa.BigInteger() if name.endswith("_ids") else sa.Text())
        for name in dict.fromkeys(_LISTS.findall(spoken))
    ]
    return compile_text(sa.text(spoken).bindparams(*lists), dialect)
