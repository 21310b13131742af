"""The words of assigning: how one of several is chosen, and where else a record may go."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["least", "round", "weight", "table"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a record goes: to a user, to the least loaded with a role, or into a pool."""

    kind: Literal["user", "role", "pool"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
