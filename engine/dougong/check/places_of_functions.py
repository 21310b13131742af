"""Checks over functions that are not everywhere: what the database computes has an answer there, and rules of numbers are rules."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.expression import Expression
from dougong_dsl.expression.functions import FUNCTIONS, NOT_THERE
from dougong_dsl.expression.typed import Call, Constant, walk
from pydantic import ValidationError

from dougong.check.conditions import place_of
from dougong.fields.autonumber import AutonumberOptions
from dougong.fields.base import OptionsError
from dougong.model.app import App

Spoken = tuple[str, str]


def only_in_python(app: App, unsound: AbstractSet[tuple[str, str]]) -> Iterator[Diagnostic]:
    """Functions that no database knows, where the database computes: grants, views, formulas without a column."""
    for expression, what in _in_sql(app):
        name = next((c for c in _calls(expression) if FUNCTIONS[c].sql is NOT_THERE), None) if expression is not None else None
        if expression is not None and name is not None:
            yield codes.NOT_IN_DATABASE.at(place_of(expression), function=name, what=what)


def rules_of_numbers(app: App, unsound: AbstractSet[tuple[str, str]]) -> Iterator[Diagnostic]:
    """The rule of NEXTNO is one that `autonumber` takes."""
    for owner in app.objects.values():
        for field in owner.fields.values():
            for node in walk(field.default.root) if field.default is not None else ():
                if isinstance(node, Call) and node.function == "NEXTNO" and isinstance(node.arguments[0], Constant):
                    try:
                        AutonumberOptions(pattern=str(node.arguments[0].value))
                    except ValidationError as wrong:
                        yield codes.BAD_PATTERN.at(field.place if field.default is None else place_of(field.default), reason=_reason(wrong))


def _reason(wrong: ValidationError) -> Spoken:
    problem = wrong.errors()[0].get("ctx", {}).get("error")
    return (problem.zh, problem.en) if isinstance(problem, OptionsError) else ("太长了", "it is too long")


def _calls(expression: Expression) -> Iterator[str]:
    return (node.function for node in walk(expression.root) if isinstance(node, Call))


def _in_sql(app: App) -> Iterator[tuple[Expression | None, Spoken]]:
    """Every expression that is written as SQL, and what needs it."""
    for owner in app.objects.values():
        for field in owner.fields.values():
            if not field.is_stored:
                yield field.formula, (f"公式字段 `{field.name}` ", f"the formula field `{field.name}`")
    for role in app.roles.values():
        for grant in role.grants:
            yield grant.where, (f"角色 `{role.name}` 的授权", f"a grant of the role `{role.name}`")
    for view in app.views.values():
        yield view.where, (f"视图 `{view.name}` ", f"the view `{view.name}`")


FUNCTION_CHECKS = (only_in_python, rules_of_numbers)
