"""Databases for the baselines: tables, users with tokens, 100,000 leads owned by them in turn."""

import sqlite3
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg

from bench.fast import created, to_sqlite
from bench.lead import FIELDS, SCHEMA, USERS, samples, token_hash

COLUMNS = (*FIELDS, "created_at", "created_by", "updated_at", "updated_by", "version")


def baseline(url: str, rows: int) -> None:
    """Fill the empty database at `url`."""
    if url.startswith("sqlite"):
        _sqlite(url.removeprefix("sqlite:///"), rows)
    else:
        _postgres(url, rows)


def bearer(user: int) -> str:
    """The token of a user."""
    return f"bench-token-{user}"


def records(rows: int) -> list[dict[str, Any]]:
    """The leads as they are stored; each user owns every tenth one."""
    found = []
    for number, given in enumerate(samples(rows)):
        owner = number % USERS + 1
        row = created(given | {"owner": owner}, owner)
        assert type(row["due"]) is date
        assert type(row["amount"]) is Decimal
        found.append(row)
    return found


def _sqlite(path: str, rows: int) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(f"PRAGMA journal_mode=WAL; {SCHEMA['sqlite']}")
    connection.executemany("INSERT INTO app_user VALUES (?, ?)", [(n, f"user{n}") for n in range(1, USERS + 1)])
    connection.executemany("INSERT INTO token VALUES (?, ?)", [(token_hash(bearer(n)), n) for n in range(1, USERS + 1)])
    marks = ", ".join(f":{name}" for name in COLUMNS)
    connection.executemany(f"INSERT INTO lead ({', '.join(COLUMNS)}) VALUES ({marks})", [to_sqlite(r) for r in records(rows)])
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def _postgres(url: str, rows: int) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        connection.execute(SCHEMA["postgresql"].encode())
        cursor.executemany("INSERT INTO app_user VALUES (%s, %s)", [(n, f"user{n}") for n in range(1, USERS + 1)])
        cursor.executemany("INSERT INTO token VALUES (%s, %s)", [(token_hash(bearer(n)), n) for n in range(1, USERS + 1)])
        with cursor.copy(f"COPY lead ({', '.join(COLUMNS)}) FROM STDIN".encode()) as copy:
            for row in records(rows):
                copy.write_row([row[name] for name in COLUMNS])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
