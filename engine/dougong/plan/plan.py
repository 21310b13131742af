"""A plan: what will be done, in order, and what stands in its way."""

from dataclasses import dataclass

from dougong_dsl.diagnostics import Diagnostic, has_errors

from dougong.plan.layout import Layout
from dougong.plan.operations import Operation


@dataclass(frozen=True, slots=True)
class Plan:
    """`base` is the release it starts from (None: an empty database), `layout` what the tables look like afterwards."""

    operations: tuple[Operation, ...]
    diagnostics: tuple[Diagnostic, ...]
    base: int | None
    layout: Layout

    @property
    def is_empty(self) -> bool:
        """Whether database and definition agree already."""
        return not self.operations

    @property
    def is_blocked(self) -> bool:
        """Whether a person must decide something before it can be applied."""
        return has_errors(self.diagnostics)

    @property
    def is_destructive(self) -> bool:
        """Whether values disappear from sight (they are kept in retired columns and tables)."""
        return any(o.kind == "destructive" for o in self.operations)

    def describe(self, language: str) -> list[str]:
        """One line per operation, with its sign."""
        return [f"{o.sign} {o.describe(language)}" for o in self.operations]
