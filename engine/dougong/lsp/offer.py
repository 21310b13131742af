"""One thing that may be written at a spot."""

from dataclasses import dataclass
from typing import Literal

OfferKind = Literal["key", "type", "word", "object", "field", "option", "function", "role", "other"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to write. `text` is put in place of the word being typed; `match` is what that word is compared with."""

    label: str
    kind: OfferKind
    detail: str = ""
    help: str = ""
    text: str = ""
    match: str = ""
