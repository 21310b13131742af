"""Where gateways and connectors are, and the secrets shared with them: read from the environment, never from a definition.

`DOUGONG_CHANNEL_SMS_URL`, `DOUGONG_CHANNEL_SMS_SECRET` for the channel `sms`; `DOUGONG_CONNECTOR_…` likewise; `DOUGONG_WEBHOOK_…_SECRET`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from dougong.refusals import refuse
from dougong.runtime.channels.refusals import BAD_DOOR_URL

Kind = Literal["CHANNEL", "CONNECTOR", "WEBHOOK"]
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Door:
    """`setting` is what its variables begin with, `DOUGONG_CHANNEL_SMS`; what is not set is None."""

    setting: str
    url: str | None = None
    secret: str | None = field(default=None, repr=False)


def door(environment: Mapping[str, str], kind: Kind, name: str) -> Door:
    """The settings of a channel, a connector or a webhook; `Refused` R820 for an address that is none."""
    setting = f"DOUGONG_{kind}_{name.upper()}"
    url = environment.get(f"{setting}_URL", "").strip() or None
    if url is not None:
        try:
            parts = urlsplit(url)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.fragment and (parts.port or 1) > 0
        except ValueError:
            is_address = False
        if not is_address:
            raise refuse(BAD_DOOR_URL, name=f"{setting}_URL")  # it may have a password in it: it is not repeated
    return Door(setting, url, environment.get(f"{setting}_SECRET", "").strip() or None)
