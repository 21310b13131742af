"""Working days and hours as Python source; the calendar is a constant of the generated function."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import cast

from dougong_dsl.expression import typed


class WorkingWriter(ABC):
    """The nodes of working time; the rest of the writer builds on it."""

    @abstractmethod
    def constant(self, value: object) -> str:
        """A name for a value that has no literal."""

    @abstractmethod
    def guarded(self, nodes: Sequence[typed.Typed], body: Callable[[list[str]], str]) -> str:
        """`body` of the values, None when one of them is null."""

    def _schedule(self, node: typed.Schedule) -> str:
        return self.constant(node.calendar)

    def _workshift(self, node: typed.WorkShift) -> str:
        calendar = self._schedule(node.calendar)
        if node.days is not None:
            return self.guarded([node.base], lambda c: f"add_working_days({c[0]}, {node.sign * cast(int, node.days)}, {calendar})")
        amount = self.constant(node.sign * cast(timedelta, node.time))
        return self.guarded([node.base], lambda c: f"add_working_time({c[0]}, {amount}, {calendar})")

    def _worked(self, node: typed.Worked) -> str:
        calendar = self._schedule(node.calendar)
        return self.guarded([node.start_at, node.end_at], lambda c: f"working_time({c[0]}, {c[1]}, {calendar})")
