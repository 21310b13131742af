"""Checks over scores: bands that overlap, leave points out, or are never reached."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import combinations, pairwise

from dougong_dsl.codes import scores as codes
from dougong_dsl.diagnostics import Diagnostic, Related

from dougong.model.actions import ScoreAction, every
from dougong.model.app import App
from dougong.model.scores import Band, Score

Unsound = AbstractSet[tuple[str, str]]
_ENDLESS = 10**10  # more than any bound may be


def overlapping_bands(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Points that two bands claim."""
    for score in _sound(app, unsound):
        for first, second in combinations(score.bands, 2):
            low = max(_low(first), _low(second))
            if low < min(_high(first), _high(second)):
                shown = low if low > -_ENDLESS else min(_high(first), _high(second)) - 1
                related = [Related(first.place, "另一个等级", "the other band")]
                yield codes.BANDS_OVERLAP.at(second.place, related=related, points=shown, first=first.name, second=second.name)


def gaps_of_bands(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Points between, below or above the bands."""
    for score in _sound(app, unsound):
        bands = sorted(score.bands, key=_low)
        if not bands:
            continue
        if _low(bands[0]) > -_ENDLESS:
            yield codes.BANDS_GAP.at(bands[0].place, points=_low(bands[0]) - 1)
        for lower, upper in pairwise(bands):
            if _high(lower) < _low(upper):
                yield codes.BANDS_GAP.at(lower.place, points=_high(lower))
        highest = max(bands, key=_high)
        if _high(highest) < _ENDLESS:
            yield codes.BANDS_GAP.at(highest.place, points=_high(highest))


def unreached_bands(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Bands out of reach of the rules, where no action gives points beside them."""
    given = {action.score for action in _actions(app)}
    for score in _sound(app, unsound):
        least, most = sum(min(r.points, 0) for r in score.rules), sum(max(r.points, 0) for r in score.rules)
        for band in score.bands if score.name not in given else ():
            if most < _low(band) or least >= _high(band):
                yield codes.BAND_UNREACHED.at(band.place, band=band.name, least=least, most=most)


def _sound(app: App, unsound: Unsound) -> list[Score]:
    return [score for score in app.scores.values() if ("scores", score.name) not in unsound]


def _actions(app: App) -> Iterator[ScoreAction]:
    lists = [t.actions for t in app.triggers.values()]
    lists += [s.actions for o in app.objects.values() for p in o.pipelines for s in p.stages.values()]
    lists += [actions for a in app.approvals.values() for actions in a.actions.values()]
    return (action for actions in lists for action in every(actions) if isinstance(action, ScoreAction))


def _low(band: Band) -> int:
    return -_ENDLESS if band.low is None else band.low


def _high(band: Band) -> int:
    return _ENDLESS if band.high is None else band.high


SCORE_CHECKS = (overlapping_bands, gaps_of_bands, unreached_bands)
