"""`dougong import`: a CSV or XLSX file becomes records."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dougong.cli.opening import engine
from dougong.cli.options import DEFAULT_DATABASE, AppPath, Database, Output, Tongue
from dougong.cli.speech import MISTAKE, WRONG_USAGE, Format, Mistake, Speech

if TYPE_CHECKING:
    from dougong.exchange.report import Rejected
    from dougong.exchange.tables import Table


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", help="导入 CSV 或 XLSX 文件 / import a CSV or XLSX file")(import_)


def import_(
    path: AppPath,
    object: Annotated[str, typer.Argument(metavar="OBJECT", help="导入到哪个对象 / the object the rows become")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV 或 XLSX 文件 / a CSV or XLSX file")],
    chosen: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="列对应的字段；留空则忽略该列 / a column's field; empty leaves it out"),
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="FIELD", help="用来识别同一条记录的字段 / the field that tells rows apart")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="工作表 / the sheet of a workbook")] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="FILE", help="没有导入的行写到这里 / where the rejected rows go")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不保存 / do everything, keep nothing")] = False,
    user: Annotated[
        str | None,
        typer.Option("--user", metavar="LOGIN", help="以谁的权限导入，默认为系统 / whose rights to use; the system's by default"),
    ] = None,
    db: Database = DEFAULT_DATABASE,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Import; exit code 1 when rows were rejected."""
    from dougong.exchange.columns import parse_map  # lazy: only for this command
    from dougong.exchange.importing import Wish, import_file  # lazy: only for this command
    from dougong.exchange.report import reasons  # lazy: only for this command
    from dougong.runtime.actor import Cause  # lazy: only for this command

    speech = Speech.of(lang, output)
    _apart(file, rejects)
    cause = Cause("import", file.name)
    wish = Wish(object, parse_map(chosen or ()), key, sheet, dry_run, speech.language)
    with engine(db, path, speech) as running:

        def sessions():  # type: ignore[no-untyped-def]
            if user is None:
                return running.system_session("import", cause=cause, language=speech.language)
            return running.session(user, cause=cause, language=speech.language)

        table, report = import_file(running.app, sessions, file, wish)
    if report.rejected and (rejects is not None or not dry_run):
        rejects = _keep_rejects(rejects, file, table, report.rejected, speech)
    dry = ("(试运行，没有保存)", " (dry run, nothing kept)") if dry_run else ("", "")
    speech.say(
        f"新建 {report.created}，更新 {report.updated}，没有变化 {report.unchanged}，未导入 {len(report.rejected)}{dry[0]}",
        f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged, {len(report.rejected)} rejected{dry[1]}",
    )
    for one in report.rejected[:5]:
        speech.say(*[f"  {one.row.line}: {', '.join(one.headers)}: {reasons(one.refusals, speech.language)}"] * 2)
    if report.rejected and rejects is not None:
        speech.say(f"未导入的行和原因在 {rejects}", f"The rejected rows and why: {rejects}")
    if report.key is None:
        speech.say(
            "没有可以识别记录的唯一字段：再次导入会产生重复记录", "No unique field tells rows apart: importing again makes them twice"
        )
    speech.give(report.as_json(speech.language) | {"rejects": str(rejects) if report.rejected and rejects else None, "dry_run": dry_run})
    if report.rejected:
        raise typer.Exit(MISTAKE)


def _keep_rejects(wanted: Path | None, source: Path, table: "Table", rejected: "Sequence[Rejected]", speech: Speech) -> Path | None:
    """Write the rejected rows; where they are, None when they could not be written."""
    from dougong.exchange.report import write_beside, write_rejects  # lazy: only for this command

    try:
        if wanted is None:
            return write_beside(source, table, rejected, speech.language)
        write_rejects(wanted, table, rejected, speech.language)
    except OSError as error:
        speech.note(
            f"未导入的行写不到 {error.filename}；可以用 --rejects 另指定一个文件",
            f"The rejected rows cannot be written to {error.filename} ({error.strerror}); name another file with --rejects",
        )
        return None
    return wanted


def _apart(file: Path, rejects: Path | None) -> None:
    """The rejected rows must not be written over the rows that are read."""
    if rejects is not None and rejects.exists() and file.exists() and rejects.samefile(file):
        raise Mistake("--rejects 不能是正在导入的文件", "--rejects cannot be the file that is imported", WRONG_USAGE)
