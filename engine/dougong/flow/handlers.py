"""What a worker does with a job of each kind. A handler that returns has done it; one that raises is tried again later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dougong.engine import Engine
from dougong.runtime.channels.channel import Channel, message_of
from dougong.runtime.channels.mail import Mail
from dougong.runtime.channels.mail_server import mail_server


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


def through(channel: Callable[[Engine], Channel]) -> Handler:
    """The handler that gives a job's message to a channel."""

    def deliver(engine: Engine, job: JobContext) -> None:
        channel(engine).deliver(message_of(job.payload, job.at), job.key)

    return deliver


def standard(environment: Mapping[str, str]) -> dict[str, Handler]:
    """The handlers that every worker has: `mail`, over the mail server of the environment. `Refused` for settings that cannot be read."""
    server = mail_server(environment)
    return {"mail": through(lambda engine: Mail(server, engine.app.title.text("zh")))}
