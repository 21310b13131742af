"""What one whole is owed before a unit of work may be committed."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Owed:
    """Whether its sums were touched, whether its end was, and by writes of which (object, id)."""

    sums: bool = False
    end: bool = False
    records: set[tuple[str, int]] = field(default_factory=set)
