"""A server that is killed without warning loses no acknowledged write, and takes up new releases without failing a request."""

from bench import soak


def test_no_promise_is_broken(database_url: str) -> None:
    books = soak.run(database_url, seconds=7, at_least=20)
    assert books.failures == []
    assert books.kills >= 1
    assert books.releases >= 1
    assert len(books.versions) >= 20
