"""The channel e-mail: one message to one person over SMTP.

The Message-ID is made from the key of the delivery: a mail that is sent again after a crash has the same one, and mail programs show it once.
"""

import asyncio
import hashlib
import re
import ssl
import unicodedata
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

import aiosmtplib

from dougong.runtime.channels import mail_texts
from dougong.runtime.channels.channel import Message, Undeliverable, Undelivered, described
from dougong.runtime.channels.mail_server import MailServer

SECONDS = 30.0
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
NOT_CONFIGURED = (
    "没有配置邮件服务器：请设置 DOUGONG_SMTP_URL 和 DOUGONG_MAIL_FROM，然后重新发送",
    "No mail server is configured: set DOUGONG_SMTP_URL and DOUGONG_MAIL_FROM, then resend",
)


class Mail:
    """`app` is the title that the footer names."""

    def __init__(self, server: MailServer | None, app: str) -> None:
        self._server = server
        self._app = app

    def deliver(self, message: Message, key: str) -> None:
        """Hand the mail to the server, which takes it or says why not."""
        if self._server is None:
            raise Undeliverable(*NOT_CONFIGURED)
        mail = composed(message, key, self._server.sender, self._app)
        try:
            _alone(_send(mail, self._server))
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            raise _refusal(refused.code, refused.message, self._server) from None
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            raise _refusal(error.code, error.message, self._server) from None
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
            raise Undelivered(described(error, self._server.password)) from None


def _alone(sending: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: whoever delivers may have an event loop at work already."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, sending).result()


def composed(message: Message, key: str, sender: str, app: str) -> EmailMessage:
    """The mail as it goes out. `Undeliverable` when the address is none; nothing in it can end a header and begin another."""
    if not ADDRESS.fullmatch(message.to):
        raise Undeliverable(f"收件地址有误：{one_line(message.to)}", f"This is no address: {one_line(message.to)}")
    name, address = parseaddr(sender)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(name), addr_spec=address)
    mail["To"] = Address(one_line(message.name or ""), addr_spec=message.to)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message_id(key, address)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(mail_texts.plain(message, app))
    mail.add_alternative(mail_texts.html(message, app), subtype="html")
    mail["Content-Language"] = message.language
    return mail


def message_id(key: str, sender: str) -> str:
    """The same for the same key, and telling nothing about it."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2]}>"


def one_line(text: str) -> str:
    """Text for a header: control characters, line and paragraph separators and lone surrogates are blanks."""
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") else c for c in text).split())


async def _send(mail: EmailMessage, server: MailServer) -> None:
    await aiosmtplib.send(
        mail,
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.is_tls,
        start_tls=None if server.is_tls else server.starttls,
        timeout=SECONDS,
    )


def _refusal(code: int, text: str, server: MailServer) -> Exception:
    """A 5xx answer about this mail is the last word; others (greylisting, a full mailbox) may change."""
    said = described(Undelivered(f"{code} {text}"), server.password)
    return Undeliverable(f"邮件服务器拒收：{said}", f"The mail server refused it: {said}") if code >= 500 else Undelivered(said)
