"""What stands in the databases before anything is measured: users with tokens, 100,000 leads owned by them in turn."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg

from bench.fast import created, to_sqlite
from bench.lead import FIELDS, SCHEMA, USERS, samples, token_hash

COLUMNS = (*FIELDS, "created_at", "created_by", "updated_at", "updated_by", "version")
BEARER = "bench-token"


def baseline(url: str, rows: int) -> str:
    """Fill an empty database for one of the baselines; the token of the first user."""
    users = range(1, USERS + 1)
    people = [(number, f"user{number}") for number in users]
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            connection.executescript(f"PRAGMA journal_mode=WAL; {SCHEMA['sqlite']}")
            connection.executemany("INSERT INTO app_user VALUES (?, ?)", people)
            connection.execute("INSERT INTO token VALUES (?, ?)", (token_hash(BEARER), 1))
        connection.close()
        insert_sqlite(url, [to_sqlite(r) for r in records(rows, users)])
    else:
        with psycopg.connect(url) as server, server.cursor() as cursor:
            server.execute(SCHEMA["postgresql"].encode())
            cursor.executemany("INSERT INTO app_user VALUES (%s, %s)", people)
            cursor.execute("INSERT INTO token VALUES (%s, %s)", (token_hash(BEARER), 1))
        copy_postgres(url, records(rows, users))
    return BEARER


def records(rows: int, users: Sequence[int]) -> list[dict[str, Any]]:
    """The leads as they are stored; each of ten users owns every tenth one."""
    owners = (users[number % len(users)] for number in range(rows))
    return [created(given | {"owner": owner}, owner) for given, owner in zip(samples(rows), owners, strict=True)]


def insert_sqlite(url: str, rows: list[dict[str, Any]]) -> None:
    """Put rows into the table `lead` of a SQLite file."""
    marks = ", ".join(f":{name}" for name in COLUMNS)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.executemany(f"INSERT INTO lead ({', '.join(COLUMNS)}) VALUES ({marks})", rows)
        connection.execute("ANALYZE")
    connection.close()


def copy_postgres(url: str, rows: list[dict[str, Any]]) -> None:
    """Put rows into the table `lead` of a PostgreSQL database."""
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY lead ({', '.join(COLUMNS)}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row([row[name] for name in COLUMNS])
        cursor.execute("VACUUM ANALYZE")
