"""Syntax tree → typed tree: binds names, gives every node its type, collects every mistake it finds.

Rules for operators are in `operators`, for names in `names`, for functions in `calls` and the function table.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import Diagnostic, has_errors
from dougong_dsl.expression import calls, names, operators, syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.parser import parse
from dougong_dsl.expression.scope import Scope
from dougong_dsl.expression.typed import (
    Acting,
    Before,
    Changed,
    Children,
    Constant,
    Expression,
    IsNew,
    Linked,
    LocalTime,
    Now,
    Past,
    Schedule,
    Today,
    Typed,
    Within,
    walk,
)
from dougong_dsl.expression.types import Boolean, Choice, Date, DateTime, Duration, ListOf, Null, Text, Type, fitting, words
from dougong_dsl.expression.weight import LIMIT, weight
from dougong_dsl.places import Source


class Checker(Binding):
    """Types every kind of syntax node."""

    def anything(self, node: syntax.Node, hint: Type | None = None) -> Typed | None:
        """Any value, lists of records included."""
        visit = cast("Callable[[Any, Type | None], Typed | None]", getattr(self, f"_{type(node).__name__.lower()}"))
        found = visit(node, hint)
        return None if found is None else replace(found, start=node.start, end=node.end)

    def _literal(self, node: syntax.Literal, hint: Type | None) -> Typed | None:
        value = node.value
        if value is None:
            return Constant(type=Null(), value=None)
        if isinstance(value, bool):
            return Constant(type=Boolean(), nullable=False, value=value)
        if isinstance(value, Decimal):
            return operators.constant_number(value)
        if isinstance(value, str):
            option = names.option(self, node, value, hint) if isinstance(hint, Choice) and value else None
            return option or Constant(type=Text(), nullable=not value, value=value or None)
        if isinstance(value, datetime):
            return LocalTime(type=DateTime(), nullable=False, value=value)
        return Constant(type=Date(), nullable=False, value=value)

    def _span(self, node: syntax.Span, hint: Type | None) -> Typed | None:
        if node.working:
            self.report(codes.WORKING_ALONE, node)
            return None
        if node.months is not None:
            self.report(codes.CALENDAR_DURATION, node)
            return None
        return Constant(type=Duration(), nullable=False, value=node.time)

    def _name(self, node: syntax.Name, hint: Type | None) -> Typed | None:
        return names.resolve(self, node, hint)

    def _member(self, node: syntax.Member, hint: Type | None) -> Typed | None:
        return names.member(self, node)

    def _call(self, node: syntax.Call, hint: Type | None) -> Typed | None:
        return calls.call(self, node, hint)

    def _unary(self, node: syntax.Unary, hint: Type | None) -> Typed | None:
        if node.operator == "not":
            found = self.condition(node.operand)
            return None if found is None else operators.negation(found)
        operand = self.scalar(node.operand)
        return None if operand is None else operators.sign(self, node, operand)

    def _binary(self, node: syntax.Binary, hint: Type | None) -> Typed | None:
        return operators.binary(self, node)

    def _chain(self, node: syntax.Chain, hint: Type | None) -> Typed | None:
        if node.operator == "&":
            return operators.joined(self, node.items)
        found = [self.condition(item) for item in node.items]
        items = [item for item in found if item is not None]
        return operators.logical(node.operator, items) if len(items) == len(found) else None

    def _between(self, node: syntax.Between, hint: Type | None) -> Typed | None:
        return operators.between(self, node, node.operand, node.low, node.high, node.negated)

    def _blank(self, node: syntax.Blank, hint: Type | None) -> Typed | None:
        found = self.value(node.operand)
        return None if found is None else operators.is_blank(found, node.negated)

    def _items(self, node: syntax.Items, hint: Type | None) -> Typed | None:
        advice = ("括号里的多个值只能写在 in 后面", "Several values in brackets only go after `in`")
        self.report(codes.SYNTAX, node, found="`,`", expected=("一个值", "a single value"), advice=advice)
        return None

    def expression(self, root: Typed, tree: syntax.Node) -> Expression:
        """The finished value."""
        nodes = list(walk(root))
        return Expression(
            source=self.source,
            type=root.type,
            root=root,
            syntax=tree,
            uses=frozenset(self.uses),
            asks_time=any(isinstance(node, Today | Now) or (isinstance(node, Past) and node.kind == "time_in") for node in nodes),
            asks_calendar=any(isinstance(node, Schedule) for node in nodes),
            asks_user=any(isinstance(node, Acting) for node in nodes),
            looks_elsewhere=any(isinstance(node, Linked | Children | Within | Past) for node in nodes),
            asks_old=any(isinstance(node, Before | IsNew | Changed) for node in nodes),
            names=self.canonical,
        )


def check(source: Source, scope: Scope, expected: Type | None = None) -> tuple[Expression | None, list[Diagnostic]]:
    """Parse, bind and type an expression; None and the reasons when it has errors (T3xx). Warnings come with the value.

    `expected` is what the place asks for: `Boolean()` for a condition, the field's type for a formula or a default.
    """
    tree, diagnostics = parse(source)
    if tree is None:
        return None, diagnostics
    checker = Checker(source, scope)
    checker.diagnostics.extend(diagnostics)
    if isinstance(expected, ListOf):
        root = checker.value(tree, expected.item)
    else:
        root = checker.condition(tree) if isinstance(expected, Boolean) else checker.scalar(tree, expected)
    if root is None or has_errors(checker.diagnostics):
        return None, checker.diagnostics
    if expected is not None and not fitting(expected, root.type):
        what, advice = ("结果", "The result"), calls.converting(root.type, expected)
        checker.report(codes.WRONG_TYPE, tree, what=what, expected=words(expected), found=words(root.type), advice=advice)
        return None, checker.diagnostics
    if weight(root) > LIMIT:
        checker.report(codes.TOO_HEAVY, tree)
        return None, checker.diagnostics
    return checker.expression(root, tree), checker.diagnostics
