"""What a worker does with a job of each kind. A handler that returns has done it; one that raises is tried again later."""

import re
from collections.abc import Callable, Mapping

from dougong.engine import Engine
from dougong.flow.deliveries import Handler, JobContext
from dougong.flow.outgoing import calling, refuse_who_left, sending
from dougong.model.channels import MAIL
from dougong.refusals import Refused
from dougong.runtime import refusals as codes
from dougong.runtime.actor import Cause
from dougong.runtime.channels.channel import Channel, message_of
from dougong.runtime.channels.doors import door
from dougong.runtime.channels.gateway import Gateway
from dougong.runtime.channels.mail import Mail
from dougong.runtime.channels.mail_server import mail_server
from dougong.runtime.channels.public_url import public_url
from dougong.runtime.channels.writing import CALL, SEND

__all__ = ["Handler", "JobContext", "digest", "standard", "through"]
DOOR_URL = re.compile(r"DOUGONG_(CHANNEL|CONNECTOR)_(\w+)_URL")


def through(channel: Callable[[Engine], Channel], url: str | None = None) -> Handler:
    """The handler that gives a job's message to a channel. `url`: where people open the app, for links."""

    def deliver(engine: Engine, job: JobContext) -> None:
        refuse_who_left(engine, job.payload)
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
    """The handlers that every worker has: `mail`, over the mail server of the environment, `digest`, which makes a mail, `send` over the
    gateways and `call` to the connectors of the environment. `Refused` for settings that cannot be read."""
    server = mail_server(environment)
    for name in environment:
        if found := DOOR_URL.fullmatch(name):
            door(environment, "CHANNEL" if found[1] == "CHANNEL" else "CONNECTOR", found[2])

    def mail(engine: Engine) -> Channel:
        return Mail(server, engine.app.title.text("zh"))

    def way(engine: Engine, name: str) -> Channel:
        return mail(engine) if name == MAIL else Gateway(door(environment, "CHANNEL", name), name)

    return {"mail": through(mail, public_url(environment)), "digest": digest, SEND: sending(way), CALL: calling(environment)}
