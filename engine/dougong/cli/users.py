"""`dougong user` and `dougong token`: accounts of people and of programs, managed from the machine that has the database."""

import getpass
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from dougong.cli.opening import engine
from dougong.cli.options import DEFAULT_DATABASE, Database, Output, Tongue
from dougong.cli.speech import Format, Mistake, Speech

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="登录名 / login")]
App = Annotated[Path, typer.Option("--app", metavar="APP", help="应用文件夹 / the app's folder")]
Password = Annotated[str | None, typer.Option("--password", help="密码；不给则询问 / password; asked for when not given")]
HERE = Path(".")


def user() -> typer.Typer:
    """The group `user`."""
    group = typer.Typer(help="管理账号 / manage accounts", no_args_is_help=True)
    group.command("add", help="新建账号 / make an account")(add)
    group.command("list", help="列出账号 / list the accounts")(list_)
    group.command("password", help="设置密码并结束其所有登录 / set a password and end all sessions")(password)
    group.command("disable", help="停用账号 / stop an account")(disable)
    group.command("enable", help="重新启用账号 / let an account sign in again")(enable)
    return group


def token() -> typer.Typer:
    """The group `token`."""
    group = typer.Typer(help="管理接口令牌 / manage API tokens", no_args_is_help=True)
    group.command("add", help="新建令牌，只显示一次 / make a token, shown only once")(add_token)
    group.command("list", help="列出令牌 / list the tokens")(list_tokens)
    group.command("revoke", help="撤销令牌 / end a token")(revoke)
    return group


def add(
    login: Login,
    name: Annotated[str | None, typer.Option("--name", help="姓名，默认同登录名 / name, the login by default")] = None,
    roles: Annotated[list[str] | None, typer.Option("--role", help="角色，可多次 / a role, repeatable")] = None,
    team: Annotated[str | None, typer.Option("--team", metavar="NAME", help="团队，没有就新建 / the team, made when there is none")] = None,
    given: Password = None,
    attributes: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="其他字段 / another field, as in region=east")
    ] = None,
    app: App = HERE,
    db: Database = DEFAULT_DATABASE,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Make an account; it goes through the write gate."""
    from dougong.runtime.users import create_user  # lazy: argon2, only for this command

    speech = Speech.of(lang, output)
    extra = dict(_pair(text) for text in attributes or ())
    secret = given if given is not None else _ask(speech)
    with engine(db, app, speech) as running, running.system_session("user add") as session:
        if team is not None:
            found = session.find("team", where=f"name = {json.dumps(team, ensure_ascii=False)}", order="id", limit=1).records
            extra["team"] = str((found[0] if found else session.create("team", name=team)).id)
        number = create_user(session, login, name or login, secret, roles or [], **extra)
    speech.say(f"已新建账号 {login}（编号 {number}）", f"Made the account {login} (number {number})")
    speech.give({"id": number, "login": login})


def list_(app: App = HERE, db: Database = DEFAULT_DATABASE, output: Output = Format.TEXT, lang: Tongue = None) -> None:
    """List the accounts."""
    from dougong.runtime.users import accounts  # lazy: argon2, only for this command

    speech = Speech.of(lang, output)
    with engine(db, app, speech) as running:
        found = accounts(running.database)
    off = "停用" if speech.language == "zh" else "off"
    speech.table([a.login, a.name, ", ".join(a.roles), "" if a.is_active else off] for a in found)
    speech.give(
        [{"id": a.id, "login": a.login, "name": a.name, "email": a.email, "roles": list(a.roles), "active": a.is_active} for a in found]
    )


def password(login: Login, given: Password = None, app: App = HERE, db: Database = DEFAULT_DATABASE, lang: Tongue = None) -> None:
    """Set a password."""
    from dougong.runtime.users import set_password  # lazy: argon2, only for this command

    speech = Speech.of(lang)
    with engine(db, app, speech) as running:
        set_password(running.database, login, given if given is not None else _ask(speech))
    speech.say(f"已设置 {login} 的密码", f"The password of {login} is set")


def disable(login: Login, app: App = HERE, db: Database = DEFAULT_DATABASE, lang: Tongue = None) -> None:
    """Stop an account: its sessions and tokens end within a second."""
    _set_active(login, False, app, db, Speech.of(lang))


def enable(login: Login, app: App = HERE, db: Database = DEFAULT_DATABASE, lang: Tongue = None) -> None:
    """Let an account sign in again."""
    _set_active(login, True, app, db, Speech.of(lang))


def add_token(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="用途 / what it is for")] = "API",
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="有效天数，默认长期 / days it is valid; until revoked by default")
    ] = None,
    app: App = HERE,
    db: Database = DEFAULT_DATABASE,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Make a token for a program that acts as this user."""
    from dougong.runtime.users import user_id  # lazy: argon2, only for this command
    from dougong.runtime.users_sessions import create_token  # lazy: only for this command

    speech = Speech.of(lang, output)
    with engine(db, app, speech) as running:
        number, secret = create_token(running.database, user_id(running.database, login), name, days)
    speech.say(secret, secret)
    speech.note("请保存好：令牌不会再显示", "Keep it: it is not shown again")
    speech.give({"id": number, "token": secret})


