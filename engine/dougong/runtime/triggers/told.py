"""The answers about triggers, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dougong.refusals import Refusal
from dougong.runtime.firing import Firing
from dougong.runtime.record import Person

Pair = tuple[str, str]  # Chinese, English


@dataclass(frozen=True, slots=True)
class Entry:
    """One firing: whose write (or which moment) set it off, what the conditions saw, what each action did.

    `chain` are the triggers that led here with their records; `did` is described at `Firing`; `refused` says why nothing came of it.
    """

    id: int
    trigger: str
    object: str | None
    record_id: int | None
    event: str
    at: datetime
    release: int
    actor: Person
    cause: str
    cause_id: str | None
    chain: Sequence[tuple[str, int]]
    seen: Mapping[str, Any]
    did: Sequence[Mapping[str, Any]]
    refused: Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class LogPage:
    """Entries, newest first; `next_cursor` leads on when there are more."""

    entries: list[Entry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that had to be so: an event, a moment, the condition, the firing itself. `holds` is None where it is only told."""

    about: Literal["event", "moment", "condition", "firing", "action"]
    holds: bool | None
    said: Pair
    clause: str | None = None  # file:line

    def text(self, language: str) -> str:
        """The sentence in a language."""
        return self.said[0] if language == "zh" else self.said[1]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a trigger fired on a record, or did not: `verdict` in one sentence, `steps` in the order in which they had to hold."""

    trigger: str
    object: str
    record_id: int
    has_fired: bool
    verdict: Pair
    steps: tuple[Step, ...]

    def lines(self, language: str) -> list[str]:
        """Verdict and steps as text."""
        marks = {True: "✓", False: "✗", None: "·"}
        told = [f"{marks[s.holds]} {s.text(language)}" + (f" ({s.clause})" if s.clause else "") for s in self.steps]
        return [self.verdict[0 if language == "zh" else 1], *told]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a trigger would do to a record now, as if its event had happened; nothing of it was kept.

    `firings` are its own and those of every trigger that it would set off, in the order in which they would fire; none when its condition is
    not true, which `why_not` says. `refusals`: why all of it would be refused.
    """

    trigger: str
    object: str
    record_id: int
    firings: tuple[Firing, ...]
    refusals: tuple[Refusal, ...] = ()
    why_not: Pair | None = None
