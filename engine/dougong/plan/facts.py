"""What a plan must know about the data: counts, asked for by `diff` itself.

`gather` runs the diff once with a notebook that writes down every question, answers them in one read transaction, and gives the answers
as a value; the real diff then asks the same questions and opens no connection.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dougong.plan.layout import Layout, layout_of

Asked = Literal["rows", "filled", "blank", "equal", "outside", "duplicates", "over", "apart"]


@dataclass(frozen=True, slots=True)
class Question:
    """How many rows of `table`: all, with `column` filled, blank, equal to the one of `values`, outside of `values`, larger than it;
    or how many values stand twice. `apart`: its rows whose `column` is not the sum of those of the parts; `values` are the table of the
    parts, the column there, and their link. `is_many`: the column holds several values."""

    asked: Asked
    table: str
    column: str = ""
    values: tuple[str, ...] = ()
    is_many: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """The records of `object` (its name in the new release) that stand in `stage`, a stage that is gone, of the pipeline at `column`.

    `sources` says in which column each field stands (those that are missing are not there yet), `filled` which of them get their default
    where they are blank, and `was` what the object is called in the release in force, whose types the columns have; None: the new ones.
    """

    table: str
    object: str
    column: str
    stage: str
    source: str  # where the stage itself stands
    sources: tuple[tuple[str, str], ...] = ()
    filled: frozenset[str] = field(default_factory=frozenset)
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """`base` and `layout` are those of the latest release; `tables` the names of all tables in the database."""

    base: int | None = None
    layout: Layout = field(default_factory=lambda: layout_of(None))
    tables: frozenset[str] = frozenset()
    answers: Mapping[Question, int] = field(default_factory=dict)
    routes: Mapping[Route, Mapping[str, int]] = field(default_factory=dict)

    def count(self, question: Question) -> int:
        """The answer; 0 for what was not asked of the database, so that a plan for an imagined one can be made."""
        return self.answers.get(question, 0)

    def destinations(self, route: Route) -> Mapping[str, int]:
        """How many records go to which stage; those that no stage is found for are under an empty name."""
        return self.routes.get(route, {})
