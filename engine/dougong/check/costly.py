"""Lints over values and questions that cost: percentages a hundred times too big, look-ups that read a whole table at each save."""

from collections.abc import Iterator
from decimal import Decimal

from dougong_dsl.codes import lints as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.expression import Expression
from dougong_dsl.expression.equalities import equalities
from dougong_dsl.expression.typed import Aggregate, Constant, Records, walk

from dougong.check.conditions import place_of
from dougong.fields.percent import PercentField
from dougong.model.app import App
from dougong.model.memory import Verdicts

_MOST = 10  # 1000 %
_CALLED = {"count": "COUNTREC", "sum": "SUMREC", "any": "EXISTS", "first": "LOOKUP"}


def big_percentages(app: App, known: Verdicts) -> Iterator[Diagnostic]:
    """A percentage whose default was written as on paper: `default 13` is 1300 %."""
    for owner in app.objects.values():
        for field in owner.fields.values():
            root = field.default.root if field.default is not None and isinstance(field.type, PercentField) else None
            if field.default is not None and isinstance(root, Constant) and isinstance(root.value, int | Decimal) and root.value >= _MOST:
                percent = f"{root.value * 100:f}".rstrip("0").rstrip(".") if isinstance(root.value, Decimal) else str(root.value * 100)
                yield codes.BIG_PERCENTAGE.at(
                    place_of(field.default), field=field.name, found=str(root.value), percent=percent, meant=str(root.value)
                )


def whole_tables(app: App, known: Verdicts) -> Iterator[Diagnostic]:
    """Look-ups of rules that run at each save and can use no index: their cost grows with the table."""
    for expression in _at_each_save(app):
        for function, name in known.of(_scans, expression) if expression is not None and expression.looks_elsewhere else ():
            assert expression is not None
            yield codes.WHOLE_TABLE.at(place_of(expression), object=name, function=function)


def _scans(expression: Expression) -> tuple[tuple[str, str], ...]:
    """The look-ups of an expression that ask for no field's value: (function, object)."""
    found = (node for node in walk(expression.root) if isinstance(node, Aggregate) and isinstance(node.rows, Records))
    return tuple(dict.fromkeys((_CALLED.get(node.kind, node.kind), node.rows.object) for node in found if not equalities(node)))


def _at_each_save(app: App) -> Iterator[Expression | None]:
    """What the server computes in Python whenever a record is saved."""
    for owner in app.objects.values():
        for field in owner.fields.values():
            yield from (field.required_when, field.show_when, field.default)
        yield from (check.rule for check in owner.checks)
        yield from (move.when for pipeline in owner.pipelines for move in pipeline.moves)
    yield from (trigger.when for trigger in app.triggers.values())


COST_LINTS = (big_percentages, whole_tables)
