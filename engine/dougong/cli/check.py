"""`dougong check`: every mistake of a definition at its place; `--show` prints what a stage made of it."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dougong.cli.diagnostics import as_json, show, shown
from dougong.cli.diagnostics_machines import MACHINES
from dougong.cli.opening import read
from dougong.cli.options import AppPath, Packages, Tongue
from dougong.cli.speech import FINE, MISTAKE, WRONG_USAGE, Format, Mistake, Speech

if TYPE_CHECKING:
    from dougong.pipeline import Built


class Report(StrEnum):
    """What `--format` may be: for people, for programs, for code scanners, for a change on GitHub."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


class Stage(StrEnum):
    """What `--show` can print."""

    MODEL = "model"
    TABLES = "tables"
    FORMS = "forms"
    PLAN = "plan"
    CALENDARS = "calendars"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", help="检查定义，列出所有错误 / check a definition and list every mistake")(check)


def check(
    path: AppPath,
    stage: Annotated[Stage | None, typer.Option("--show", help="打印这一步的结果 / print what this stage made")] = None,
    key: Annotated[str | None, typer.Option("--why", metavar="KEY", help="这个键从哪里来 / where this key comes from")] = None,
    packages: Packages = None,
    watch: Annotated[bool, typer.Option("--watch", help="改动后自动重新检查 / check again whenever a file changes")] = False,
    all_: Annotated[bool, typer.Option("--all", help="也列出提示，例如缺少的翻译 / notes too, such as missing translations")] = False,
    output: Annotated[Report, typer.Option("--format", help="输出格式 / how to report")] = Report.TEXT,
    lang: Tongue = None,
) -> None:
    """Read and check; exit code 1 when there are errors."""
    speech = Speech.of(lang, Format.JSON if output is Report.JSON else Format.TEXT)
    if key is not None and stage is not Stage.MODEL:
        raise Mistake("--why 要和 --show model 一起用", "--why goes with --show model", WRONG_USAGE)
    if stage is not None and output in MACHINES:
        raise Mistake("--show 不能和 --format sarif、github 一起用", "--show goes with no --format sarif and github", WRONG_USAGE)
    if watch and (stage is not None or output is not Report.TEXT):
        raise Mistake("--watch 只能单独使用", "--watch goes with no --show and no --format", WRONG_USAGE)
    if watch:
        from dougong.cli.watching import watch_app  # lazy: reads the whole language; --help must not

        watch_app(path, speech, packages or (), all_)
        return
    built = read(path, speech, packages)
    told = shown(built.diagnostics, all_)
    if output in MACHINES:
        print(MACHINES[output](told, path, speech.language), flush=True)
        raise typer.Exit(MISTAKE if built.app is None else FINE)
    if key is None or built.app is None:
        show(told, built.files, speech)
    if built.app is None:
        speech.give({"diagnostics": as_json(told, speech.language)})
        raise typer.Exit(MISTAKE)
    if key is not None:
        from dougong.cli.why import explain  # lazy: reads the whole language; --help must not

        explain(built, key, speech)
    elif stage is not None:
        from dougong.cli import dump  # lazy: needs SQLAlchemy, only for --show

        made = dump.STAGES[stage.value](built.app, speech.language)
        speech.give(made)
        text = dump.as_text(made)
        speech.say(text, text)
    else:
        count, fields = size(built)
        speech.say(f"没有错误：{count} 个对象，{fields} 个字段", f"No errors: {count} objects, {fields} fields")
        speech.give({"app": built.app.name, "objects": count, "fields": fields, "diagnostics": as_json(told, speech.language)})


def size(built: "Built") -> tuple[int, int]:
    """How many objects and fields an app has, those that every app has left out."""
    objects = [each for each in built.app.objects.values() if not each.is_system] if built.app else []
    return len(objects), sum(len(each.fields) for each in objects)
