"""A hundred objects with two thousand fields are read and checked in two seconds of processor time."""

import time

from dougong.model.memory import Memory
from dougong.pipeline import read_app
from dougong_dsl.sentences import parsing

from tests.model.big_app import big_app


def test_a_large_app_is_read_in_two_seconds() -> None:
    files = big_app(objects=100, fields=20)
    parsing._tree.cache_clear()
    start = time.process_time()
    app = read_app(files).app
    assert app is not None
    assert sum(len(o.fields) for o in app.objects.values() if not o.is_system) == 2000
    assert time.process_time() - start <= 2.0


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
