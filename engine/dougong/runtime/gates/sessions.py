"""What a session offers about gates: actions, exceptions, and what stands open."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dougong.runtime.gates import doing, state, story
from dougong.runtime.gates.doing import Spot
from dougong.runtime.gates.state import GateItem
from dougong.runtime.gates.story import GateEvent
from dougong.runtime.unit import Unit

PlaceLike = Spot | str | tuple[float, float] | Mapping[str, Any] | None


class GateSession(ABC):
    """The part of a session that is about gates."""

    _unit: Unit

    @abstractmethod
    def _may_write(self) -> None:
        """`Refused` when this session only reads, or is spoiled."""

    def do_action(self, object: str, id: int, action: str, place: PlaceLike = None) -> None:
        """Tick an action of a gate off, as the actor, now; `place` is a name, (latitude, longitude), or both in a `Spot`.

        `Refused` R404, R315–R319.
        """
        self._may_write()
        doing.do(self._unit, object, id, action, place)

    def undo_action(self, object: str, id: int, action: str) -> None:
        """Withdraw an action; a stage that was reached by it is unsupported from now on. `Refused` R404, R315, R316, R320."""
        self._may_write()
        doing.undo(self._unit, object, id, action)

    def except_gate(self, object: str, id: int, stage: str, item: str, reason: str, until: datetime) -> None:
        """Let a record pass the gates of a stage without an item (a field, an action) until an instant.

        Only for roles that the gate names under `exceptions_by`. `Refused` R404, R301, R321–R324.
        """
        self._may_write()
        doing.except_gate(self._unit, object, id, stage, item, reason, until)

    def gates(self, object: str, id: int) -> list[GateItem]:
        """What the gates in front of a visible record ask for, and what those behind it have lost or were opened by. `Refused` R404."""
        return state.gate_items(self._unit, object, id)

    def gate_story(self, object: str, id: int) -> list[GateEvent]:
        """What was ticked off, withdrawn and let pass at the gates of a visible record, oldest first. `Refused` R404."""
        return story.gate_story(self._unit, object, id)
