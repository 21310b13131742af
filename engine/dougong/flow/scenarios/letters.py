"""The mail server of scenarios: keeps what it is given."""

from dougong.engine import Engine
from dougong.flow.handlers import Handler, digest, through
from dougong.runtime.channels.channel import Message


class Letters:
    """A channel; `sent` are the mails in their order, each delivery once."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self._keys: set[str] = set()

    def deliver(self, message: Message, key: str) -> None:
        """Keep the mail."""
        if key not in self._keys:
            self._keys.add(key)
            self.sent.append(message)

    def handlers(self) -> dict[str, Handler]:
        """The handlers of a worker that hands its mails over here."""
        return {"mail": through(self._here), "digest": digest}

    def clear(self) -> None:
        """Forget everything."""
        self.sent.clear()
        self._keys.clear()

    def _here(self, engine: Engine) -> "Letters":
        return self
