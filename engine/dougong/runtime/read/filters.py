"""A filter as a person writes it, read in the light of what the person may see."""

import re
from typing import Literal

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.expression import Expression, Scope, check
from dougong_dsl.expression.sql import can_run_in_sql
from dougong_dsl.expression.types import Boolean
from dougong_dsl.places import Source

from dougong.access.access import Access
from dougong.model.app import App, Field
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.read.refusals import MASKED_HERE

NOT_IN_FILTERS = ("筛选里不能问修改前的值", "a filter cannot ask for the value before a change")


def _masked(app: App, access: Access, object_name: str, text: str) -> Field | None:
    """The field that this person only sees masked and that `text` begins with."""
    fields = [app.objects[object_name].fields[n] for n in access.reads(object_name).masked if n in app.objects[object_name].fields]
    words = ((f, word) for f in fields for word in (f.name, f.title.zh, f.title.en))
    return next((f for f, word in words if re.match(re.escape(word) + r"(?!\w)", text)), None)


def _said(found: Diagnostic, language: Literal["zh", "en"], stop: str) -> str:
    """What is wrong and how to mend it, as two sentences."""
    message, hint = found.message(language).rstrip(), found.hint(language).strip()
    ends = message.endswith(("。", "？", "！", ".", "?", "!"))
    return message + (stop if not ends else " " * (language == "en")) + hint if hint else message


def parse_filter(app: App, access: Access, object_name: str, text: str) -> Expression:
    """The checked expression; `Refused` R721 with the reason and the nearest right name, drawn only from names the person may see."""
    scope = Scope(access.schema, object_name, currency=app.currency, calendar=app.calendar, calendars=app.calendars)
    expression, found = check(Source.inline(text, "where"), scope, Boolean())
    if expression is None:
        wrong = [d for d in found if d.is_error]
        first = wrong[0]
        masked = (_masked(app, access, object_name, text[d.place.column - 1 :]) for d in wrong)
        hidden = next((field for field in masked if field is not None), None)
        if hidden is not None:
            raise refuse(MASKED_HERE, field="where", title=(hidden.title.zh, hidden.title.en))
        raise refuse(codes.BAD_WHERE, field="where", problem=(_said(first, "zh", "。"), _said(first, "en", ". ")))
    if not can_run_in_sql(expression):
        raise refuse(codes.BAD_WHERE, field="where", problem=NOT_IN_FILTERS)
    return expression
