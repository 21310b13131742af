"""Scores bound to their objects: each rule with its own condition, to tell which of them give points."""

from dougong_dsl.expression import Scope, check
from dougong_dsl.expression.types import Boolean
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.scores import ScoreRuleDefinition
from dougong.model.drafts import Draft
from dougong.model.score_fields import bands_of
from dougong.model.scores import Score, ScoreRule, points_field


def resolve_scores(draft: Draft, definition: AppDefinition) -> dict[str, Score]:
    """Every score whose fields are there. What is wrong with a condition was said of the formula that it is part of."""
    found = {}
    for name, written in definition.scores.items():
        owner = draft.objects.get(str(written.of))
        if owner is None or points_field(str(name)) not in owner.fields:
            continue
        scope = draft.scope(str(written.of))
        rules = tuple(rule for each in written.rules if (rule := _rule(each, scope)) is not None)
        if not written.is_sound or len(rules) < len(written.rules):
            draft.unsound.add(("scores", str(name)))
        title = written.title or Title.same(str(name))
        found[str(name)] = Score(str(name), str(written.of), title, rules, bands_of(written), name.place)
    return found


def _rule(written: ScoreRuleDefinition, scope: Scope) -> ScoreRule | None:
    condition, _ = check(written.when.source, scope, Boolean())
    return None if condition is None else ScoreRule(written.points, condition, written.title, written.place)
