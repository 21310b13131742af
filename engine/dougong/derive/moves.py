"""The stages of an object as the gate needs them: moves by source stage, and what must be filled to leave and to enter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place

from dougong.derive.programs import Program
from dougong.model.flow import Move, Pipeline, Stage


@dataclass(frozen=True, slots=True)
class MoveRule:
    """One move from one source stage."""

    move: Move
    target: str
    roles: tuple[str, ...]
    when: Program | None
    asks: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class StageRules:
    """All stages of a pipeline, and for each the moves that leave it, in declared order."""

    pipeline: Pipeline
    start: str
    stages: Mapping[str, Stage]
    leaving: Mapping[str, tuple[MoveRule, ...]]
    proving: frozenset[str]  # fields that a gate with actions or evidence, or one with exceptions, asks for

    @property
    def field(self) -> str:
        """The column of the stage."""
        return self.pipeline.field

    @property
    def since(self) -> str:
        """The column that tells since when."""
        return self.pipeline.since

    @property
    def log_name(self) -> str | None:
        """The pipeline's name in the stage log: none for the main one."""
        return self.pipeline.log_name

    def between(self, source: str, target: str) -> tuple[MoveRule, ...]:
        """The moves from `source` to `target`."""
        return tuple(m for m in self.leaving.get(source, ()) if m.target == target)


def stage_rules(pipeline: Pipeline, program: Callable[[Expression], Program]) -> StageRules:
    """What the gate needs of a pipeline."""
    leaving: dict[str, list[MoveRule]] = {name: [] for name in pipeline.stages}
    for move in pipeline.moves:
        when = program(move.when) if move.when else None
        rule = MoveRule(move, move.target, move.roles, when, move.asks, clause(move.place))
        for source in move.sources:
            if source != move.target:
                leaving[source].append(rule)
    gates = [gate for stage in pipeline.stages.values() for gate in (stage.to_enter, stage.to_leave)]
    proving = frozenset(name for gate in gates for name in (*gate.fields, *(e.field for e in gate.evidence)))
    return StageRules(pipeline, pipeline.start.name, pipeline.stages, {name: tuple(rules) for name, rules in leaving.items()}, proving)


def clause(place: Place) -> str:
    """Where a rule stands, for the person who is refused: `file:line`."""
    return f"{place.file}:{place.line}"
