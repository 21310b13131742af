"""The mail server, the gateways and the connectors of scenarios: they keep what they are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dougong.engine import Engine
from dougong.flow.deliveries import Handler, JobContext
from dougong.flow.handlers import digest, through
from dougong.flow.outgoing import sending
from dougong.model.channels import MAIL
from dougong.runtime.channels.channel import Channel, Message
from dougong.runtime.channels.writing import CALL, SEND


class Letters:
    """A channel; `sent` are the mails in their order, `told` what went out on other channels, `called` what connectors were told.

    Each delivery is there once.
    """

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.told: list[tuple[str, Message]] = []
        self.called: list[tuple[str, str, Mapping[str, Any]]] = []  # connector, path, body
        self._keys: set[str] = set()

    def deliver(self, message: Message, key: str) -> None:
        """Keep the mail."""
        if key not in self._keys:
            self._keys.add(key)
            self.sent.append(message)

    def handlers(self) -> dict[str, Handler]:
        """The handlers of a worker that hands its mails over here."""
        return {"mail": through(self._here), "digest": digest, SEND: sending(self._way), CALL: self._call}

    def clear(self) -> None:
        """Forget everything."""
        self.sent.clear()
        self.told.clear()
        self.called.clear()
        self._keys.clear()

    def _here(self, engine: Engine) -> "Letters":
        return self

    def _way(self, engine: Engine, name: str) -> Channel:
        return self if name == MAIL else _Line(self, name)

    def _call(self, engine: Engine, job: JobContext) -> None:
        if job.key not in self._keys:
            self._keys.add(job.key)
            self.called.append((str(job.payload["connector"]), str(job.payload["path"]), job.payload["body"]))

    def tell(self, channel: str, message: Message, key: str) -> None:
        """Keep what went out on a channel."""
        if key not in self._keys:
            self._keys.add(key)
            self.told.append((channel, message))


@dataclass(frozen=True, slots=True)
class _Line:
    """One channel that ends in the letters."""

    letters: Letters
    name: str

    def deliver(self, message: Message, key: str) -> None:
        """Keep the message."""
        self.letters.tell(self.name, message, key)
