"""What happens by time: deadlines of stages, and the moments that triggers wait for."""

from dataclasses import dataclass
from typing import Literal

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.recurrence import Recurrence
from dougong_dsl.working import Amount

from dougong.model.actions import Action

MomentKind = Literal["before", "after", "overdue", "stays", "without", "had", "every"]


@dataclass(frozen=True, slots=True)
class Escalation:
    """What is done when a deadline passed `amount` ago (counted from the step before)."""

    amount: Amount
    actions: tuple[Action, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long a stage may last (`overdue`), or when a waiting one is looked at again (`review`).

    It is counted from the entry, or from the end of the day in `field`, a date that was planned: pauses do not move that. The time is counted on the named `calendar`, on the one whose name `calendar_of` gives for a record, else on the app's.
    """

    kind: Literal["overdue", "review"]
    amount: Amount
    place: Place
    actions: tuple[Action, ...] = ()
    then: tuple[Escalation, ...] = ()
    calendar: str | None = None
    calendar_of: Expression | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that a trigger waits for.

    before, after: `amount` from the date in `field`, at `recurrence.at` if that is given · overdue: a stage's deadline · stays: `amount` in
    `stage` · without: `amount` since the last update, change of `field`, or record of `child` whose `through` points here · had: the boolean
    `field` of the records of `child` was true `times` in a row · every: `recurrence`, for each record for which `where` is true.
    """

    kind: MomentKind
    object: str
    place: Place
    amount: Amount | None = None
    field: str | None = None
    stage: str | None = None
    column: str = "stage"  # of overdue and stays: where the pipeline keeps its stage
    child: str | None = None
    through: str | None = None
    times: int = 0
    recurrence: Recurrence | None = None
    where: Expression | None = None
