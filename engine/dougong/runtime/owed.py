"""What a unit of work owes to a record in parts before it may be committed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owed:
    """A write of `record` (object, id) has touched a whole: its sums, its end, or both, of the split in this pipeline."""

    whole: str
    id: int
    pipeline: str
    sums: bool
    end: bool
    record: tuple[str, int]

    @property
    def to(self) -> tuple[str, int, str]:
        """The whole, and the pipeline that splits it."""
        return self.whole, self.id, self.pipeline
