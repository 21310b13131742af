"""Why a record has the score that it has: the rules that hold now, and the points that actions gave, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dougong.check.uses import read_by
from dougong.derive.moves import clause
from dougong.derive.speech import Speaker
from dougong.model.scores import Score, ScoreRule
from dougong.runtime.scores import rows
from dougong.runtime.session import Session
from dougong.runtime.unit import Row, Unit

Spoken = tuple[str, str]
OTHERS: Spoken = ("其他规则", "other rules")


@dataclass(frozen=True, slots=True)
class Points:
    """`points` for `why` (Chinese, English): by the rule at `clause` (None: several rules that the reader may not know), or for good at `at`."""

    points: int
    why: Spoken
    clause: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoreReason:
    """One score of a record: `total` is the sum of `parts`; `band` None where it has none, or where the reader may not read it."""

    name: str
    title: Spoken
    total: int
    band: str | None
    parts: tuple[Points, ...]

    def lines(self) -> Iterator[Spoken]:
        """The score and each of its parts as a line."""
        zh, en = self.title
        band = "" if self.band is None else f" ({self.band})"
        yield f"{zh}：{self.total}{band}", f"{en}: {self.total}{band}"
        for part in self.parts:
            place = "" if part.clause is None else f" ({part.clause})"
            yield f"  {part.points:+d} {part.why[0]}{place}", f"  {part.points:+d} {part.why[1]}{place}"


def explain_scores(session: Session, object: str, id: int) -> list[ScoreReason]:
    """Every score of a record that the actor may read, in declared order; raises `Refused` R404 for a record that they may not see.

    Rules that look at what the actor may not read are told as one sum.
    """
    scores = [s for s in session.app.scores.values() if s.object == object]
    seen, unit = session.get(object, id), session.unit
    masked = session.masked(object)
    scores = [s for s in scores if s.name in seen and s.name not in masked]
    if not scores:
        return []
    row = unit.row(object, id)
    assert row is not None  # it was just read
    given = rows.of_record(unit, object, id)
    return [_reason(unit, score, row, set(seen) - masked, [g for g in given if g.score == score.name]) for score in scores]


def _reason(unit: Unit, score: Score, row: Row, readable: set[str], given: list[rows.Given]) -> ScoreReason:
    speaker = Speaker(unit.compiled.app)
    holding = [rule for rule in score.rules if unit.compiled.program(rule.when)(row, unit.context(row)) is True]
    told = [rule for rule in holding if _may_know(unit, score, rule, readable)]
    parts = [Points(rule.points, _said(speaker, rule), clause(rule.place)) for rule in told]
    hidden = sum(rule.points for rule in holding) - sum(rule.points for rule in told)
    parts += [Points(hidden, OTHERS)] if hidden else []
    parts += [Points(each.points, each.because, at=each.at) for each in given]
    band: Any = row[score.band_field] if score.bands and score.band_field in readable else None
    return ScoreReason(score.name, (score.title.zh, score.title.en), int(row[score.name] or 0), band, tuple(parts))


def _said(speaker: Speaker, rule: ScoreRule) -> Spoken:
    return speaker.condition(rule.when.root) if rule.title is None else (rule.title.zh, rule.title.en)


def _may_know(unit: Unit, score: Score, rule: ScoreRule, readable: set[str]) -> bool:
    """Whether every cell that a rule looks at is one that the actor may read: of this record, or of all records of another object."""
    if unit.actor.is_system:
        return True
    for owner, name in read_by(rule.when):
        rights = unit.access.reads(owner)
        is_own = owner == score.object and not rule.when.looks_elsewhere
        if name not in (readable if is_own else rights.clear) or not (is_own or rights.is_everywhere):
            return False
    return True
