"""A build that remembers an earlier one reads again only what is not the same."""

from dougong.model.memory import Memory
from dougong.pipeline import read_app

from tests.model.big_app import big_app


def test_a_build_that_remembers_keeps_every_object_of_the_files_that_are_the_same() -> None:
    """Those with a formula that tells its own type among them: what is known about an object is known of this very one."""
    files, memory = big_app(objects=10), Memory()
    before = read_app(files, memory=memory).app
    name = next(n for n, text in files.items() if "objects:" in text)
    after = read_app({**files, name: files[name] + "\n# a word more\n"}, memory=memory).app
    assert before is not None and after is not None
    kept = {n for n in before.objects if before.objects[n] is after.objects[n]}
    assert {n for n, o in before.objects.items() if o.place.file not in (name, "<built-in>")} <= kept
    assert kept
