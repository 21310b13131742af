"""The benchmark compares like with like: all contenders take the same records, refuse the same ones, and leave a history row for each write."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import orjson
import pytest
from sqlalchemy import create_engine, text

from bench import fast, fill, plain
from bench.lead import FIELDS, PAGE, changes, north
from bench.plain import Problem

WRONG = (
    ({"name": None}, 422),
    ({"score": 101}, 422),
    ({"amount": "-1"}, 422),
    ({"amount": "1.001"}, 422),
    ({"region": "middle"}, 422),
    ({"status": "lost", "lost_reason": None}, 422),
    ({"due": "2019-12-31"}, 422),
    ({"email": "nobody"}, 422),
    ({"colour": "red"}, 422),
    ({"region": "east", "owner": 2}, 403),
)


class Contender:
    """The three requests of a baseline; JSON comes back as Python."""

    def __init__(self, name: str, url: str) -> None:
        self.bearer = fill.baseline(url, 600)
        self.leads: Any = plain.Plain(url) if name == "plain" else fast.store(url)

    def run(self, method: str, *arguments: object) -> Any:
        """One request."""
        return orjson.loads(asyncio.run(self._run(method, *arguments)))

    async def _run(self, method: str, *arguments: object) -> bytes:
        call: Callable[..., Any] = getattr(self.leads, method)
        if isinstance(self.leads, plain.Plain):
            return bytes(call(self.bearer, *arguments))
        self.leads = type(self.leads)(self.leads.url)
        await self.leads.open()
        found: Coroutine[Any, Any, bytes] = getattr(self.leads, method)(self.bearer, *arguments)
        try:
            return await found
        finally:
            await self.leads.close()

    def close(self) -> None:
        """Hang up."""
        if isinstance(self.leads, plain.Plain):
            self.leads.engine.dispose()


@pytest.fixture(params=["plain", "fast"])
def contender(request: pytest.FixtureRequest, database_url: str) -> Iterator[Contender]:
    found = Contender(request.param, database_url)
    yield found
    found.close()


def test_a_record_comes_back_as_it_went_in(contender: Contender) -> None:
    given = north(1) | {"note": "备注"}
    stored = contender.run("create", orjson.dumps(given))
    assert {name: stored[name] for name in FIELDS} == given | {"owner": 1}
    assert stored["version"] == 1


def test_a_change_asks_for_the_version_and_leaves_history(contender: Contender, database_url: str) -> None:
    stored = contender.run("create", orjson.dumps(north(1)))
    changed = contender.run("update", stored["id"], 1, orjson.dumps(changes(2)))
    assert changed["version"] == 2
    assert {name: changed[name] for name in ("score", "amount", "due")} == changes(2)
    with pytest.raises(Problem) as refused:
        contender.run("update", stored["id"], 1, orjson.dumps(changes(3)))
    assert refused.value.status == 412
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT action, fields FROM change WHERE record_id = :id ORDER BY id"), {"id": stored["id"]}).all()
    engine.dispose()
    history = [(action, fields if isinstance(fields, dict) else orjson.loads(fields)) for action, fields in rows]
    assert [action for action, _ in history] == ["create", "update"]
    assert history[1][1]["score"] == [north(1)["score"], changes(2)["score"]]


def test_a_page_is_the_visible_ones_by_amount(contender: Contender) -> None:
    rows = contender.run("find", "working")["data"]
    assert len(rows) == PAGE
    assert [float(r["amount"]) for r in rows] == sorted((float(r["amount"]) for r in rows), reverse=True)
    assert {r["status"] for r in rows} == {"working"}
    assert [r for r in rows if r["owner"] != 1 and r["region"] not in ("north", "south")] == []


def test_wrong_records_are_refused(contender: Contender) -> None:
    for wrong, status in WRONG:
        with pytest.raises(Problem) as refused:
            contender.run("create", orjson.dumps(north(1) | wrong))
        assert refused.value.status == status, wrong
