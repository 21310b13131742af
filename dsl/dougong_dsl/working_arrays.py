"""The working time of a calendar as sorted arrays of whole milliseconds, for who reckons it elsewhere than in Python."""

from dataclasses import dataclass
from itertools import accumulate

from dougong_dsl.working_calendar import Calendar

_MILLI = 1000
_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Arrays:
    """The week: `week` its running totals by day from 0 (eight), `begins` and `ends` its hours since Monday 00:00, `before` the time worked
    before each.

    The `days` (ordinals) that differ from it, clocks changing included: `more` what they add to the week's pattern up to and including
    each (from 0), `totals` the whole total through each, `first` the number (from 1) of the first of their own hours; those hours as
    `own_begins` and `own_ends` since 1970 and `own_before`, the time in the own hours before each and, at the end, in all.
    """

    week: tuple[int, ...]
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    days: tuple[int, ...]
    more: tuple[int, ...]
    totals: tuple[int, ...]
    first: tuple[int, ...]
    own_begins: tuple[int, ...]
    own_ends: tuple[int, ...]
    own_before: tuple[int, ...]

    @classmethod
    def of(cls, calendar: Calendar) -> "Arrays":
        """The arrays of a calendar."""
        weekly = [
            (day * _DAY + begin // _MILLI, day * _DAY + end // _MILLI) for day, spans in enumerate(calendar.weekly) for begin, end in spans
        ]
        sums = [sum(end - begin for begin, end in spans) // _MILLI for spans in calendar.weekly]
        week = tuple(accumulate(sums, initial=0))
        own = {day: [(b // _MILLI, e // _MILLI) for b, e in spans if b < e] for day, spans in sorted(calendar.differing().items())}
        lengths = {day: sum(end - begin for begin, end in spans) for day, spans in own.items()}
        more = tuple(accumulate((lengths[day] - sums[(day - 1) % 7] for day in own), initial=0))
        spans = [span for each in own.values() for span in each]
        counts = accumulate((len(each) for each in own.values()), initial=1)
        return cls(
            week=week,
            begins=tuple(begin for begin, _ in weekly),
            ends=tuple(end for _, end in weekly),
            before=tuple(accumulate((end - begin for begin, end in weekly), initial=0))[:-1],
            days=tuple(own),
            more=more,
            totals=tuple(day // 7 * week[7] + week[day % 7] + add for day, add in zip(own, more[1:], strict=True)),
            first=tuple(counts)[: len(own)],
            own_begins=tuple(begin for begin, _ in spans),
            own_ends=tuple(end for _, end in spans),
            own_before=tuple(accumulate((end - begin for begin, end in spans), initial=0)),
        )
