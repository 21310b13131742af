"""A filter as a person writes it, read in the light of what the person may see."""

from dougong_dsl.expression import Expression, Scope, check
from dougong_dsl.expression.sql import can_run_in_sql
from dougong_dsl.expression.types import Boolean
from dougong_dsl.places import Source

from dougong.access.access import Access
from dougong.model.app import App
from dougong.refusals import refuse
from dougong.runtime import refusals as codes

NOT_IN_FILTERS = ("筛选里不能问修改前的值", "a filter cannot ask for the value before a change")


def parse_filter(app: App, access: Access, object_name: str, text: str) -> Expression:
    """The checked expression; `Refused` R721 with the reason and the nearest right name, drawn only from names the person may see."""
    scope = Scope(access.schema, object_name, currency=app.currency, calendar=app.calendar, calendars=app.calendars)
    expression, found = check(Source.inline(text, "where"), scope, Boolean())
    if expression is None:
        first = next(d for d in found if d.is_error)
        said = tuple(f"{first.message(language)} {first.hint(language)}".strip() for language in ("zh", "en"))
        raise refuse(codes.BAD_WHERE, field="where", problem=said)
    if not can_run_in_sql(expression):
        raise refuse(codes.BAD_WHERE, field="where", problem=NOT_IN_FILTERS)
    return expression
