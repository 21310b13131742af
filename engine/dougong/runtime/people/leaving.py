"""What a hand-over is made of: what went to whom, who may take something, and the steps that each hand over one kind of thing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dougong.runtime.unit import Unit


@dataclass(frozen=True, slots=True)
class Handed:
    """Something that went to somebody: `what` is an object's name, `todo`, `delegation`, `approval`, `submission`, `proposal` or `message`; `field` the
    user field, of records.
    """

    what: str
    id: int
    field: str | None
    to: int


@dataclass(frozen=True, slots=True)
class Pooled:
    """A record that went into a pool."""

    what: str
    id: int
    pool: str


@dataclass(frozen=True, slots=True)
class Report:
    """What went where, in the order in which it did. `withdrawn`: the jobs of mails and messages on channels that do not go out any more."""

    user: int
    handed: tuple[Handed, ...]
    pooled: tuple[Pooled, ...] = ()
    withdrawn: tuple[int, ...] = ()

    def counts(self) -> dict[tuple[str, int], int]:
        """How many of each kind each person got: (what, user id) → number."""
        found: dict[tuple[str, int], int] = {}
        for each in self.handed:
            found[(each.what, each.to)] = found.get((each.what, each.to), 0) + 1
        return found


@dataclass(slots=True)
class Leaving:
    """One hand-over at work. `heirs` are those who may get something; `is_all`: closed records too; `is_pooled`: records with pools go there."""

    unit: Unit
    user: int
    heirs: tuple[int, ...]
    is_all: bool = False
    is_pooled: bool = False
    pooled: list[Pooled] = field(default_factory=list)
    handed: list[Handed] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    loads: dict[str, dict[int, int]] = field(default_factory=dict)

    def heir(self, what: str, load: Callable[[], Mapping[int, int]], among: Sequence[int] | None = None) -> int:
        """Who gets the next one: the least loaded with things of this kind, then the first. `load` counts them once; `among`: only these."""
        chosen_from = self.heirs if among is None else among
        if len(chosen_from) == 1:
            return chosen_from[0]
        if what not in self.loads:
            self.loads[what] = dict(load())
        loads = self.loads[what]
        chosen = min(chosen_from, key=lambda h: loads.get(h, 0))
        loads[chosen] = loads.get(chosen, 0) + 1
        return chosen


Step = Callable[[Leaving], None]
