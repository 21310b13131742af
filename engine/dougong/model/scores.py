"""Scores: points that rules give a record while they hold, points that actions gave it for good, and the bands they fall into."""

from dataclasses import dataclass

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """`points` (below 0: taken away) while `when` is true; without a title its condition is told."""

    points: int
    when: Expression
    title: Title | None
    place: Place


@dataclass(frozen=True, slots=True)
class Band:
    """What scores from `low` on and below `high` are called; None: without end."""

    name: str
    low: int | None
    high: int | None
    place: Place

    def holds(self, points: int) -> bool:
        """Whether so many points fall into it."""
        return (self.low is None or self.low <= points) and (self.high is None or points < self.high)


@dataclass(frozen=True, slots=True)
class Score:
    """A score of an object's records. It adds the computed fields `name` and `name_band` (when it has bands), and `name_points`, which the
    engine keeps: the sum of what actions gave."""

    name: str
    object: str
    title: Title
    rules: tuple[ScoreRule, ...]
    bands: tuple[Band, ...]
    place: Place

    @property
    def points_field(self) -> str:
        """The field that holds what actions gave."""
        return points_field(self.name)

    @property
    def band_field(self) -> str:
        """The field that holds the band."""
        return band_field(self.name)


def points_field(score: str) -> str:
    """The name of the field for what actions gave."""
    return f"{score}_points"


def band_field(score: str) -> str:
    """The name of the field for the band."""
    return f"{score}_band"
