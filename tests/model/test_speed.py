"""A hundred objects with two thousand fields are read and checked in two seconds of processor time."""

import time

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
