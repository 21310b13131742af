"""The port: what a channel is given, and the two ways it can fail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from dougong.fields.base import Language

CREDENTIALS = re.compile(r"(?<=://)[^/\s@]*@")
MOST_LETTERS = 500


class Undeliverable(Exception):
    """Trying again cannot help: the job is dead at once, until a person mends and resends it. The text is Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


class Undelivered(Exception):
    """It did not work this time."""


class TooEarly(Exception):
    """It may not be sent now, but at `until`: no failure, and no try."""

    def __init__(self, until: datetime, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.until = until


class Unwanted(Exception):
    """It is not to be sent any more: the job is cancelled."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody is told. `to` is the channel's address; `name` the person's, for the greeting; `link` where to look in the app."""

    to: str
    subject: str
    text: str
    language: Language
    at: datetime
    name: str | None = None
    link: str | None = None


class Channel(Protocol):
    """A way out."""

    def deliver(self, message: Message, key: str) -> None:
        """Hand the message over. The same key is the same delivery: a receiver can tell a repetition. `Undeliverable`, or any failure."""


def message_of(payload: Mapping[str, Any], at: datetime, url: str | None = None) -> Message:
    """The message in a job's payload: `to`, `subject`, `text`; perhaps `name`, `language` ("zh" unless "en") and `link`, or `path`: where in
    the app, which is at `url`. `Undeliverable`.
    """
    missing = [n for n in ("to", "subject", "text") if not isinstance(payload.get(n), str) or not payload[n].strip()]
    if missing:
        names = ", ".join(missing)
        raise Undeliverable(f"消息缺少内容：{names}", f"The message lacks {names}")
    name, link, path = (payload.get(n) if isinstance(payload.get(n), str) else None for n in ("name", "link", "path"))
    if link is None and path is not None and path.startswith("/") and url is not None:
        link = url + path
    language: Language = "en" if payload.get("language") == "en" else "zh"
    return Message(payload["to"], payload["subject"], payload["text"], language, at, name, link)


def described(error: BaseException, *secrets: str | None) -> str:
    """An error in one line that may be kept and shown: no credentials, none of the `secrets`, no more than 500 letters."""
    text = str(error) if isinstance(error, Undeliverable | Undelivered | TooEarly | Unwanted) else f"{type(error).__name__}: {error}"
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
    line = " ".join(CREDENTIALS.sub("…@", text).split())
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1] + "…"
