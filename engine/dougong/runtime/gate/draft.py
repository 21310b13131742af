"""A record on its way through the gate: the row as it was, the row as it will be, and everything that speaks against it."""

from collections.abc import Mapping, Sequence
from typing import Any

from dougong.derive.dues import Due, DueRule
from dougong.derive.moves import MoveRule, StageRules
from dougong.derive.rules import ObjectRules
from dougong.refusals import Refusal, RefusalCode
from dougong.runtime.unit import Row, Unit


class Draft:
    """One write. `given` are the names of the fields that the person (or the trigger) gave; `wrong` those that could not be read."""

    __slots__ = (
        "context",
        "dues",
        "form",
        "given",
        "is_preview",
        "moves",
        "old",
        "refusals",
        "row",
        "rules",
        "taken",
        "unit",
        "values",
        "warnings",
        "wrong",
    )

    def __init__(self, unit: Unit, rules: ObjectRules, old: Row | None, values: Mapping[str, Any], *, is_preview: bool = False) -> None:
        self.unit = unit
        self.is_preview = is_preview  # nothing will be written: no number is drawn, nothing is locked
        self.rules = rules
        self.old = old
        self.values = values
        self.row = Row(rules, unit, rules.empty if old is None else old)
        self.context = unit.plain if old is None else unit.context(old)
        self.given: set[str] = set()
        self.wrong: set[str] = set()
        self.refusals: list[Refusal] = []
        self.warnings: list[Refusal] = []
        self.taken: Mapping[str, set[Any]] | None = None  # values that unique fields have already, when a batch asked for them
        self.moves: dict[str, MoveRule] = {}  # the moves that this write makes, by the column of the stage
        self.form: str | None = None  # the form through which the values came
        self.dues: Sequence[tuple[DueRule, Due | None]] = ()  # what falls due of it, worked out again

    def refuse(self, code: RefusalCode, /, *, field: str | None = None, clause: str | None = None, **params: object) -> None:
        """Note one reason why this may not be."""
        self.refusals.append(Refusal(code, params, field, clause))

    @property
    def is_move(self) -> bool:
        """Whether an existing record changes its stage in the main pipeline."""
        return self.old is not None and self.rules.stages is not None and self.row["stage"] != self.old["stage"]

    @property
    def moved(self) -> list[StageRules]:
        """The pipelines in which an existing record moves."""
        row, old = self.row, self.old
        return [] if old is None else [track for track in self.rules.tracks if row[track.field] != old[track.field]]

    @property
    def moved_beside(self) -> list[StageRules]:
        """The further pipelines in which an existing record moves, or a new one begins."""
        row, old = self.row, self.old
        return [t for t in self.rules.tracks if not t.pipeline.is_main and (old is None or row[t.field] != old[t.field])]

    def changed(self) -> list[str]:
        """Names of the columns whose value differs from what it was, in table order."""
        row, old = self.row, self.old
        if old is None:
            return [n for n in self.rules.columns if row[n] is not None]
        return [n for n in self.rules.columns if row[n] != old[n]]
