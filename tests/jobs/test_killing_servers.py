"""Servers and workers die without warning while people write: every effect of every acknowledged write is there, and none twice."""

from bench import flowing

KILLS = 5


def test_five_kills(database_url: str) -> None:
    books = flowing.run(database_url, KILLS)
    assert books.failures == []
    assert books.kills == KILLS
    assert books.names
