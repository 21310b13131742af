"""Sentences whose engine part is not built yet: their names and types are checked, then each is refused at its place."""

from dougong_dsl.codes import names as name_codes
from dougong_dsl.expression.types import Boolean
from dougong_dsl.places import Place

from dougong.definition.app import AppDefinition
from dougong.definition.later import ScoreDefinition
from dougong.model import names
from dougong.model.drafts import Draft


def refuse_later(draft: Draft, definition: AppDefinition) -> None:
    """Scores."""
    for name, score in definition.scores.items():
        draft.report(*names.check_name(name))
        _score(draft, score)
        _later(draft, name.place, ("评分 scores", "scores"))


def _score(draft: Draft, written: ScoreDefinition) -> None:
    owner = draft.object(written.of)
    for rule in written.rules if owner is not None else ():
        draft.expression(rule.when, draft.scope(str(written.of)), Boolean())


def _later(draft: Draft, place: Place, what: tuple[str, str]) -> None:
    draft.report(name_codes.LATER.at(place, what=what))
