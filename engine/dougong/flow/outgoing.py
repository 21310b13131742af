"""The jobs `send` and `call`: a message to an address on a channel, a request to a connector.

Whether somebody may be written to is asked again when the job is due: who has opted out in the meantime gets nothing, and nothing goes out
outside of a channel's hours, however late the job is.
"""

from collections.abc import Callable, Mapping

from dougong.engine import Engine
from dougong.flow.deliveries import Handler, JobContext
from dougong.model.channels import MAIL
from dougong.runtime.channels import wishes
from dougong.runtime.channels.channel import Channel, TooEarly, Undeliverable, Unwanted, message_of
from dougong.runtime.channels.doors import door
from dougong.runtime.channels.gateway import send
from dougong.runtime.channels.writing import USER
from dougong.runtime.people.under_way import has_left

Way = Callable[[Engine, str], Channel]
"""What carries the messages of a channel, by its name."""


UNWANTED = {
    "opt_out": ("对方已经退订", "they have opted out"),
    "consent": ("对方没有同意接收", "they have not agreed"),
    "left": ("对方的账号已停用", "their account is closed"),
}


def sending(way: Way) -> Handler:
    """The handler of `send`."""

    def deliver(engine: Engine, job: JobContext) -> None:
        name = str(job.payload.get("channel"))
        channel = engine.app.channels.get(name)
        if channel is None and name != MAIL:
            raise Undeliverable(f"应用里已经没有渠道 {name}", f"The app has no channel {name} any more")
        message = message_of(job.payload, job.at)
        until = wishes.next_open(channel.hours if channel else None, job.at)
        if until > job.at:
            raise TooEarly(until, "现在不是这个渠道的发送时段", "It is outside of the channel's hours")
        against = _against(engine, name, job.payload)
        if against is not None:
            raise Unwanted(*UNWANTED[against])
        way(engine, name).deliver(message, job.key)

    return deliver


def calling(environment: Mapping[str, str]) -> Handler:
    """The handler of `call`."""

    def deliver(engine: Engine, job: JobContext) -> None:
        name = str(job.payload.get("connector"))
        if name not in engine.app.connectors:
            raise Undeliverable(f"应用里已经没有连接器 {name}", f"The app has no connector {name} any more")
        body, method, path = (job.payload.get(key) for key in ("body", "method", "path"))
        if not isinstance(body, Mapping) or not isinstance(path, str) or not path.startswith("/"):
            raise Undeliverable("任务内容里的 path 或 body 不对", "The job's path or body is wrong")
        send(door(environment, "CONNECTOR", name), str(method or "POST"), path, body, job.key, job.at)

    return deliver


def refuse_who_left(engine: Engine, payload: Mapping[str, object]) -> None:
    """`Unwanted` for a mail to a user (`user` of its payload) whose account was closed while it was on its way."""
    user_id = payload.get("user")
    if isinstance(user_id, int):
        with engine.system_session("mail", write=False) as session:
            if has_left(session.unit, user_id):
                raise Unwanted(*UNWANTED["left"])


def _against(engine: Engine, channel: str, payload: Mapping[str, object]) -> str | None:
    name, record_id = payload.get("object"), payload.get("record_id")
    if not isinstance(name, str) or not isinstance(record_id, int) or name not in engine.app.objects:
        return None
    with engine.system_session("send", write=False) as session:
        if name == USER and has_left(session.unit, record_id):
            return "left"
        return wishes.against(session.app, session.app.channels.get(channel), name, session.unit.row(name, record_id))
