"""Drawing by weight, the same again whenever it is asked: how large everybody's share is, where a record's point lies, whom it falls on.

The points of one trigger's records lie as evenly as can be (steps of the golden ratio), so that shares are met much closer than chance
would; a digest of the trigger's name moves the points of each trigger differently.
"""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

_WHOLE = 2**64
_GOLDEN = 0x9E3779B97F4A7C15  # 2^64 divided by the golden ratio


def shares(weights: Mapping[int, Decimal | int | None], floor: Decimal | None) -> dict[int, Fraction]:
    """Everybody's share of the whole: in proportion to the weights, nobody below `floor`. Whoever has no weight, or none above zero, has the floor.

    When all have the same (nobody has any weight, or the floors are all there is), everybody has an equal share.
    """
    known = {who: max(Fraction(0), Fraction(weight or 0)) for who, weight in weights.items()}
    least = Fraction(floor or 0)
    if not known:
        return {}
    if not any(known.values()) or least * len(known) >= 1:
        return {who: Fraction(1, len(known)) for who in known}
    found: dict[int, Fraction] = {}
    left, rest = dict(known), Fraction(1)
    while True:
        total = sum(left.values(), Fraction(0))
        low = [who for who, weight in left.items() if weight * rest < least * total or (weight == 0 and least == 0)]
        if not low:
            return {who: found[who] if who in found else left[who] * rest / total for who in known}
        for who in low:
            found[who] = least
            del left[who]
        rest = 1 - sum(found.values(), Fraction(0))


def point(trigger: str, object_name: str, record_id: int) -> Fraction:
    """Where a record lies between 0 and 1."""
    start = int.from_bytes(hashlib.sha256(f"{trigger}\n{object_name}".encode()).digest()[:8])
    return Fraction((start + record_id * _GOLDEN) % _WHOLE, _WHOLE)


def drawn(parts: Mapping[int, Fraction], at: Fraction) -> int:
    """On whom a point falls; the shares lie side by side in the order given."""
    last = 0
    for who, share in parts.items():
        if at < share:
            return who
        at -= share
        last = who
    return last


def rounded(parts: Mapping[int, Fraction]) -> Sequence[tuple[int, str]]:
    """Shares in percent with two decimals, for people."""
    return [(who, f"{round(float(share) * 100, 2):g}%") for who, share in parts.items()]
