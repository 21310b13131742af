"""The scores of a record: each with its band and where its points come from."""

from dataclasses import dataclass

from dougong.runtime.scores.explaining import Points, ScoreReason, explain_scores
from dougong.runtime.session import Session
from dougong.web.pages import times
from dougong.web.pages.shell import Shell


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One reason: `points` with its sign, `at` when it was given (empty for rules), `rule` is file:line, for administrators."""

    points: str
    why: str
    at: str
    rule: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One score; `band` is empty where there is none."""

    title: str
    total: int
    band: str
    lines: tuple[ScoreLine, ...]


def scores(session: Session, shell: Shell, object: str, id: int) -> tuple[ScoreView, ...]:
    """The scores of a record that this person may see."""
    return tuple(_view(shell, reason) for reason in explain_scores(session, object, id))


def _view(shell: Shell, reason: ScoreReason) -> ScoreView:
    chosen = 0 if shell.language == "zh" else 1
    return ScoreView(reason.title[chosen], reason.total, reason.band or "", tuple(_line(shell, chosen, part) for part in reason.parts))


def _line(shell: Shell, chosen: int, part: Points) -> ScoreLine:
    at = "" if part.at is None else times.exact(part.at, shell.zone)
    return ScoreLine(f"{part.points:+d}".replace("-", "\u2212"), part.why[chosen], at, part.clause or "" if shell.is_admin else "")
