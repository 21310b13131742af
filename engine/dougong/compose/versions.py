"""Versions of building blocks: `1.2.0`, and what an app may ask for: `1.2.0`, `1.2` (any 1.2.x), `^1.2` (1.x, not below 1.2)."""

import re

NUMBERS = re.compile(r"\d{1,6}(\.\d{1,6}){0,2}")
WANTED = re.compile(r"\^?\d{1,6}(\.\d{1,6}){0,2}")


def parse(version: str) -> tuple[int, ...]:
    """Three numbers; a version that is not made of numbers is lower than any other."""
    found = NUMBERS.fullmatch(version)
    numbers = [int(each) for each in version.split(".")] if found else []
    return tuple((*numbers, 0, 0, 0)[:3])


def fits(version: str, wanted: str) -> bool:
    """Whether a version is what is wanted; an empty wish takes any."""
    if not wanted:
        return True
    numbers = tuple(int(each) for each in wanted.lstrip("^").split("."))
    have = parse(version)
    if wanted.startswith("^"):
        return have[0] == numbers[0] and have >= (*numbers, 0, 0)[:3]
    return have[: len(numbers)] == numbers
