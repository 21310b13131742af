"""Triggers that set themselves off: told when nothing stops them, and only then."""

import pytest
from dougong.pipeline import read_app

HEAD = "app: x\nobjects: {o: {fields: {a: integer, b: integer}}, p: {fields: {n: text}}}\nroles: {r: {may: [read o, read p]}}\ntriggers:\n"


def told(*triggers: str) -> list[str]:
    lines = "".join(f"  t{n}: {{{trigger}}}\n" for n, trigger in enumerate(triggers, 1))
    return [f"{d.place.line} {d.code.code} {d.params['chain']}" for d in read_app({"a.yaml": HEAD + lines}).diagnostics]


UP = "on: o.a changed, do: [{set: {a: a + 1}}]"
A_TO_B = "on: o.a changed, do: [{set: {b: a + 1}}]"
B_TO_A = "on: o.b changed, do: [{set: {a: b + 1}}]"
MAKE_P = "on: o created, do: [{create: {of: p}}]"
MAKE_O = "on: p created, do: [{create: {of: o}}]"


@pytest.mark.parametrize(
    ("triggers", "found"),
    [
        ((UP,), ["5 T516 t1 → t1"]),
        ((A_TO_B, B_TO_A), ["5 T516 t1 → t2 → t1"]),
        ((A_TO_B,), []),
        (("on: o.a changed, when: a < 3, do: [{set: {a: a + 1}}]",), []),
        (("on: o.a changed to 3, do: [{set: {a: a + 1}}]",), []),
        (("on: o.a changed, do: [{set: {a: 1}}]",), []),
        ((MAKE_P, MAKE_O), ["5 T533 t1 → t2 → t1"]),
        ((MAKE_P,), []),
        ((MAKE_P, "on: p created, do: [{create: {of: o}, when: n is blank}]"), []),
    ],
)
def test_loops(triggers: tuple[str, ...], found: list[str]) -> None:
    assert told(*triggers) == found
