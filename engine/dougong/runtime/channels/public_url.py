"""Where people open the app: `DOUGONG_URL` of the environment, never of a definition. Links in what leaves the app begin with it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from dougong.refusals import refuse
from dougong.runtime.channels.refusals import BAD_PUBLIC_URL

URL = "DOUGONG_URL"


def public_url(environment: Mapping[str, str]) -> str | None:
    """The address without a stroke at its end, such as `https://crm.example.com/sales`; None when it is not set. `Refused` R812."""
    written = environment.get(URL, "").strip()
    if not written:
        return None
    try:
        parts = urlsplit(written)
        is_sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_sound = False
    if not is_sound or parts.query or parts.fragment or parts.username or any(c.isspace() or c in '<>"' for c in written):
        raise refuse(BAD_PUBLIC_URL)
    return written.rstrip("/")
