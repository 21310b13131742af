"""How deep a typed tree becomes as an SQL statement.

SQLite's parser keeps a stack of 100 entries, whatever the machine: a statement nested deeper is refused when it runs.
The weights are entries per level, measured on generated statements; what passes here runs on every backend.
"""

from dougong_dsl.expression import typed

LIMIT = 90.0
_WEIGHTS: dict[type, float] = {
    typed.Case: 2.5,
    typed.Switch: 2.5,
    typed.Not: 2,
    typed.OneOf: 3,
    typed.IsBlank: 2,
    typed.Logical: 1.5,
    typed.Compare: 1.5,
    typed.Range: 3,
    typed.InList: 7,
    typed.Within: 20,
    typed.Joined: 6,
    typed.Past: 24,
    typed.Linked: 10,
    typed.Aggregate: 14,
    typed.Get: 0,
    typed.Records: 0,
}
_FUNCTIONS = {"LEFT": 19, "RIGHT": 19, "MID": 19, "FIND": 19, "SUBSTITUTE": 9, "TRIM": 7, "NUMBER": 9}
_OTHER = 4.0


def weight(root: typed.Typed) -> float:
    """Stack entries that the deepest path of a tree needs, at most."""
    heaviest = 0.0
    waiting: list[tuple[typed.Typed | typed.Row, float]] = [(root, 0.0)]
    while waiting:
        node, above = waiting.pop()
        mine = _FUNCTIONS.get(node.function, _OTHER) if isinstance(node, typed.Call) else _WEIGHTS.get(type(node), _OTHER)
        heaviest = max(heaviest, above + mine)
        waiting.extend((each, above + mine) for each in typed.inner(node))
    return heaviest
