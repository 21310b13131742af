"""Releases: each applied definition, whole, with its plan and the layout of its tables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dougong.database import Connection, Database
from dougong.database.instants import instant_from_db
from dougong.model.past import Pasts
from dougong.plan.inspect import live_tables
from dougong.plan.layout import Layout, completed, from_json, layout_of, pasts_of

COLUMNS = '"id", "app", "version", "files", "plan", "layout", "applied_at", "applied_by"'
APPLIED = f'SELECT {COLUMNS} FROM "dg_release" WHERE "state" = \'applied\''
NEWEST = 'SELECT max("id") FROM "dg_release" WHERE "state" = \'applied\''
LAYOUT = 'SELECT "id", "layout" FROM "dg_release" WHERE "state" = \'applied\' ORDER BY "id" DESC LIMIT 1'


@dataclass(frozen=True, slots=True)
class Release:
    """`files`: path → text; `plan`: the operations' sentences in Chinese and English; `pasts`: what was called otherwise before."""

    id: int
    app: str
    app_version: str
    files: Mapping[str, str]
    plan: Mapping[str, Any]
    applied_at: datetime
    applied_by: str
    pasts: Pasts


def latest(database: Database) -> Release | None:
    """The release that is in force; None before the first one."""
    with database.read() as connection:
        return latest_of(connection)


def latest_of(connection: Connection) -> Release | None:
    """Like `latest`, within a transaction."""
    if "dg_release" not in live_tables(connection):
        return None
    row = connection.one(f'{APPLIED} ORDER BY "id" DESC LIMIT 1')
    return None if row is None else _release(row, connection)


def newest_id(connection: Connection) -> int | None:
    """The id of the release in force: what a running engine asks at every turn. Needs `dg_release` to be there."""
    row = connection.one(NEWEST)
    return None if row is None else row[0]


def get(database: Database, id: int) -> Release | None:
    """One release by its id."""
    with database.read() as connection:
        row = connection.one(f'{APPLIED} AND "id" = {int(id)}') if "dg_release" in live_tables(connection) else None
        return None if row is None else _release(row, connection)


def latest_layout(connection: Connection) -> tuple[int | None, Layout]:
    """Id and layout of the release in force; needs `dg_release` to be there."""
    row = connection.one(LAYOUT)
    return (None, layout_of(None)) if row is None else (row[0], completed(from_json(json.loads(row[1]))))


def _release(row: tuple[Any, ...], connection: Connection) -> Release:
    id, app, version, files, plan, layout, at, by = row
    pasts = pasts_of(from_json(json.loads(layout)))
    return Release(id, app, version, json.loads(files), json.loads(plan), instant_from_db(at, connection.dialect), by, pasts)
