"""`dougong fmt`: definitions tidied in place; sentences into long forms and back."""

import difflib
from pathlib import Path
from typing import Annotated

import typer

from dougong.cli.opening import give_up, read
from dougong.cli.options import AppPath, Output, Packages, Tongue
from dougong.cli.speech import MISTAKE, WRONG_USAGE, Format, Mistake, Speech


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("fmt", help="整理定义文件，不改变含义 / tidy a definition without changing what it means")(fmt)


def fmt(
    path: AppPath,
    long: Annotated[bool, typer.Option("--long", help="一行写法改成长写法 / sentences become long forms")] = False,
    short: Annotated[bool, typer.Option("--short", help="长写法改成一行写法 / long forms become sentences")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="只检查，不写文件；要改动时退出码为 1 / write nothing; exit code 1 when it would")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="只显示改动，不写文件 / show the changes, write nothing")] = False,
    packages: Packages = None,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Rewrite the files of an app; one with mistakes is left alone."""
    from dougong.rewrite.formatted import format_app  # lazy: reads the whole language; --help must not
    from dougong.rewrite.rewrite import Form  # lazy: as above

    speech = Speech.of(lang, output)
    if long and short:
        raise Mistake("--long 和 --short 不能一起用", "--long and --short exclude each other", WRONG_USAGE)
    built = read(path, speech, packages)
    if built.app is None:
        give_up(built, speech)
    done = format_app(built, Form.LONG if long else Form.SHORT if short else Form.KEEP)
    changed = {name: text for name, text in done.files.items() if text != built.files[name]}
    for name in done.kept:
        speech.note(f"{name} 整理后含义会变，没有改动它", f"{name} would have meant something else and was left as it is")
    for name, text in changed.items():
        if diff:
            shown = "".join(difflib.unified_diff(_lines(built.files[name]), _lines(text), name, name))
            speech.say(shown.rstrip("\n"), shown.rstrip("\n"))
        elif not check:
            _write(path, name, text)
    speech.give({"changed": sorted(changed), "left": sorted(done.kept)})
    _conclude(sorted(changed), len(done.files), speech, is_written=not (check or diff))
    if changed and check:
        raise typer.Exit(MISTAKE)


def _write(app: Path, name: str, text: str) -> None:
    target = app / name if app.is_dir() else app
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(text)


def _conclude(changed: list[str], count: int, speech: Speech, *, is_written: bool) -> None:
    names = ", ".join(changed)
    if not changed:
        speech.say(f"{count} 个文件都不用改", f"Nothing to change in {count} files")
    elif is_written:
        speech.say(f"改了 {len(changed)} 个文件：{names}", f"Rewrote {len(changed)} files: {names}")
    else:
        speech.say(f"要改 {len(changed)} 个文件：{names}", f"Would rewrite {len(changed)} files: {names}")


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
