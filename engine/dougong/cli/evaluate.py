"""`dougong eval`: one expression, typed and evaluated, or shown as the Python, SQL or JavaScript that the engine makes of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from dougong.cli.diagnostics import as_json, show
from dougong.cli.opening import read, stop_at_mistakes
from dougong.cli.options import Output, Packages, Tongue
from dougong.cli.speech import MISTAKE, WRONG_USAGE, Format, Mistake, Speech

if TYPE_CHECKING:
    from dougong_dsl.expression import Expression, Scope

    from dougong.model.app import App

NAME = "<expression>"


class Target(StrEnum):
    """What `--as` can show."""

    PYTHON = "python"
    SQL = "sql"
    JS = "js"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("eval", help="计算一个表达式 / evaluate an expression")(evaluate)


def evaluate(
    expression: Annotated[str, typer.Argument(metavar="EXPR", help="表达式 / the expression")],
    of: Annotated[str | None, typer.Option("--of", metavar="OBJECT", help="哪个对象的记录 / the object it speaks of; needs --app")] = None,
    record: Annotated[str | None, typer.Option("--record", metavar="JSON", help="记录的值 / the record's values")] = None,
    target: Annotated[Target | None, typer.Option("--as", help="显示编译结果而不计算 / show what it compiles to")] = None,
    app: Annotated[Path | None, typer.Option("--app", metavar="APP", help="应用文件夹 / the app's folder")] = None,
    output: Output = Format.TEXT,
    packages: Packages = None,
    lang: Tongue = None,
) -> None:
    """Type the expression, then evaluate it on the record."""
    from dougong_dsl.expression import check  # lazy: the whole language; --help must not load it
    from dougong_dsl.places import Source  # lazy: as above

    speech = Speech.of(lang, output)
    known, values = _app(app, of, speech, packages), _values(record)
    scope, row, names = _scope(known, of, values)
    checked, diagnostics = check(Source.inline(expression, NAME), scope)
    if checked is None:
        show(diagnostics, {NAME: expression}, speech)
        speech.give({"diagnostics": as_json(diagnostics, speech.language)})
        raise typer.Exit(MISTAKE)
    show(diagnostics, {NAME: expression}, speech)
    made = _compiled(checked, target, known, of) if target is not None else _run(checked, row, names, known)
    shown = made if isinstance(made, str) and target else json.dumps(_json(made), ensure_ascii=False)
    speech.say(shown, shown)
    speech.give({"value" if target is None else target.value: _json(made)})


@dataclass(frozen=True)
class _Alone:
    """The facts of a run without a database: no links, no lists, nobody acting."""

    now: datetime
    zone: ZoneInfo
    names: Mapping[str, Any]
    me: Mapping[str, Any] = field(default_factory=lambda: {"id": None})
    old: Mapping[str, Any] | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def follow(self, object: str, id: int) -> Mapping[str, Any] | None:
        return None

    def children(self, object: str, through: str, id: int) -> tuple[Mapping[str, Any], ...]:
        return ()

    def records(self, object: str, equal: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
        return ()

    def stays(self, object: str, row: Mapping[str, Any], column: str = "stage", log: str | None = None) -> tuple[()]:
        return ()

    def changes(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> int:
        return 0

    def approved(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> bool:
        return False


class _Blank(dict[str, Any]):
    """A record in which what was not given is blank."""

    def __missing__(self, name: str) -> None:
        return None


def _app(path: Path | None, of: str | None, speech: Speech, packages: list[Path] | None) -> "App | None":
    if path is None:
        if of is not None:
            raise Mistake("--of 需要同时给出 --app", "--of needs --app", WRONG_USAGE)
        return None
    built = read(path, speech, packages)
    stop_at_mistakes(built, speech)
    assert built.app is not None
    if of is not None and of not in built.app.objects:
        names = ", ".join(built.app.objects)
        raise Mistake(f"没有对象“{of}”，有：{names}", f"There is no object “{of}”; there are: {names}")
    return built.app


def _values(record: str | None) -> dict[str, Any]:
    try:
        values = json.loads(record or "{}", parse_float=Decimal)
    except ValueError as error:
        raise Mistake(f"--record 不是有效的 JSON:{error}", f"--record is not valid JSON: {error}", WRONG_USAGE) from None
    if not isinstance(values, dict):
        raise Mistake("--record 应为一个 JSON 对象", "--record must be a JSON object", WRONG_USAGE)
    return values


def _scope(app: "App | None", of: str | None, values: Mapping[str, Any]) -> tuple["Scope", Mapping[str, Any], Mapping[str, Any]]:
    """The scope, the record and the plain names: with an object the values are its fields, else plain names typed by their JSON."""
    from dougong_dsl.expression import Scope  # lazy: the whole language; --help must not load it

    from dougong.derive.facts import all_fields  # lazy: as above
    from dougong.derive.schema import AppSchema  # lazy: as above
    from dougong.fields.base import Reading  # lazy: as above

    if app is None or of is None:
        schema = AppSchema(app) if app is not None else _Nothing()
        return Scope(schema, None, names={name: _type(name, value) for name, value in values.items()}), values, values
    fields, reading = all_fields(app, app.objects[of]), Reading("zh", app.zone)
    row = _Blank()
    for name, value in values.items():
        if name not in fields:
            raise Mistake(f"“{of}”没有字段“{name}”", f"{of} has no field “{name}”")
        row[name], refusal = fields[name].type.parse(value, reading)
        if refusal is not None:
            raise Mistake(f"{name}:{refusal.message('zh')}", f"{name}: {refusal.message('en')}")
    return Scope(AppSchema(app), of, currency=app.currency, calendar=app.calendar, calendars=app.calendars), row, {}


class _Nothing:
    """The schema of no app."""

    def members(self, object_name: str) -> Mapping[str, Any]:
        return {}

    def objects(self) -> tuple[str, ...]:
        return ()


def _type(name: str, value: Any) -> Any:
    from dougong_dsl.expression import types  # lazy: the whole language; --help must not load it

    if isinstance(value, bool):
        return types.Boolean()
    if isinstance(value, int | Decimal):
        digits = Decimal(value).as_tuple()
        return types.Number(18, max(0, -int(digits.exponent)))
    if isinstance(value, str):
        return types.Text()
    raise Mistake(
        f"--record 里“{name}”的值要是文字、数字或真假",
        f"The value of “{name}” in --record must be a text, a number or true or false",
        WRONG_USAGE,
    )


def _run(expression: "Expression", row: Mapping[str, Any], names: Mapping[str, Any], app: "App | None") -> Any:
    from dougong_dsl.expression.python import to_python  # lazy: the whole language; --help must not load it

    zone = app.zone if app is not None else ZoneInfo("Asia/Shanghai")
    now = datetime.now(UTC)
    return to_python(expression)(row, _Alone(now.replace(microsecond=now.microsecond // 1000 * 1000), zone, names))


def _compiled(expression: "Expression", target: Target, app: "App | None", of: str | None) -> str:
    """The text in the target language."""
    if target is Target.PYTHON:
        from dougong_dsl.expression.python import python_source  # lazy: the whole language; --help must not load it

        return python_source(expression).strip()
    if target is Target.JS:
        from dougong_dsl.expression.javascript import to_js  # lazy: as above

        script = to_js(expression)
        if script is None:
            raise Mistake("这个表达式不能在浏览器里运行", "This expression does not run in the browser")
        return script
    from dougong_dsl.expression.sql import can_run_in_sql, to_sql  # lazy: as above
    from dougong_dsl.expression.sql_history import APPROVALS, CHANGES, STAGE_LOG  # lazy: as above

    from dougong.database.text import DIALECTS  # lazy: as above
    from dougong.derive.tables import build_tables  # lazy: as above

    if not can_run_in_sql(expression):
        raise Mistake(
            "这个表达式不能在数据库里运行（用到了修改前的值）",
            "This expression does not run in SQL: it asks for the state before the change",
        )
    made = build_tables(app, "sqlite") if app is not None else None
    tables = {}
    if made is not None:
        tables = {**made.of, STAGE_LOG: made.engine.stage_log, CHANGES: made.engine.change, APPROVALS: made.engine.approval}
    element = to_sql(expression, tables[of] if of is not None else None, tables, "sqlite")
    return str(element.compile(dialect=DIALECTS["sqlite"], compile_kwargs={"literal_binds": False}))


def _json(value: Any) -> Any:
    """A value as JSON writes it: exact numbers as they are written, instants in ISO 8601."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_json(v) for v in value]
    return value if value is None or isinstance(value, bool | int | str | dict) else str(value)
