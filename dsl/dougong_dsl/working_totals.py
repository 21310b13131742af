"""Running totals over days that follow a week's pattern, but for some: how much up to a day, and the day that reaches an amount."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

LAST = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Totals:
    """Days are ordinals (`date.toordinal`, 1 is a Monday).

    `week` holds the running sums of Monday to Sunday from 0, `days` the days that differ from it, in order, `more` how much they
    add to the pattern up to and including each (from 0), `totals` the whole total through each.
    """

    week: tuple[int, ...]
    days: tuple[int, ...]
    more: tuple[int, ...]
    totals: tuple[int, ...]

    @classmethod
    def of(cls, usual: Sequence[int], own: Iterable[tuple[int, int]]) -> "Totals":
        """From the amounts of Monday to Sunday (together more than 0) and of the days that have their own."""
        differing = sorted((day, amount - usual[(day - 1) % 7]) for day, amount in own if amount != usual[(day - 1) % 7])
        days = tuple(day for day, _ in differing)
        more = tuple(accumulate((amount for _, amount in differing), initial=0))
        found = cls(tuple(accumulate(usual, initial=0)), days, more, ())
        return cls(found.week, days, more, tuple(map(found.through, days)))

    def _usual(self, day: int) -> int:
        weeks, rest = divmod(day, 7)
        return weeks * self.week[7] + self.week[rest]

    def through(self, day: int) -> int:
        """The total up to and including a day."""
        return self._usual(day) + self.more[bisect_right(self.days, day)]

    def reaching(self, total: int) -> int:
        """The first day through which the total is at least that; raises OverflowError beyond the years 1 to 9999."""
        position = bisect_left(self.totals, total)
        base, have = (self.days[position - 1], self.totals[position - 1]) if position else (0, 0)
        weeks, rest = divmod(self._usual(base) + total - have - 1, self.week[7])
        found = weeks * 7 + bisect_left(self.week, rest + 1)
        if position < len(self.days):
            found = min(found, self.days[position])
        if not 1 <= found <= LAST:
            raise OverflowError("beyond the years 1 to 9999")
        return found
