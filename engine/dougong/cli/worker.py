"""`dougong worker`: carries out jobs and what comes with time, in a process of its own, until it is told to stop."""

import os
import signal
import threading
from typing import Annotated

import typer

from dougong.cli.opening import engine
from dougong.cli.options import DEFAULT_DATABASE, AppPath, Database, Tongue, Url
from dougong.cli.speech import Speech


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worker", help="执行后台任务：邮件、到期、提醒 / carry out jobs: mail, deadlines, reminders")(worker)


def worker(
    path: AppPath,
    db: Database = DEFAULT_DATABASE,
    workers: Annotated[int, typer.Option("--workers", min=1, max=16, help="同时执行的任务数 / jobs at the same time")] = 1,
    queue: Annotated[
        list[str] | None, typer.Option("--queue", metavar="NAME", help="只执行这些队列（可写多次） / only these queues (may be repeated)")
    ] = None,
    url: Url = None,
    lang: Tongue = None,
) -> None:
    """Work until SIGTERM or Ctrl+C; then finish what is under way. Killed without warning it loses nothing: another takes over."""
    from dougong.flow.handlers import standard  # lazy: the whole engine, only for this command
    from dougong.flow.worker import Worker  # lazy: as above
    from dougong.runtime.channels.mail_server import mail_server  # lazy: as above
    from dougong.runtime.channels.public_url import URL  # lazy: as above

    speech, stopping = Speech.of(lang), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    handlers = standard(os.environ if url is None else {**os.environ, URL: url})
    with engine(db, path, speech) as running:
        found = Worker(running, handlers, runners=workers, queues=tuple(queue) if queue else None)
        found.start()
        speech.say("后台任务进程已启动", "The worker is at work")
        if mail_server(os.environ) is None:
            speech.note(
                "没有配置邮件服务器（DOUGONG_SMTP_URL），要发的邮件会成为未送达任务",
                "No mail server is configured (DOUGONG_SMTP_URL): mails will be undelivered jobs",
            )
        stopping.wait()
        if not found.stop():
            speech.note(
                "有任务没有在时限内完成，会由其他进程接手",
                "A job did not end in time; another worker will take it over",
            )
            os._exit(1)  # the thread it hangs in would keep the process
