"""`dougong check`: every mistake of a definition at its place; `--show` prints what a stage made of it."""

from enum import StrEnum
from typing import Annotated

import typer

from dougong.cli.diagnostics import as_json, show
from dougong.cli.opening import read
from dougong.cli.options import AppPath, Output, Packages, Tongue
from dougong.cli.speech import MISTAKE, WRONG_USAGE, Format, Mistake, Speech


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
    key: Annotated[str | None, typer.Option("--why", metavar="KEY", help="这个键从哪里来 / where this key comes from")] = None,
    packages: Packages = None,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Read and check; exit code 1 when there are errors."""
    speech = Speech.of(lang, output)
    if key is not None and stage is not Stage.MODEL:
        raise Mistake("--why 要和 --show model 一起用", "--why goes with --show model", WRONG_USAGE)
    built = read(path, speech, packages)
    if key is None or built.app is None:
        show(built.diagnostics, built.files, speech)
    if built.app is None:
        speech.give({"diagnostics": as_json(built.diagnostics, speech.language)})
        raise typer.Exit(MISTAKE)
    if key is not None:
        from dougong.cli.why import explain  # lazy: reads the whole language; --help must not

        explain(built, key, speech)
        return
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
