"""What a record is split into: parts in another object whose sums match, and without which it does not close."""

from dataclasses import dataclass
from typing import Literal

from dougong_dsl.places import Place

Closing = Literal["all", "any"]


@dataclass(frozen=True, slots=True)
class Splits:
    """The parts are records of `into`, whose link `by` leads to the whole.

    Once there are parts, each field of `sums` is their sum. `close_when`: how many of them must have ended well before the whole can; None:
    it does not wait for them.
    """

    into: str
    by: str
    sums: tuple[str, ...]
    close_when: Closing | None
    place: Place
