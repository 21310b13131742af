"""`dougong handover`: somebody leaves; everything they had goes to others, and the account is closed."""

from pathlib import Path
from typing import Annotated

import typer

from dougong.cli.opening import engine
from dougong.cli.options import DEFAULT_DATABASE, Database, Output, Tongue
from dougong.cli.speech import Format, Mistake, Speech

LEAST_LOADED = "least loaded"
WORDS = {
    "zh": {
        "todo": "待办",
        "delegation": "代理",
        "approval": "审批",
        "submission": "提交的审批",
        "proposal": "流转建议",
        "message": "未读消息",
    },
    "en": {
        "todo": "To-dos",
        "delegation": "Delegations",
        "approval": "Approvals",
        "submission": "Submitted for approval",
        "proposal": "Proposals",
        "message": "Unread messages",
    },
}


def register(app: typer.Typer) -> None:
    """Add `handover`."""
    app.command("handover", help="离职交接 / hand over the work of somebody who leaves")(handover)


def handover(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="离开的人 / who leaves")],
    to: Annotated[str | None, typer.Option("--to", metavar="LOGIN", help="全部交给谁 / who gets everything")] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="怎么分：least loaded 给同角色里手上最少的人 / how to share: least loaded, of those with a common role"),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="已结束的记录也交接 / closed records too")] = False,
    pools: Annotated[bool, typer.Option("--pools", help="有公海的记录放回公海 / records that have pools go there")] = False,
    app: Annotated[Path, typer.Option("--app", metavar="APP", help="应用文件夹 / the app's folder")] = Path("."),
    db: Database = DEFAULT_DATABASE,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Hand over everything that is open in one transaction, and say what went where."""
    from dougong.runtime.users import user_id  # lazy: argon2, only for this command

    speech = Speech.of(lang, output)
    if (to is None) == (by is None) or by not in (None, LEAST_LOADED):
        raise Mistake(f"请写 --to 登录名，或 --by “{LEAST_LOADED}”", f'Give --to LOGIN, or --by "{LEAST_LOADED}"', 2)
    with engine(db, app, speech) as running:
        leaving, heir = user_id(running.database, login), None if to is None else user_id(running.database, to)
        with running.system_session("handover") as session:
            report = session.handover(leaving, heir, all=all_, pools=pools)
            people = session.titles("user", sorted({h.to for h in report.handed}))
            titles = {name: obj.title.text(speech.language) for name, obj in session.app.objects.items()}
    titles |= WORDS[speech.language]
    speech.table([titles.get(what, what), people[who], str(count)] for (what, who), count in report.counts().items())
    if report.pooled:
        speech.say(f"放回公海 {len(report.pooled)} 条", f"{len(report.pooled)} went back into pools")
    if report.withdrawn:
        count = len(report.withdrawn)
        speech.say(f"撤回 {count} 条还没有发出的邮件和消息", f"{count} mails and messages that had not left were taken back")
    speech.say(f"已交接 {len(report.handed)} 项，账号 {login} 已停用", f"{len(report.handed)} handed over; the account {login} is closed")
    speech.give(
        {
            "user": leaving,
            "handed": [{"what": h.what, "id": h.id, "field": h.field, "to": h.to} for h in report.handed],
            "pooled": [{"what": p.what, "id": p.id, "pool": p.pool} for p in report.pooled],
            "withdrawn": list(report.withdrawn),
        }
    )
