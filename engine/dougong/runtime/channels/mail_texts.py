"""What stands around the text of a mail, in both languages."""

from collections.abc import Mapping
from html import escape

from dougong.fields.base import Language
from dougong.runtime.channels.channel import Message

GREETING: Mapping[Language, str] = {"zh": "{name}，您好：", "en": "Hello {name},"}
LINK: Mapping[Language, str] = {"zh": "查看：{link}", "en": "Open: {link}"}
FOOTER: Mapping[Language, str] = {
    "zh": "这封邮件由{app}自动发出，请不要直接回复。",
    "en": "This message was sent by {app}; please do not reply to it.",
}


def plain(message: Message, app: str) -> str:
    """The body as text."""
    parts = _parts(message, app)
    return "\n\n".join(part for part in parts if part) + "\n"


def html(message: Message, app: str) -> str:
    """The body as a page: paragraphs, and the link as one."""
    greeting, text, link, footer = _parts(message, app)
    paragraphs = [escape(p).replace("\n", "<br>") for p in (greeting, *text.split("\n\n")) if p]
    if link and message.link:
        url = escape(message.link)
        paragraphs.append(escape(link).replace(url, f'<a href="{url}">{url}</a>'))
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return f'<!doctype html><html lang="{message.language}"><body>{body}<hr><p><small>{escape(footer)}</small></p></body></html>\n'


def _parts(message: Message, app: str) -> tuple[str, str, str, str]:
    language = message.language
    greeting = GREETING[language].format(name=message.name) if message.name else ""
    link = LINK[language].format(link=message.link) if message.link and message.link.startswith(("https://", "http://")) else ""
    return greeting, message.text.strip(), link, FOOTER[language].format(app=app)
