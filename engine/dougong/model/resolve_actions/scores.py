"""`score`: points given to the record beside those of the rules."""

from dougong_dsl.codes import names as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.types import Number

from dougong.definition.actions import ScoreActionDefinition
from dougong.model.actions import Action, ScoreAction
from dougong.model.resolve_actions.ground import Common, Ground


def read_score(ground: Ground, written: ScoreActionDefinition, common: Common) -> Action | None:
    """`score: {lead_score: +10, because: replied}`: a score of the record's object, whole points, a reason."""
    known = [str(name) for name, each in ground.definition.scores.items() if each.of == ground.owner.name]
    points = ground.draft.expression(written.points, ground.scope, Number(9, 0))
    because = ground.draft.template(written.because, ground.scope)
    if written.score not in known:
        expected = (f"`{ground.owner.name}` 的评分", f"a score of `{ground.owner.name}`")
        near = nearest(written.score, known)
        ground.draft.report(
            codes.WRONG_VALUE.at(written.score.place, key="`score`", value=str(written.score), expected=expected, nearest=near)
        )
        return None
    return None if points is None else ScoreAction(**common, score=str(written.score), points=points, because=because)
