"""What a session offers about records in parts."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from dougong.refusals import Refusal
from dougong.runtime.gate.draft import Draft
from dougong.runtime.record import Record
from dougong.runtime.splits import settling, splitting, story, view
from dougong.runtime.splits.story import SplitEvent
from dougong.runtime.splits.view import Parts
from dougong.runtime.unit import Unit

NOTHING: Mapping[str, Any] = {}


class SplitSession(ABC):
    """The part of a session that is about parts."""

    _unit: Unit

    @abstractmethod
    def _may_write(self) -> None:
        """`Refused` when this session only reads, or is spoiled."""

    @abstractmethod
    def _written(self, draft: Draft) -> Record:
        """A written record as the actor may see it."""

    def split(
        self,
        object: str | Record,
        id: int | None = None,
        /,
        *,
        parts: Sequence[Mapping[str, Any]],
        values: Mapping[str, Any] = NOTHING,
        into: str | None = None,
        version: int | None = None,
    ) -> list[Record]:
        """Make the parts of a record those that are given, in one piece; the parts in their order.

        A part with an `id` is changed, one without is new, one that is not given is deleted. A summed field that exactly one part leaves
        blank gets the rest. `values` are changes of the record itself: its sum may only change together with its parts. `into` names the
        object of the parts where there are several. `Refused` R404, R385–R387, and the gate's with the field `parts.<index>.<field>`; sums
        that do not match are refused at the end of the session (R380, R381).
        """
        self._may_write()
        if isinstance(object, Record):
            name, record_id, version = object.object, object.id, object.version if version is None else version
        else:
            name, record_id = object, int(id or 0)
        drafts = splitting.split(self._unit, name, record_id, parts, values, into=into, version=version)
        return [self._written(draft) for draft in drafts]

    def parts(self, object: str, id: int) -> list[Parts]:
        """The parts of a visible record, one entry for each kind, and what they add up to. `Refused` R404."""
        return view.parts_of(self._unit, object, id)

    def split_story(self, object: str, id: int) -> list[SplitEvent]:
        """Who made which parts of a visible record, changed them or took them away, oldest first. `Refused` R404."""
        return story.split_story(self._unit, object, id)

    def unsettled(self) -> list[tuple[set[tuple[str, int]], list[Refusal]]]:
        """What would refuse the commit now because parts do not add up: the written records (object, id), and why."""
        return settling.unsettled(self._unit)
