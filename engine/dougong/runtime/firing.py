"""What a trigger did on one record: a line of the trigger log on its way there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Firing:
    """`seen` are the values that its conditions looked at; `did` has one entry for each action, in JSON values.

    An entry tells `action`, `clause` (file:line) and `outcome`: done, skipped (its condition was not true), nothing (there was nothing to do)
    or refused (with `refusals`); beside these, what was done: `fields`, `created`, `updated`, `todos` …
    """

    trigger: str
    object: str
    record_id: int
    event: str
    clause: str
    chain: tuple[tuple[str, int], ...]
    seen: Mapping[str, Any]
    actor: int | None
    cause: str
    cause_id: str | None
    did: list[dict[str, Any]] = field(default_factory=list)
