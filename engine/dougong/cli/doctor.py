"""`dougong doctor`: whether an installation is well, one line for each thing; exit code 1 when something does not work."""

import os

import typer

from dougong.cli.opening import engine
from dougong.cli.options import DEFAULT_DATABASE, AppPath, Database, Output, Tongue
from dougong.cli.speech import MISTAKE, Format, Speech

MARKS = {"fine": "✓", "doubt": "!", "bad": "✗"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", help="检查运行状况 / see whether the installation is well")(doctor)


def doctor(app: AppPath, db: Database = DEFAULT_DATABASE, output: Output = Format.TEXT, lang: Tongue = None) -> None:
    """Look at database, release, deadlines, workers, jobs, mail, calendars and administrators; change nothing."""
    from dougong.flow.doctor import examine  # lazy: the whole engine, only for this command
    from dougong.pipeline import read_app  # lazy: as above

    speech = Speech.of(lang, output)
    with engine(db, app, speech) as running:
        found, built = examine(running, os.environ), read_app(app)
        waiting = 1 if built.app is None else len(running.plan(built.files).operations)
    for each in found:
        speech.say(f"{MARKS[each.level]} {each.zh}", f"{MARKS[each.level]} {each.en}")
    if waiting:
        speech.say(f"! 文件夹里有 {waiting} 项改动还没有应用", f"! The folder has {waiting} changes that are not applied")
    told = [{"about": f.about, "level": f.level, "message": f.zh if speech.language == "zh" else f.en} for f in found]
    speech.give({"findings": told, "not_applied": waiting})
    if any(each.level == "bad" for each in found):
        raise typer.Exit(MISTAKE)
