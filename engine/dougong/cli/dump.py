"""What each stage made of a definition, as plain data: for `check --show` and for comparing two versions by eye."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from zoneinfo import ZoneInfo

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title
from dougong_dsl.working import Calendar
from sqlalchemy.schema import CreateIndex, CreateTable

from dougong.cli.dump_calendars import calendars
from dougong.cli.speech import Language
from dougong.database.text import DIALECTS
from dougong.derive.tables import build_tables
from dougong.fields.base import FieldType
from dougong.model.app import App
from dougong.plan.diff import diff
from dougong.plan.facts import Facts


def plain(value: Any) -> Any:
    """Any value of the model as JSON: titles in both languages, expressions as text, places as file:line:column."""
    if isinstance(value, Title):
        return value.zh if value.zh == value.en else {"zh": value.zh, "en": value.en}
    if isinstance(value, Place | ZoneInfo):
        return str(value)
    if isinstance(value, Calendar):
        return f"{value.zone.key} {value.country or ''}".strip()
    if isinstance(value, Expression):
        return value.source.text
    if isinstance(value, FieldType):
        return {"key": value.key} | value.options.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if is_dataclass(value) and not isinstance(value, type):
        named = {f.name: getattr(value, f.name) for f in fields(value)}
        return {name: plain(v) for name, v in named.items() if v not in (None, (), {}, frozenset(), False)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(v) for v in value)
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    return value


def _model(app: App, language: Language) -> Any:
    made = plain(app)
    del made["files"]
    return made


def _tables(app: App, language: Language) -> Any:
    """The SQL of every table, on both databases."""
    found: dict[str, list[str]] = {}
    for dialect in DIALECTS:
        texts: list[str] = []
        for table in build_tables(app, dialect).all:
            texts.append(str(CreateTable(table).compile(dialect=DIALECTS[dialect])).strip())
            indexes = sorted(table.indexes, key=lambda index: str(index.name))
            texts += [str(CreateIndex(index).compile(dialect=DIALECTS[dialect])).strip() for index in indexes]
        found[dialect] = texts
    return found


def _forms(app: App, language: Language) -> Any:
    return plain(app.forms)


def _plan(app: App, language: Language) -> Any:
    """What would be done in an empty database."""
    return [{"sign": o.sign, "kind": o.kind, "what": o.describe(language)} for o in diff(None, app, Facts()).operations]


STAGES: Mapping[str, Callable[[App, Language], Any]] = {
    "model": _model,
    "tables": _tables,
    "forms": _forms,
    "plan": _plan,
    "calendars": calendars,
}


def as_text(made: Any) -> str:
    """For a person: SQL as it is, everything else as indented JSON."""
    if isinstance(made, dict) and set(made) == {"sqlite", "postgresql"}:
        return "\n".join(f"-- {dialect}\n" + ";\n".join(texts) + ";\n" for dialect, texts in made.items())
    if isinstance(made, list) and made and isinstance(made[0], dict) and "sign" in made[0]:
        return "\n".join(f"{row['sign']} {row['what']}" for row in made)
    return json.dumps(made, ensure_ascii=False, indent=2, default=str)
