"""`dougong plan` and `dougong apply`: what would change in the database, and doing it."""

import getpass
import sys
from collections.abc import Sized
from typing import TYPE_CHECKING, Any

import typer

from dougong.cli.diagnostics import as_json as diagnostics_json
from dougong.cli.diagnostics import show as show_diagnostics
from dougong.cli.opening import is_absent, is_applied, planner, read, stop_at_mistakes
from dougong.cli.options import DEFAULT_DATABASE, AppPath, Database, Output, Packages, Tongue, Yes
from dougong.cli.speech import FINE, MISTAKE, Format, Mistake, Speech

if TYPE_CHECKING:
    from dougong.pipeline import Built
    from dougong.plan.plan import Plan

KINDS = {
    "safe": ("安全", "safe"),
    "asks": ("需要确认", "asks"),
    "destructive": ("会丢失数据", "destructive"),
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("plan", help="看看应用定义会改动数据库的什么 / show what applying the definition would change")(plan)
    app.command("apply", help="把定义应用到数据库 / apply the definition to the database")(apply)


def plan(
    path: AppPath, db: Database = DEFAULT_DATABASE, packages: Packages = None, output: Output = Format.TEXT, lang: Tongue = None
) -> None:
    """Show the plan; nothing is changed."""
    speech = Speech.of(lang, output)
    built = read(path, speech, packages)
    stop_at_mistakes(built, speech)
    with planner(db, make=False) as running:
        wanted = running.plan(built.files)
    show(wanted, built, speech)
    if is_absent(db):
        speech.note(f"数据库 {db} 还不存在，apply 时会新建", f"The database {db} is not there yet; apply makes it")
    if wanted.is_blocked:
        raise typer.Exit(MISTAKE)


def apply(
    path: AppPath,
    db: Database = DEFAULT_DATABASE,
    packages: Packages = None,
    yes: Yes = False,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Show the plan, ask when it is not all safe, apply it."""
    speech = Speech.of(lang, output)
    built = read(path, speech, packages)
    stop_at_mistakes(built, speech)
    with planner(db) as running:
        wanted = running.plan(built.files)
        if not speech.is_json or wanted.is_blocked:
            show(wanted, built, speech)
        if wanted.is_blocked:
            raise typer.Exit(MISTAKE)
        if wanted.is_empty and is_applied(running):
            speech.give({"release": running.release.id, "operations": []})
            return
        if not yes:
            confirm(wanted, speech)
        release = running.apply(built.files, actor=getpass.getuser())
        speech.say(f"已应用，版本号 {release}", f"Applied as release {release}")
        speech.give({"release": release, "operations": as_json(wanted, speech)})


def show(plan: "Plan", built: "Built", speech: Speech) -> None:
    """The operations, and what somebody must decide first."""
    if plan.is_empty:
        speech.say("没有改动", "Nothing changes")
    index = 0 if speech.language == "zh" else 1
    for operation in plan.operations:
        mark = "" if operation.kind == "safe" else f"  [{KINDS[operation.kind][index]}]"
        line = f"{operation.sign} {operation.describe(speech.language)}{mark}"
        speech.say(line, line)
    show_diagnostics(plan.diagnostics, built.files, speech)
    speech.give({"operations": as_json(plan, speech), "diagnostics": diagnostics_json(plan.diagnostics, speech.language)})


def as_json(plan: "Plan", speech: Speech) -> list[dict[str, Any]]:
    """The operations for a program."""
    return [{"sign": o.sign, "kind": o.kind, "what": o.describe(speech.language)} for o in plan.operations]


def confirm(plan: "Plan", speech: Speech) -> None:
    """Ask a person before anything that is not safe; without a person to ask, stop."""
    careful = [o for o in plan.operations if o.kind != "safe"]
    if not careful:
        return
    if not sys.stdin.isatty():
        raise Mistake(
            f"有 {len(careful)} 项改动需要确认；确定要做请加 --yes",
            f"{_changes(careful)} a yes; add --yes to go on without being asked",
        )
    question = (
        f"有 {len(careful)} 项改动需要确认。继续吗？[y/N] " if speech.language == "zh" else f"{_changes(careful)} a yes. Go on? [y/N] "
    )
    if input(question).strip().lower() not in ("y", "yes", "是"):
        speech.say("没有改动任何东西", "Nothing was changed")
        raise typer.Exit(MISTAKE if careful else FINE)


def _changes(careful: Sized) -> str:
    return "1 change needs" if len(careful) == 1 else f"{len(careful)} changes need"
