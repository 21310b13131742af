"""What a worker does with a job of each kind. A handler that returns has done it; one that raises is tried again later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime import refusals as codes
from dougong.runtime.actor import Cause
from dougong.runtime.channels.channel import Channel, message_of
from dougong.runtime.channels.mail import Mail
from dougong.runtime.channels.mail_server import mail_server
from dougong.runtime.channels.public_url import public_url


@dataclass(frozen=True, slots=True)
class JobContext:
    """One attempt at a job. `key` names the effect and is the same at every attempt: give it to whoever receives the effect.

    `attempt` counts from 1; `due_at` is when it was to happen, `at` when this attempt began.
    """

    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempt: int
    due_at: datetime
    at: datetime


Handler = Callable[[Engine, JobContext], None]


def through(channel: Callable[[Engine], Channel], url: str | None = None) -> Handler:
    """The handler that gives a job's message to a channel. `url`: where people open the app, for links."""

    def deliver(engine: Engine, job: JobContext) -> None:
        channel(engine).deliver(message_of(job.payload, job.at, url), job.key)

    return deliver


def digest(engine: Engine, job: JobContext) -> None:
    """The job `digest`: one mail about what a person has not read. Somebody who has left needs none."""
    try:
        with engine.session(int(job.payload["user"]), cause=Cause("time", job.key)) as session:
            session.send_digest(f"{job.key}:mail")
    except Refused as refused:
        if refused.refusals[0].code is not codes.NO_SUCH_USER:
            raise


def standard(environment: Mapping[str, str]) -> dict[str, Handler]:
    """The handlers that every worker has: `mail`, over the mail server of the environment, and `digest`, which makes a mail. `Refused` for settings that cannot be read."""
    server = mail_server(environment)
    return {"mail": through(lambda engine: Mail(server, engine.app.title.text("zh")), public_url(environment)), "digest": digest}
