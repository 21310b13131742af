"""Versions wanted and found."""

import pytest
from dougong.compose.versions import fits, parse


@pytest.mark.parametrize(
    ("version", "wanted", "does"),
    [
        ("1.2.0", "", True),
        ("1.2.0", "1", True),
        ("1.2.0", "1.2", True),
        ("1.2.0", "1.3", False),
        ("1.2.0", "^1.1", True),
        ("1.2.0", "^1.2.1", False),
        ("2.0.0", "^1", False),
        ("10.0.0", "1", False),
        ("draft", "^0", True),
        ("draft", "1", False),
    ],
)
def test_what_fits(version: str, wanted: str, does: bool) -> None:
    assert fits(version, wanted) is does


def test_versions_are_numbers() -> None:
    assert sorted(["1.10.0", "1.9", "2", "x"], key=parse) == ["x", "1.9", "1.10.0", "2"]
