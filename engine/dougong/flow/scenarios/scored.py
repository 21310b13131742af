"""What scenarios did with scores, calendars and splits: part of what coverage looks at."""

from collections.abc import Iterator
from dataclasses import replace

from dougong_dsl.places import Place

from dougong.database.connection import Connection
from dougong.derive.moves import clause
from dougong.flow.scenarios.dispatched import Told
from dougong.flow.scenarios.mutant import block, lines_of
from dougong.model.app import App
from dougong.model.scores import Band, ScoreRule
from dougong.runtime.due.explain import explain_due
from dougong.runtime.session import Session

MOST = 200  # records whose deadlines are looked at


class Scored:
    """Looks after each step which rules of scores give points, which bands there are and on which calendars deadlines count.

    After each scenario it looks at what was split.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, int], set[bool]] = {}  # score, number of a rule: whether it gave a record points
        self._bands: set[tuple[str, str]] = set()  # score, band
        self._calendars: set[str] = set()
        self._made: set[str] = set()  # objects of which a record was made
        self._stopped: set[str] = set()

    def look(self, session: Session) -> None:
        """Which rules hold now, for some record and for some not; a rule that was seen both ways is not asked again."""
        for score in session.app.scores.values():
            for number, rule in enumerate(score.rules):
                seen = self._held.setdefault((score.name, number), set())
                if len(seen) < 2:
                    total, holding = session.count(score.object), session.count(score.object, where=rule.when.source.text)
                    seen.update(([True] if holding else []) + ([False] if holding < total else []))
            for band in score.bands:
                if (score.name, band.name) not in self._bands and session.count(score.object, where=_bounds(score.name, band)):
                    self._bands.add((score.name, band.name))

        self._look_at_deadlines(session)

    def _look_at_deadlines(self, session: Session) -> None:
        for name in session.app.objects:
            dues = session.unit.compiled.rules(name).dues
            if (dues.deadlines or dues.own) and session.app.calendars.keys() - self._calendars:
                for record in session.find(name, limit=MOST).records:
                    self._calendars.update(due.calendar for due in explain_due(session, name, record.id) if due.calendar)

    def note(self, connection: Connection, stopped: set[str]) -> None:
        """Take down what was made, and which clauses refused something."""
        self._made.update(name for (name,) in connection.all("SELECT DISTINCT object FROM dg_change WHERE kind = 'created'"))
        self._stopped |= stopped

    def gaps(self, app: App) -> Iterator[Told]:
        """What nothing exercised."""
        for score in app.scores.values():
            for number, rule in enumerate(score.rules):
                seen, told = self._held.get((score.name, number), set()), _told(rule)
                if True not in seen:
                    yield (
                        rule.place,
                        f"评分 `{score.name}` 的规则 {told} 没有给过分",
                        f"the rule {told} of `{score.name}` never gave points",
                    )
                elif False not in seen:
                    zh = f"评分 `{score.name}` 的规则 {told} 每条记录都给分"
                    yield rule.place, zh, f"the rule {told} of `{score.name}` gave every record points"
            for band in score.bands:
                if (score.name, band.name) not in self._bands:
                    yield band.place, f"评分 `{score.name}` 没有到过 `{band.name}`", f"no `{score.name}` ever was `{band.name}`"
        for name, place in _calendars(app):
            if name not in self._calendars:
                yield place, f"日历 `{name}` 没有算过时限", f"the calendar `{name}` never counted a deadline"
        for splits in (pipeline.splits for target in app.objects.values() for pipeline in target.pipelines):
            if splits is None:
                continue
            if splits.into not in self._made:
                yield splits.place, f"没有拆分出过 `{splits.into}`", f"nothing was ever split into `{splits.into}`"
            elif clause(splits.place) not in self._stopped:
                zh = f"拆分成 `{splits.into}` 的合计和完成条件没有拦住过谁"
                yield splits.place, zh, f"the sums and the closing of the split into `{splits.into}` never stopped anybody"


def _told(rule: ScoreRule) -> str:
    return f"`{rule.points:+d} when {rule.when.source.text.strip()}`"


def _bounds(score: str, band: Band) -> str:
    bounds = ([] if band.low is None else [f"`{score}` >= {band.low}"]) + ([] if band.high is None else [f"`{score}` < {band.high}"])
    return " and ".join(bounds or ["true"])


def _calendars(app: App) -> Iterator[tuple[str, Place]]:
    """The named calendars, and where each is written."""
    lines = lines_of(app)
    for path, each in lines.items():
        for number in (n for n, text in enumerate(each, 1) if text.startswith("calendars:")):
            for place, text in block(lines, Place(path, number, 1)):
                name = text.strip().partition(":")[0].strip("\"'")
                if name in app.calendars:
                    column = len(text) - len(text.lstrip()) + 1
                    yield name, replace(place, column=column, length=len(name))
