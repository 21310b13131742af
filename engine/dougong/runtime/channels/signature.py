"""How both ends of a door know each other: HMAC-SHA256 over the moment and the body, with a secret that only they have.

`X-Dougong-Timestamp` holds seconds since 1970, `X-Dougong-Signature` is `v1=` and the digest of `timestamp.body` in hex.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from dougong.refusals import refuse
from dougong.runtime.channels import refusals as codes

TIMESTAMP, SIGNATURE = "X-Dougong-Timestamp", "X-Dougong-Signature"
WINDOW = timedelta(minutes=5)  # what is older may have been listened to and sent again


def signed(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers that go with a body."""
    moment = str(int(at.timestamp()))
    return {TIMESTAMP: moment, SIGNATURE: f"v1={_digest(secret, moment, body)}"}


def verify(secret: str, body: bytes, timestamp: str | None, signature: str | None, now: datetime) -> None:
    """`Refused` R822 unless whoever sent the body knows the secret and sent it just now."""
    moment = timestamp or ""
    is_moment = moment.isascii() and moment.isdigit() and len(moment) <= 12
    given = (signature or "").encode("utf-8", "replace")
    expected = f"v1={_digest(secret, moment, body)}".encode()
    is_right = hmac.compare_digest(given, expected)
    if not (is_moment and is_right and abs(now.timestamp() - int(moment)) <= WINDOW.total_seconds()):
        raise refuse(codes.BAD_SIGNATURE)


def _digest(secret: str, moment: str, body: bytes) -> str:
    return hmac.new(secret.encode(), moment.encode("utf-8", "replace") + b"." + body, hashlib.sha256).hexdigest()
