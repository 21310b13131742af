"""May a column of one kind become another without touching what its values mean?"""

from dataclasses import dataclass
from typing import Literal

from dougong.fields.base import FieldType
from dougong.plan.layout import Column

Verdict = Literal["same", "check_options", "widen", "words", "impossible"]
WORDS = {"choice", "tags"}  # several options and tags are kept alike: a list of words


@dataclass(frozen=True, slots=True)
class Retype:
    """`widen` comes with the scales before and after; `words`: several options become tags, or tags options."""

    verdict: Verdict
    old_scale: int = 0
    new_scale: int = 0


def retype(old: Column, new: Column, made: FieldType | None) -> Retype:
    """How `old` becomes `new`, a column of the field type `made` (None: one of the engine's own columns)."""
    if not old.kind or not new.kind:  # an engine's column that a definition now speaks of, or no longer
        return Retype("same" if old.sql == new.sql else "impossible")
    if old.target != new.target:
        return Retype("impossible")
    if old.sql == new.sql:
        return Retype(_same_column(old, new, made))
    before, after = scale(old), scale(new)
    if before is None or after is None or before > after:
        return Retype("impossible")
    return Retype("widen", before, after)


def _same_column(old: Column, new: Column, made: FieldType | None) -> Verdict:
    if {old.kind, new.kind} == WORDS and made is not None and made.is_many:
        return "words"
    if made is not None and made.choices and old.family == made.family:
        return "check_options"
    if old.kind == new.kind or (old.family == new.family == "number"):
        return "same"
    return "same" if made is not None and made.takes_any_text and old.family == "text" else "impossible"


def scale(column: Column) -> int | None:
    """Decimal places of a number's column; None for others."""
    if column.family != "number":
        return None
    return int(column.sql.rstrip(")").rpartition(",")[2]) if column.sql.startswith("numeric") else 0
