"""Pipelines, moves, triggers and the events they wait for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title

from dougong.model.actions import Action, Recipient
from dougong.model.dues import Deadline, Moment
from dougong.model.gates import NO_GATE, Gate, GateAction
from dougong.model.splits import Splits
from dougong.model.text import Template

StageKind = Literal["open", "waiting", "won", "lost", "done"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. `to_enter` and `to_leave` are what must be there before it is entered and left."""

    name: str
    title: Title
    kind: StageKind
    is_start: bool
    place: Place
    to_enter: Gate = NO_GATE
    to_leave: Gate = NO_GATE
    was: str | None = None
    on_enter: tuple[Action, ...] = ()
    on_leave: tuple[Action, ...] = ()
    on_overdue: tuple[Action, ...] = ()
    overdue: Deadline | None = None
    review: Deadline | None = None
    owner: tuple[Recipient, ...] = ()
    standard: Template | None = None  # what has to be delivered
    former: tuple[str, ...] = ()  # what earlier releases called it

    @property
    def actions(self) -> tuple[Action, ...]:
        """Everything that it does."""
        return (*self.on_enter, *self.on_leave, *self.by_time)

    @property
    def by_time(self) -> tuple[Action, ...]:
        """What it does when its deadlines pass."""
        deadlines = [d for d in (self.overdue, self.review) if d is not None]
        escalated = (action for d in deadlines for step in d.then for action in step.actions)
        return (*self.on_overdue, *(action for d in deadlines for action in d.actions), *escalated)

    @property
    def is_open(self) -> bool:
        """Whether work is still going on (open or waiting)."""
        return self.kind in ("open", "waiting")


@dataclass(frozen=True, slots=True)
class Move:
    """A way from any of `sources` to `target`. `asks` are the fields a person must give while moving."""

    sources: tuple[str, ...]
    target: str
    place: Place
    title: Title | None = None
    roles: tuple[str, ...] = ()  # empty: anyone who may move the object
    when: Expression | None = None
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The way of a record of `object` through its stages."""

    name: str
    title: Title
    object: str
    stages: Mapping[str, Stage]
    moves: tuple[Move, ...]
    place: Place
    field: str = "stage"
    moved: tuple[tuple[str, Expression], ...] = ()  # stages that are gone, and which stage each of their records goes to
    splits: Splits | None = None
    under: str | None = None  # the link to the record that its own run under

    @property
    def is_main(self) -> bool:
        """Whether it is the one whose stage is the record's own; the others keep theirs in a field."""
        return self.field == "stage"

    @property
    def since(self) -> str:
        """The column that tells since when a record has been in its stage."""
        return f"{self.field}_since"

    @property
    def due_at(self) -> str:
        """The column that tells when the time in the stage is over, where a stage has a deadline."""
        return "due_at" if self.is_main else f"{self.field}_due_at"

    @property
    def overdue(self) -> str:
        """The field that tells whether it is over."""
        return "overdue" if self.is_main else f"{self.field}_overdue"

    @property
    def log_name(self) -> str | None:
        """The pipeline's name in the stage log: none for the main one."""
        return None if self.is_main else self.name

    def qualified(self, stage: str) -> str:
        """A stage's name among those of all pipelines of the object: `solution` of the main one, `quality_stage.passed` of another."""
        return stage if self.is_main else f"{self.field}.{stage}"

    @property
    def waiting(self) -> frozenset[str]:
        """The stages in which clocks stand still."""
        return frozenset(stage.name for stage in self.stages.values() if stage.kind == "waiting")

    @property
    def start(self) -> Stage:
        """Where a new record stands."""
        return next(s for s in self.stages.values() if s.is_start)

    @property
    def ends_well(self) -> frozenset[str]:
        """The stages in which the work was done."""
        return frozenset(name for name, stage in self.stages.items() if stage.kind in ("won", "done"))

    @property
    def actions(self) -> dict[str, GateAction]:
        """The actions that its gates ask for, by name."""
        gates = [gate for stage in self.stages.values() for gate in (stage.to_enter, stage.to_leave)]
        return {action.name: action for gate in gates for action in gate.actions}


OF_WRITES = ("created", "changed", "deleted", "entered", "left", "submitted")  # the kinds of event that a write is; the others are of time


def former_stages(pipeline: Pipeline) -> tuple[tuple[str, str], ...]:
    """The former names of stages, each with the present one: the stage log keeps the name that a stage had when it was entered."""
    return tuple(
        (name, stage.name)
        for stage in pipeline.stages.values()
        for name in dict.fromkeys((*((stage.was,) if stage.was else ()), *stage.former))
        if name not in pipeline.stages
    )


@dataclass(frozen=True, slots=True)
class Event:
    """What a trigger waits for: `created`, `changed` or `deleted` (of the object, or of one `field`, from/to an option or
    value), `entered`/`left` a `stage`, a `form` `submitted`, a `moment`, the outcome of an `approval`, a `message` on a `channel` (with one
    of the words of `contains`), a `webhook` `received`. Without a record `object` is what was received (see `channels.received_as`)."""

    kind: Literal[
        "created",
        "changed",
        "deleted",
        "entered",
        "left",
        "before",
        "after",
        "overdue",
        "stays",
        "without",
        "had",
        "every",
        "approved",
        "rejected",
        "returned",
        "withdrawn",
        "submitted",
        "message",
        "received",
    ]
    object: str
    place: Place
    field: str | None = None
    from_value: Expression | None = None
    to_value: Expression | None = None
    stage: str | None = None
    column: str = "stage"  # of events of a stage: where the pipeline keeps it
    moment: Moment | None = None
    approval: str | None = None
    form: str | None = None
    channel: str | None = None
    contains: tuple[str, ...] = ()
    webhook: str | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """When one of `events` happens and `when` is true, do the actions, in order, in the same transaction."""

    name: str
    title: Title
    events: tuple[Event, ...]
    actions: tuple[Action, ...]
    place: Place
    when: Expression | None = None
    was: str | None = None
