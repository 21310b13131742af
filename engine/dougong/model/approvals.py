"""Approvals: people who must agree to a record, one step after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title
from dougong_dsl.working import Amount

from dougong.model.actions import Action, Recipient, StartAction
from dougong.model.flow import Event, Trigger
from dougong.model.text import Template

SamePerson = Literal["other", "counts", "again"]
Otherwise = Literal["escalate", "approve", "reject"]
OUTCOMES = ("approved", "rejected", "returned", "withdrawn")


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """`needed` of the people that `by` names must approve (None: all of them), if `when` is true or not there.

    After `within`, counted on the app's calendar, `otherwise` happens: escalate to their managers, or approve or reject for them.
    """

    title: Title
    by: Recipient
    place: Place
    needed: int | None = 1
    when: Expression | None = None
    within: Amount | None = None
    otherwise: Otherwise | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval of records of `object`.

    `lock` are the fields that nobody changes while it runs; `reads_snapshot`: its conditions see the record as it was submitted. Who
    approved an earlier step is not asked again unless `same_person` says so: `counts` takes the earlier answer, `again` asks again.
    `own`: the submitter may be among the approvers. `goes_on`: also when the record leaves the stage whose entering started it.
    `actions` follow an outcome.
    """

    name: str
    title: Title
    object: str
    steps: tuple[ApprovalStep, ...]
    place: Place
    start: Event | None = None
    text: Template | None = None
    when: Expression | None = None
    lock: frozenset[str] = frozenset()
    reads_snapshot: bool = False
    same_person: SamePerson = "other"
    own: bool = False
    goes_on: bool = False
    actions: Mapping[str, tuple[Action, ...]] = field(default_factory=dict)

    def triggers(self) -> Iterator[Trigger]:
        """What starts it and what follows its outcomes, seen as triggers."""
        if self.start is not None:
            starting = (StartAction(place=self.place, approval=self.name),)
            yield Trigger(f"approval:{self.name}:start", self.title, (self.start,), starting, self.place)
        for outcome, actions in self.actions.items():
            if actions:
                event = Event(outcome, self.object, self.place, approval=self.name)  # type: ignore[arg-type]  # one of OUTCOMES
                yield Trigger(f"approval:{self.name}:{outcome}", self.title, (event,), actions, self.place)
