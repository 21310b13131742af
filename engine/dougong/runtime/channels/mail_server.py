"""Which mail server: read from the environment, never from a definition. `DOUGONG_SMTP_URL` and `DOUGONG_MAIL_FROM`.

`smtp://user:password@host:587` takes STARTTLS when the server offers it (`?starttls=always` insists, `?starttls=never` forbids);
`smtps://host:465` is TLS from the first byte. Letters like @ or : in a password are written %40, %3A.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from dougong.refusals import refuse
from dougong.runtime.channels.refusals import BAD_MAIL_URL, BAD_SENDER

URL, SENDER = "DOUGONG_SMTP_URL", "DOUGONG_MAIL_FROM"
PORTS = {"smtp": 587, "smtps": 465}
STARTTLS = {"auto": None, "always": True, "never": False}


@dataclass(frozen=True, slots=True)
class MailServer:
    """`starttls`: None takes it when it is offered. `sender` is an address, perhaps with a name: `CRM <crm@example.com>`."""

    host: str
    port: int
    sender: str
    is_tls: bool = False
    starttls: bool | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def mail_server(environment: Mapping[str, str]) -> MailServer | None:
    """The mail server of an environment, None without one; `Refused` R810, R811 when the settings cannot be understood."""
    url, sender = environment.get(URL, "").strip(), environment.get(SENDER, "").strip()
    if not url:
        return None
    if "@" not in parseaddr(sender)[1]:
        raise refuse(BAD_SENDER)
    try:
        parts = urlsplit(url)
        asked = parse_qs(parts.query, strict_parsing=bool(parts.query))
        starttls = STARTTLS[asked.pop("starttls", ["auto"])[0]]
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise refuse(BAD_MAIL_URL) from None  # the URL has a password: it is not repeated
    if asked or not parts.hostname or parts.path.strip("/"):
        raise refuse(BAD_MAIL_URL)
    user, password = (unquote(p) if p else None for p in (parts.username, parts.password))
    return MailServer(parts.hostname, port, sender, parts.scheme == "smtps", starttls, user, password)
