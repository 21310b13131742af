"""A full disk: the write gets R904, nothing of it is half done, and work goes on when there is room again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.refusals import Refused

from tests.runtime.apps import THINGS, codes, hire, opened

NOTED = THINGS.replace('note: text "备注"', 'note: long_text "备注"')
FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON dg_change FOR EACH ROW WHEN (NEW.fields::text LIKE '%xxxx%') EXECUTE FUNCTION full_disk()
"""


@contextmanager
def full_disk(engine: Engine) -> Iterator[None]:
    """SQLite: the file may not grow by a single page. PostgreSQL: the second of the tables a write touches reports a full disk."""
    if engine.database.dialect == "sqlite":
        with engine.database.write() as connection:
            pages = connection.one("PRAGMA page_count")
            assert pages is not None
            connection.all(f"PRAGMA max_page_count = {pages[0] + 1}")
        yield
        with engine.database.write() as connection:
            connection.all("PRAGMA max_page_count = 1073741823")
        return
    with engine.database.autocommit() as alone:
        alone.run(FULL)
        yield
        alone.run("DROP TRIGGER full_disk ON dg_change")


def state(engine: Engine) -> list[tuple[str, int, int]]:
    """Every thing with its version and the number of its changes."""
    with engine.system_session("test") as session:
        return [(r.name, r.version, len(session.history("thing", r.id))) for r in session.find("thing", order="id", limit=1000).records]


def test_nothing_is_half_done_when_the_disk_is_full(database_url: str, tmp_path: Path) -> None:
    long = "x" * 9_000
    with opened(NOTED, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            thing = session.create("thing", name="before").id
        before = state(engine)
        with full_disk(engine):
            for work in (
                lambda s: s.create("thing", name="one", note=long),
                lambda s: s.update("thing", thing, {"note": long}),
                lambda s: s.create_many("thing", [{"name": f"n{i}", "note": long} for i in range(50)]),
                lambda s: (s.create("thing", name="two"), s.update("thing", thing, {"note": long})),
            ):
                with pytest.raises(Refused) as refused:
                    engine.run("boss", work, write=True)
                assert codes(refused.value) == {("R904", None)} and refused.value.status == 503
                assert state(engine) == before
        with engine.session("boss") as session:
            session.update("thing", thing, {"note": long})
        assert state(engine) == [("before", 2, 2)]
