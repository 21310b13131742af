"""Stages of a pipeline beside the main one are found wherever they are named, with the field of the pipeline in front."""

from dougong.names.index import declared, index
from dougong.names.symbols import Symbol

TEXT = """\
app: x
calendars: {shop: {days: mon-sat}}
objects:
  deal:
    fields:
      name: text
      out: boolean = passed(proof.todo) or instate(proof.good)
      old: number = hoursinstate(proof, shop)
      since: datetime = statesince(proof)
pipelines:
  flow:
    of: deal
    stages: {todo: {start: true}, won: {kind: won}}
    moves: [todo -> won when time_in(proof.todo) > 3 hours]
  checks:
    of: deal
    field: proof
    stages: {todo: {start: true, overdue: after 2 days}, good: {kind: done}}
    moves: [todo -> good]
views:
  board: {of: deal, kind: kanban, pipeline: checks}
triggers:
  a: {on: deal.proof overdue, do: [{move: proof.good}]}
  b: {on: deal in proof.todo for 3 days, do: [{propose_move: {to: proof.good, for: role boss}}]}
  c: {on: deal entered proof.good, do: [{move: stage.won}]}
roles:
  boss: {may: [read deal, move deal along checks]}
scenarios:
  s:
    steps:
      - create deal d1: {name: a}
      - move d1 to proof.good
      - expect: d1 in proof.good
"""


def lines_of(symbol: Symbol) -> list[int]:
    """The lines on which a name stands."""
    files = {"app.yaml": TEXT}
    places = [o.place for o in index(files, declared(files)).of(symbol)]
    lines = TEXT.split("\n")
    assert {lines[p.line - 1][p.column - 1 :][: p.length] for p in places} == {symbol.name}
    return [p.line for p in places]


def mentions(word: str) -> list[int]:
    return [number for number, line in enumerate(TEXT.split("\n"), 1) for _ in range(line.count(word))]


def test_every_mention_is_found() -> None:
    assert lines_of(Symbol("field", "proof", "deal")) == mentions("proof")
    assert lines_of(Symbol("stage", "good", "deal.proof")) == mentions("good")
    assert lines_of(Symbol("stage", "todo", "deal.proof")) == [7, 14, 18, 19, 24]
    assert lines_of(Symbol("stage", "todo", "deal")) == [13, 14]
    assert lines_of(Symbol("stage", "won", "deal")) == mentions("won:") + [14, 25]
    assert lines_of(Symbol("pipeline", "checks")) == mentions("checks")
    assert lines_of(Symbol("calendar", "shop")) == [2, 8]
