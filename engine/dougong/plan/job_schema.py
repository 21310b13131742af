"""The tables and functions of procrastinate, which hands out jobs on PostgreSQL: made when they are missing, brought forward with the package.

The package's version is kept as the comment of its table; without our comment the schema is somebody else's and is left as it is.
"""

import re
from importlib import metadata, util
from pathlib import Path

from dougong.database import Connection

PACKAGE = "procrastinate"
TABLE = "procrastinate_jobs"
OURS = "dougong: procrastinate "
COMMENT = f"SELECT obj_description(to_regclass('{TABLE}'), 'pg_class')"
BODY = re.compile(r"\$\$.*?\$\$", re.DOTALL)
Version = tuple[int, ...]


def missing_job_schema(connection: Connection, present: frozenset[str]) -> list[str]:
    """The statements that bring procrastinate's schema to the installed version; none on SQLite."""
    if connection.dialect == "sqlite":
        return []
    installed = metadata.version(PACKAGE)
    mark = f"COMMENT ON TABLE {TABLE} IS '{OURS}{installed}'"
    if TABLE not in present:
        return [*_statements((_folder() / "schema.sql").read_text(encoding="utf-8")), mark]
    row = connection.one(COMMENT)
    comment = row[0] if row and row[0] else ""
    if not comment.startswith(OURS) or _version(comment) >= _version(installed):
        return []
    return [*_migrations(_version(comment), _version(installed)), mark]


def _migrations(after: Version, upto: Version) -> list[str]:
    """The package's own steps between two of its versions, in order; their names begin with the version that needs them."""
    files = (_folder() / "migrations").iterdir()
    steps = sorted((f.name, f) for f in files if f.name.endswith(".sql"))
    return [sql for name, f in steps if after < _version(name) <= upto for sql in _statements(f.read_text(encoding="utf-8"))]


def _folder() -> Path:
    """Where the package keeps its SQL; found without importing the package, which takes a third of a second."""
    spec = util.find_spec(PACKAGE)
    assert spec is not None  # an installed dependency
    assert spec.origin is not None
    return Path(spec.origin).parent / "sql"


def _statements(script: str) -> list[str]:
    """A script cut at the semicolons that end a line, those of a function's body ($$ … $$) left alone."""
    bodies = BODY.findall(script)
    parts = BODY.sub("$$", script).split(";\n")
    taken = iter(bodies)
    whole = [re.sub(r"\$\$", lambda _: next(taken), part) for part in parts]
    return [part for part in whole if re.sub(r"--[^\n]*", "", part).strip()]


def _version(text: str) -> Version:
    """`dougong: procrastinate 3.10.0`, `03.04.00_50_post_….sql` → (3, 10, 0), (3, 4, 0)."""
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    return tuple(int(n) for n in found.groups()) if found else (0, 0, 0)
