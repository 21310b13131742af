"""Which money fields are prices of one piece: those that a formula multiplies by a count. Adding them up says nothing."""

from collections.abc import Iterator

from dougong_dsl.expression.typed import Arithmetic, Get, Typed, walk

from dougong.model.app import App

COUNTS = frozenset({"integer", "number"})


def unit_prices(app: App) -> frozenset[tuple[str, str]]:
    """(object, field) of every money field that some formula of the app multiplies by a whole number or a number.

    A percentage is no count: in `amount * probability` the amount stays an amount.
    """
    found: set[tuple[str, str]] = set()
    for made in app.objects.values():
        for field in made.fields.values():
            if field.formula is None:
                continue
            for node in walk(field.formula.root):
                if isinstance(node, Arithmetic) and node.operator == "*":
                    found.update(_prices(app, list(_factors(node))))
    return frozenset(found)


def _prices(app: App, factors: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    kinds = {f: app.objects[f[0]].fields[f[1]].type.widget for f in factors if f[1] in app.objects[f[0]].fields}
    if any(kind in COUNTS for kind in kinds.values()):
        yield from (name for name, kind in kinds.items() if kind == "money")


def _factors(node: Typed) -> Iterator[tuple[str, str]]:
    """Object and field of the fields that a product multiplies."""
    if isinstance(node, Arithmetic) and node.operator == "*":
        yield from _factors(node.left)
        yield from _factors(node.right)
    elif isinstance(node, Get) and node.row.object:
        yield (node.row.object, node.name)
