"""Scenarios: stories of the app that `dougong test` plays on a virtual clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.sentences.scenes import Said
from dougong_dsl.titles import Title
from dougong_dsl.working import Amount


@dataclass(frozen=True, slots=True)
class SceneStep:
    """One line. `kind` is a row of the player's verbs; what a kind does not use is left empty.

    `values` are as written: records go by their names in the scenario, people by their logins. `refused` is a part of the reason the step
    must be refused with (empty: any reason).
    """

    kind: str
    text: str
    place: Place
    record: str | None = None
    object: str | None = None
    login: str | None = None
    stage: str | None = None
    action: str | None = None  # of a gate; where there is a stage: its pipeline
    values: Mapping[str, Any] | None = None
    rows: tuple[Mapping[str, Any], ...] = ()
    names: tuple[str, ...] = ()  # of the rows, where they have names
    amount: Amount | None = None
    until: datetime | None = None
    expected: Said | None = None
    condition: Expression | None = None
    refused: str | None = None
    form: str | None = None
    door: str | None = None  # a channel, a webhook or a connector
    address: str | None = None  # of a message whose sender is no record


@dataclass(frozen=True, slots=True)
class Scenario:
    """`given` is there before anything happens, without setting anything off; `starts_at` is local time."""

    name: str
    title: Title
    given: tuple[SceneStep, ...]
    steps: tuple[SceneStep, ...]
    starts_at: datetime
    place: Place
