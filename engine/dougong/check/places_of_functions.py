"""Checks over functions that are not everywhere: what the database computes has an answer there, and rules of numbers are rules."""

from collections.abc import Iterator

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
from dougong.model.memory import Verdicts

Spoken = tuple[str, str]


def only_in_python(app: App, known: Verdicts) -> Iterator[Diagnostic]:
    """Functions that no database knows, where the database computes: grants, views, formulas without a column."""
    for expression, what in _in_sql(app):
        name = known.of(_unknown_to_sql, expression) if expression is not None else None
        if expression is not None and name is not None:
            yield codes.NOT_IN_DATABASE.at(place_of(expression), function=name, what=what)


def rules_of_numbers(app: App, known: Verdicts) -> Iterator[Diagnostic]:
    """The rule of NEXTNO is one that `autonumber` takes."""
    for owner in app.objects.values():
        for field in owner.fields.values():
            wrong = None if field.default is None else known.of(_wrong_rule, field.default)
            if wrong is not None and field.default is not None:
                yield codes.BAD_PATTERN.at(place_of(field.default), reason=wrong)


def _unknown_to_sql(expression: Expression) -> str | None:
    """The first function of an expression that no database has."""
    calls = (node.function for node in walk(expression.root) if isinstance(node, Call))
    return next((name for name in calls if FUNCTIONS[name].sql is NOT_THERE), None)


def _wrong_rule(default: Expression) -> Spoken | None:
    """Why a rule of numbers in a default is none."""
    for node in walk(default.root):
        if isinstance(node, Call) and node.function == "NEXTNO" and isinstance(node.arguments[0], Constant):
            try:
                AutonumberOptions(pattern=str(node.arguments[0].value))
            except ValidationError as wrong:
                problem = wrong.errors()[0].get("ctx", {}).get("error")
                return (problem.zh, problem.en) if isinstance(problem, OptionsError) else ("太长了", "it is too long")
    return None


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
