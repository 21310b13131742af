"""Plays scenarios one after the other and tells what became of each."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dougong.flow.scenarios.expectations import EXPECTATIONS, Expectation, mark
from dougong.flow.scenarios.verbs import VERBS, Verb
from dougong.flow.scenarios.world import Unmet, World, reasons
from dougong.model.scenarios import Scenario, SceneStep
from dougong.refusals import Refused


@dataclass(frozen=True, slots=True)
class Failure:
    """The step that did not come true, why, and when that was on the scenario's clock."""

    step: SceneStep
    zh: str
    en: str
    at: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one scenario. `played` counts its steps up to the end or the failure, `seconds` is real time."""

    scenario: Scenario
    failure: Failure | None
    played: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether everything came true."""
        return self.failure is None


def play(
    world: World, scenario: Scenario, verbs: Mapping[str, Verb] = VERBS, expectations: Mapping[str, Expectation] = EXPECTATIONS
) -> Outcome:
    """One scenario, from an empty world to its end or its first failure.

    `verbs` and `expectations` are what the kinds of lines do: on the engine, or on whatever stands before it.
    """
    started = time.perf_counter()
    played = 0
    step: SceneStep | None = None
    try:
        world.begin(scenario.starts_at)
        step = next(iter(scenario.given), None)
        _set_up(world, scenario)
        _look(world)
        for step in scenario.steps:
            played += 1
            _step(world, step, verbs, expectations)
            _look(world)
        failure = None
    except Unmet as unmet:
        failure = _failure(world, scenario, step, unmet.zh, unmet.en)
    except Refused as refused:
        zh, en = reasons(refused)
        failure = _failure(world, scenario, step, f"被拒绝：{zh}", f"It was refused: {en}")
    return Outcome(scenario, failure, played, time.perf_counter() - started)


def play_all(world: World, scenarios: Iterable[Scenario]) -> list[Outcome]:
    """Every scenario in its order."""
    return [play(world, scenario) for scenario in scenarios]


def _set_up(world: World, scenario: Scenario) -> None:
    people = [s for s in scenario.given if s.kind == "user"]
    world.people(people)
    world.place([s for s in scenario.given if s.kind == "given"])
    world.relate(people)
    mark(world)


def _look(world: World) -> None:
    if world.after is not None:
        world.after()


def _step(world: World, step: SceneStep, verbs: Mapping[str, Verb], expectations: Mapping[str, Expectation]) -> None:
    expectation = expectations.get(step.kind)
    if expectation is not None:
        expectation(world, step)
        return
    if step.kind != "as":
        mark(world)
        world.warnings = ()
    try:
        verbs[step.kind](world, step)
    except Refused as refused:
        _refused(world, step, refused)
        return
    if step.refused is not None:
        raise Unmet("这一步应该被拒绝，却成功了", "This should have been refused, but it was done")
    if step.kind not in ("as", "wait"):
        world.work_off()


def _refused(world: World, step: SceneStep, refused: Refused) -> None:
    world.stopped.update(r.clause for r in refused.refusals if r.clause is not None)
    if step.refused is None:
        raise refused
    zh, en = reasons(refused)
    if step.refused not in zh and step.refused not in en:
        raise Unmet(f"拒绝的原因不是“{step.refused}”，而是：{zh}", f"It was refused, but not because of “{step.refused}”: {en}")


def _failure(world: World, scenario: Scenario, step: SceneStep | None, zh: str, en: str) -> Failure:
    at = f"{world.clock.now().astimezone(world.app.zone):%Y-%m-%d %H:%M}"
    return Failure(step or SceneStep("given", scenario.name, scenario.place), zh, en, at)
