"""The statements on accounts, sessions and tokens, kept per database. They are the same for every app."""

from functools import lru_cache

import sqlalchemy as sa

from dougong.database.text import Dialect, Text, compile_text

ACCOUNT = "SELECT id, password_hash, active FROM dg_user WHERE login = :login"
SET_HASH = "UPDATE dg_user SET password_hash = :hash WHERE id = :id"
SET_LANGUAGE = "UPDATE dg_user SET language = :language WHERE id = :id"
EVERYBODY = "SELECT id, login, name, email, roles, active, password_hash IS NOT NULL, team FROM dg_user ORDER BY login"
TEAMS = "SELECT id, name FROM dg_team ORDER BY name, id"

OPEN_SESSION = "INSERT INTO dg_session (token_hash, user_id, created_at, seen_at, expires_at, agent) VALUES (:hash, :user_id, :now, :now, :expires_at, :agent)"
FIND_SESSION = (
    "SELECT u.id, u.language, s.seen_at FROM dg_session s JOIN dg_user u ON u.id = s.user_id "
    "WHERE s.token_hash = :hash AND s.expires_at > :now AND u.active = {true}"
)
SEE_SESSION = "UPDATE dg_session SET seen_at = :now, expires_at = :expires_at WHERE token_hash = :hash"
CLOSE_SESSION = "DELETE FROM dg_session WHERE token_hash = :hash"
CLOSE_SESSIONS = "DELETE FROM dg_session WHERE user_id = :user_id"
CLOSE_EXPIRED = "DELETE FROM dg_session WHERE expires_at <= :now"

MAKE_TOKEN = "INSERT INTO dg_token (token_hash, user_id, name, created_at, expires_at) VALUES (:hash, :user_id, :name, :now, :expires_at) RETURNING id"
FIND_TOKEN = (
    "SELECT u.id, u.language, t.used_at FROM dg_token t JOIN dg_user u ON u.id = t.user_id "
    "WHERE t.token_hash = :hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > :now) AND u.active = {true}"
)
USE_TOKEN = "UPDATE dg_token SET used_at = :now WHERE token_hash = :hash"
REVOKE_TOKEN = "UPDATE dg_token SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL"
TOKENS = "SELECT t.id, t.name, u.login, t.created_at, t.used_at, t.expires_at, t.revoked_at FROM dg_token t JOIN dg_user u ON u.id = t.user_id ORDER BY t.id"


@lru_cache(maxsize=64)
def text(sql: str, dialect: Dialect) -> Text:
    """One of the above for one database."""
    return compile_text(sa.text(sql.format(true="1" if dialect == "sqlite" else "TRUE") if "{true}" in sql else sql), dialect)
