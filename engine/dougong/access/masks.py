"""What is left of a masked value: enough to recognise it, too little to use it."""

from typing import Any

HIDDEN = "***"


def mask(value: Any) -> str | None:
    """The masked text of a canonical value; None stays None.

    Text of seven characters and more keeps three in front and four behind (138****5678), shorter text keeps its first; all else is `***`.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        return HIDDEN
    if len(value) >= 8:
        return value[:3] + "*" * (len(value) - 7) + value[-4:]
    return value[:1] + "*" * max(2, len(value) - 1)
