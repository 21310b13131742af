"""`dougong check`: every mistake of a definition at its place; `--show` prints what a stage made of it."""

from enum import StrEnum
from typing import Annotated

import typer

from dougong.cli.diagnostics import as_json, show
from dougong.cli.opening import read
from dougong.cli.options import AppPath, Output, Tongue
from dougong.cli.speech import MISTAKE, Format, Speech


class Stage(StrEnum):
    """What `--show` can print."""

    MODEL = "model"
    TABLES = "tables"
    FORMS = "forms"
    PLAN = "plan"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", help="检查定义,列出所有错误 / check a definition and list every mistake")(check)


def check(
    path: AppPath,
    stage: Annotated[Stage | None, typer.Option("--show", help="打印这一步的结果 / print what this stage made")] = None,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Read and check; exit code 1 when there are errors."""
    speech = Speech.of(lang, output)
    built = read(path, speech)
    show(built.diagnostics, built.files, speech)
    if built.app is None:
        speech.give({"diagnostics": as_json(built.diagnostics, speech.language)})
        raise typer.Exit(MISTAKE)
    if stage is not None:
        from dougong.cli import dump  # lazy: needs SQLAlchemy, only for --show

        made = dump.STAGES[stage.value](built.app, speech.language)
        speech.give(made)
        text = dump.as_text(made)
        speech.say(text, text)
        return
    count = len(built.app.objects)
    fields = sum(len(o.fields) for o in built.app.objects.values())
    speech.say(f"没有错误:{count} 个对象,{fields} 个字段", f"No errors: {count} objects, {fields} fields")
    speech.give({"app": built.app.name, "objects": count, "fields": fields, "diagnostics": as_json(built.diagnostics, speech.language)})
