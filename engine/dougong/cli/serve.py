"""`dougong serve`: the applied app over HTTP."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dougong.cli.listening import free
from dougong.cli.opening import app_at, engine, is_absent, is_applied, planner
from dougong.cli.options import DEFAULT_DATABASE, AppPath, Database, Files, Host, Packages, Port, Tongue, Url
from dougong.cli.speech import WRONG_USAGE, Mistake, Speech

if TYPE_CHECKING:
    from dougong.engine import Engine


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", help="启动网页和接口服务 / serve pages and API")(serve)


def serve(
    path: AppPath,
    db: Database = DEFAULT_DATABASE,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="进程数，需要 PostgreSQL / processes, on PostgreSQL")] = 1,
    apply: Annotated[
        bool, typer.Option("--apply", help="先应用文件夹里的改动（仅限安全的）/ apply the folder's safe changes first")
    ] = False,
    https: Annotated[
        bool, typer.Option("--https", help="用户通过 https 访问（前面有代理）/ it is reached over https, behind a proxy")
    ] = False,
    url: Url = None,
    files: Files = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="不在这里执行后台任务（另开 dougong worker） / run no jobs here: dougong worker does")
    ] = False,
    packages: Packages = None,
    lang: Tongue = None,
) -> None:
    """Serve what is applied, and say so when the folder has changes that are not."""
    from dougong.web.server import Settings, serve  # lazy: the whole server, only for this command

    speech = Speech.of(lang)
    if workers > 1 and not db.startswith("postgres"):
        raise Mistake(
            "--workers 大于 1 需要 PostgreSQL；SQLite 只用一个进程",
            "--workers above 1 needs PostgreSQL; SQLite has one process",
            WRONG_USAGE,
        )
    app_at(path)
    free(host, port)
    if apply:
        with engine(db, path, speech, apply=True, packages=packages):
            pass
    nothing = Mistake(
        f"数据库里还没有应用过定义；请先运行 dougong apply {path}，或加 --apply",
        f"Nothing has been applied to the database yet; run dougong apply {path} first, or add --apply",
    )
    if is_absent(db):
        raise nothing
    with planner(db) as running:
        if not is_applied(running):
            raise nothing
        waiting = _waiting(running, path, packages)
    if waiting:
        speech.say(
            f"文件夹里有 {waiting} 项改动还没有应用（dougong plan {path} 可查看）；现在运行的是已应用的版本",
            f"The folder has {waiting} changes that are not applied (see dougong plan {path}); serving what is applied",
        )
    serve(
        Settings(str(path), db, host, port, workers, https, str(files) if files else None, not no_worker, url),
        lambda address: speech.say(f"服务地址：{address}", f"Serving on {address}"),
    )


def _waiting(running: "Engine", path: Path, packages: Sequence[Path] | None) -> int:
    """How many changes of the folder are not applied; one when it has mistakes: what is applied runs all the same."""
    from dougong.pipeline import read_app  # lazy: reads the whole language; --help must not

    built = read_app(path, packages or ())
    return 1 if built.app is None else len(running.plan(built.files).operations)
