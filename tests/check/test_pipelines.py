"""Pipelines checked against walking them by hand."""

from dougong.pipeline import read_app
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ["a", "b", "c", "d"]
KINDS = ["open", "waiting", "done", "lost"]
MOVES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda m: m[0] != m[1]), min_size=1, max_size=6)


def told(kinds: list[str], moves: list[tuple[str, str]]) -> set[tuple[str, str]]:
    stages = ", ".join(f"{n}: {{kind: {k}{', start: true' if n == 'a' else ''}}}" for n, k in zip(NAMES, kinds, strict=True))
    lines = ", ".join(f'{source} -> {target} "x"' for source, target in moves)
    text = "app: x\nobjects: {o: {fields: {n: text}}}\nroles: {r: {may: read o}}\n"
    text += f"pipelines: {{p: {{of: o, stages: {{{stages}}}, moves: [{lines.replace(', ', ', ')}]}}}}\n"
    return {(d.code.code, str(d.params.get("stage"))) for d in read_app({"a.yaml": text}).diagnostics}


def follow(start: str, moves: list[tuple[str, str]]) -> set[str]:
    """Where one can get from a stage, itself included."""
    found = {start}
    for _ in NAMES:
        found |= {target for source, target in moves if source in found}
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(KINDS), min_size=4, max_size=4), MOVES)
def test_reachable_and_ways_out(kinds: list[str], moves: list[tuple[str, str]]) -> None:
    reached = follow("a", moves)
    stuck = {n for n, kind in zip(NAMES, kinds, strict=True) if kind in ("open", "waiting") and n not in {s for s, _ in moves}}
    ends = {n for n, kind in zip(NAMES, kinds, strict=True) if kind not in ("open", "waiting")}
    endless = {n for n in {s for s, _ in moves} if not follow(n, moves) & ends} if ends else set()
    wanted = {("T504", n) for n in NAMES if n not in reached} | {("T505", n) for n in stuck} | {("T540", n) for n in endless}
    assert told(kinds, moves) == wanted
