"""What a look-up asks to be equal: with it only those records are fetched, and an index can find them."""

from dougong_dsl.expression import typed
from dougong_dsl.expression.types import Choice, Record, Text


def equalities(node: typed.Aggregate) -> list[tuple[str, typed.Typed]]:
    """What a look-up asks to be equal: fields of its rows, and values that do not hang on them."""
    found: dict[str, typed.Typed] = {}
    where = node.where
    for item in where.items if isinstance(where, typed.Logical) and where.operator == "and" else (where,):
        if isinstance(item, typed.Compare) and item.operator == "=":
            for field, value in ((item.left, item.right), (item.right, item.left)):
                mine = isinstance(field, typed.Get) and isinstance(field.row, typed.Here) and field.row.depth == node.depth
                if (
                    mine
                    and type(field.type) in (Text, Choice, Record)
                    and type(value.type) in (Text, Choice, Record)
                    and _is_outside(value, node.depth)
                ):
                    assert isinstance(field, typed.Get)
                    found.setdefault(field.name, value)
    return list(found.items())


def _is_outside(value: typed.Typed, depth: int) -> bool:
    return not any(isinstance(part, typed.Here) and part.depth >= depth or isinstance(part, typed.Aggregate) for part in typed.walk(value))