def list_tokens(app: App = HERE, db: Database = DEFAULT_DATABASE, output: Output = Format.TEXT, lang: Tongue = None) -> None:
    """List the tokens, without their secrets."""
    from dougong.runtime.users_sessions import tokens  # lazy: only for this command

    speech = Speech.of(lang, output)
    with engine(db, app, speech) as running:
        found = tokens(running.database)
    ended = "已撤销" if speech.language == "zh" else "revoked"
    speech.table([t.id, t.login, t.name, f"{t.created_at:%Y-%m-%d}", ended if t.revoked_at else ""] for t in found)
    speech.give(
        [
            {"id": t.id, "login": t.login, "name": t.name, "created_at": t.created_at, "used_at": t.used_at, "expires_at": t.expires_at}
            | {"revoked_at": t.revoked_at}
            for t in found
        ]
    )


def revoke(
    number: Annotated[int, typer.Argument(metavar="ID", help="令牌编号 / the token's number")],
    app: App = HERE,
    db: Database = DEFAULT_DATABASE,
    lang: Tongue = None,
) -> None:
    """End a token, within a second."""
    from dougong.runtime.users_sessions import revoke_token  # lazy: only for this command

    speech = Speech.of(lang)
    with engine(db, app, speech) as running:
        revoke_token(running.database, number)
    speech.say(f"令牌 {number} 已撤销", f"Token {number} is revoked")


def _set_active(login: str, active: bool, app: Path, db: str, speech: Speech) -> None:
    from dougong.runtime.users import USER, user_id  # lazy: argon2, only for this command
    from dougong.runtime.users_sessions import close_sessions  # lazy: only for this command

    with engine(db, app, speech) as running:
        number = user_id(running.database, login)
        with running.system_session("user enable" if active else "user disable") as session:
            session.update(USER, number, {"active": active})
        close_sessions(running.database, number)
    done = ("已启用", "is active") if active else ("已停用", "is disabled")
    speech.say(f"账号 {login} {done[0]}", f"The account {login} {done[1]}")


def _ask(speech: Speech) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("密码：" if speech.language == "zh" else "Password: ")
    if getpass.getpass("再输一次：" if speech.language == "zh" else "Once more: ") != first:
        raise Mistake("两次输入的密码不一样", "The two passwords differ")
    return first


def _pair(text: str) -> tuple[str, str]:
    field, divider, value = text.partition("=")
    if not divider or not field:
        raise Mistake(f"--set “{text}”应写成“字段=值”", f"--set {text!r} must be written as field=value", 2)
    return field, value
