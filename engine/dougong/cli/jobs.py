"""`dougong jobs`: what could not be delivered and why; send it again, with another content if need be, or give it up."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from dougong.cli.opening import engine
from dougong.cli.options import DEFAULT_DATABASE, Database, Output, Tongue
from dougong.cli.speech import WRONG_USAGE, Format, Mistake, Speech

App = Annotated[Path, typer.Option("--app", metavar="APP", help="应用文件夹 / the app's folder")]
Number = Annotated[int, typer.Argument(metavar="ID", min=1, help="任务编号 / the job's number")]
HERE = Path(".")
STATES = ("dead", "waiting", "running", "done", "cancelled")


def jobs() -> typer.Typer:
    """The group `jobs`."""
    group = typer.Typer(help="查看和处理后台任务 / see and mend jobs", no_args_is_help=True)
    group.command("list", help="列出任务，默认是未送达的 / list jobs, by default those that could not be delivered")(list_)
    group.command("show", help="一个任务的内容和每次尝试 / what a job says, and every attempt")(show)
    group.command("resend", help="重新发送未送达的任务 / send an undelivered job again")(resend)
    group.command("give-up", help="放弃未送达的任务 / do not send an undelivered job")(give_up)
    return group


def list_(
    state: Annotated[str, typer.Option("--state", metavar="STATE", help=" / ".join(STATES))] = "dead",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="最多几条 / at most so many")] = 50,
    app: App = HERE,
    db: Database = DEFAULT_DATABASE,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Newest first: number, kind, key, when it was due, tries, why it failed."""
    from dougong.runtime.jobs import letters  # lazy: the whole engine, only for this command

    speech = Speech.of(lang, output)
    wanted = next((s for s in letters.STATES if s == state), None)
    if wanted is None:
        names = ", ".join(STATES)
        raise Mistake(f"--state 只能是 {names}", f"--state is one of {names}", WRONG_USAGE)
    with engine(db, app, speech) as running, running.system_session("jobs", write=False) as session:
        found, zone = letters.letters(session, wanted, limit), running.app.zone
    speech.table([x.id, x.kind, x.key, f"{x.due_at.astimezone(zone):%Y-%m-%d %H:%M}", x.tries, x.error or ""] for x in found)
    if not found:
        speech.say("没有这样的任务", "There are none")
    speech.give([asdict(x) for x in found])


def show(number: Number, app: App = HERE, db: Database = DEFAULT_DATABASE, output: Output = Format.TEXT, lang: Tongue = None) -> None:
    """The job, whatever its state, and its story."""
    from dougong.runtime.jobs import letters  # lazy: the whole engine, only for this command

    speech = Speech.of(lang, output)
    with engine(db, app, speech) as running, running.system_session("jobs", write=False) as session:
        found, tried, zone = letters.letter(session, number), letters.attempts(session, number), running.app.zone
    head = f"{found.id}  {found.kind}  {found.state}  {found.key}"
    payload = json.dumps(dict(found.payload), ensure_ascii=False)
    speech.say(head, head)
    speech.say(payload, payload)
    speech.table([f"{t.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", t.outcome, t.error or ""] for t in tried)
    speech.give({**asdict(found), "attempts": [asdict(t) for t in tried]})


def resend(
    number: Number,
    payload: Annotated[
        str | None, typer.Option("--payload", metavar="JSON", help="改成这样再发 / send this instead, as a JSON object")
    ] = None,
    app: App = HERE,
    db: Database = DEFAULT_DATABASE,
    lang: Tongue = None,
) -> None:
    """Under its old key, all its tries before it."""
    from dougong.runtime.jobs import letters  # lazy: the whole engine, only for this command

    speech = Speech.of(lang)
    mended = None if payload is None else _read(payload)
    with engine(db, app, speech) as running, running.system_session("jobs resend") as session:
        letters.resend(session, number, mended)
    speech.say(f"任务 {number} 会重新发送", f"Job {number} will be sent again")


def give_up(number: Number, app: App = HERE, db: Database = DEFAULT_DATABASE, lang: Tongue = None) -> None:
    """Take it off the list."""
    from dougong.runtime.jobs import letters  # lazy: the whole engine, only for this command

    speech = Speech.of(lang)
    with engine(db, app, speech) as running, running.system_session("jobs give-up") as session:
        letters.give_up(session, number)
    speech.say(f"任务 {number} 不再发送", f"Job {number} will not be sent")


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Mistake(f"--payload 不是 JSON：{error}", f"--payload is no JSON: {error}", WRONG_USAGE) from None
