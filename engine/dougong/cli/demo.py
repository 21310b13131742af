"""`dougong demo`: a template with sample users and records, served at once; the second start finds them there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dougong.cli.listening import free
from dougong.cli.opening import engine, is_applied, planner
from dougong.cli.options import Host, Port, Tongue
from dougong.cli.speech import Speech
from dougong.cli.templates import find_template

if TYPE_CHECKING:
    from dougong.engine import Engine

DEMO = "demo"  # the folder with the samples, inside a template


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", help="带示例数据试用一个模板 / try a template with sample data")(demo)


def demo(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="模板 / template")] = "manufacturing",
    host: Host = "127.0.0.1",
    port: Port = 8000,
    db: Annotated[str | None, typer.Option("--db", metavar="URL", help="数据库，默认在 var/ 下 / database, by default under var/")] = None,
    lang: Tongue = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="只建好数据，不启动 / make the data, do not serve")] = False,
) -> None:
    """Make the demo database when it is not there, print the address and who can sign in, serve."""
    speech = Speech.of(lang)
    folder = find_template(template)
    if db is None:
        Path("var").mkdir(exist_ok=True)
        db = f"sqlite:///var/demo-{folder.name}.db"
    prepare(db, folder, speech)
    _introduce(folder, db, speech)
    if no_serve:
        return
    free(host, port)
    from dougong.web.server import Settings, serve  # lazy: the whole server, only for this command

    serve(Settings(str(folder), db, host, port), lambda address: speech.say(f"打开 {address}", f"Open {address}"))


def prepare(db: str, folder: Path, speech: Speech) -> None:
    """Apply the template and put the samples in, once; what was interrupted is gone on with."""
    with planner(db) as running:
        if is_applied(running) and _has_samples(running):
            waiting = len(running.plan(folder).operations)
            if waiting:
                speech.say(
                    f"模板有 {waiting} 项改动还没有应用：dougong apply {folder} --db {db}",
                    f"The template has {waiting} changes that are not applied: dougong apply {folder} --db {db}",
                )
            return
    from dougong.exchange.demo import load_demo  # lazy: only for this command
    from dougong.runtime.clock import SettableClock, SystemClock  # lazy: as above

    speech.say("正在准备示例数据……", "Preparing sample data …")
    with engine(db, folder, speech, apply=True, clock=SettableClock(SystemClock().now())) as running:
        load_demo(running, folder / DEMO)


def _has_samples(running: "Engine") -> bool:
    from dougong.exchange.demo import is_half_loaded  # lazy: only for this command
    from dougong.runtime.users import accounts  # lazy: argon2, only for this command

    return bool(accounts(running.database)) and not is_half_loaded(running)


def _introduce(folder: Path, db: str, speech: Speech) -> None:
    from dougong.exchange.demo import sample_users  # lazy: only for this command

    users = sample_users(folder / DEMO)
    speech.say("可以用这些账号登录（账号、密码、姓名、角色）：", "Sign in as one of these (login, password, name, roles):")
    speech.table(["  " + u["login"], u["password"], u["name"], ", ".join(u["roles"])] for u in users)
    speech.say(f"数据库：{db}", f"Database: {db}")
