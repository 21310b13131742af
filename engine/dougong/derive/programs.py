"""Expressions and texts of the definition as Python functions of a record and a context."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dougong_dsl.expression import Expression
from dougong_dsl.expression.python import to_python

from dougong.model.app import App
from dougong.model.text import Template

Program = Callable[[Mapping[str, Any], Any], Any]
TextProgram = Callable[[Mapping[str, Any], Any], tuple[str, str]]  # the text in Chinese and in English


def compile_program(expression: Expression) -> Program:
    """An expression as a function of (row, context)."""
    return to_python(expression)


def compile_template(app: App, template: Template) -> TextProgram:
    """A text with its gaps filled, in both languages."""
    zh = [p if isinstance(p, str) else to_python(p) for p in template.parts_in("zh")]
    en = zh if template.en is None else [p if isinstance(p, str) else to_python(p) for p in template.parts_in("en")]

    def fill(row: Mapping[str, Any], context: Any) -> tuple[str, str]:
        def filled(parts: list[str | Program]) -> str:
            return "".join(p if isinstance(p, str) else spoken(p(row, context), app) for p in parts)

        text = filled(zh)
        return text, text if en is zh else filled(en)

    return fill


def spoken(value: Any, app: App) -> str:
    """A value in a sentence: numbers without idle zeros, instants in the app's zone, nothing for nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            return value.astimezone(app.zone).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case tuple():
            return "、".join(spoken(v, app) for v in value)
    return str(value)
