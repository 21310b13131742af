"""Checks over the whole model: one small function each, giving diagnostics, never raising for an author's mistake."""

from collections.abc import Set as AbstractSet

from dougong_dsl.diagnostics import Diagnostic

from dougong.check.approvals import APPROVAL_CHECKS
from dougong.check.conditions import CONDITION_CHECKS
from dougong.check.costly import COST_LINTS
from dougong.check.deadlines import DEADLINE_CHECKS
from dougong.check.faces import FACE_CHECKS
from dougong.check.lints import LINTS, missing_translations, unused_fields
from dougong.check.nobody import NOBODY_CHECKS
from dougong.check.pipelines import PIPELINE_CHECKS
from dougong.check.places_of_functions import FUNCTION_CHECKS
from dougong.check.rights import RIGHT_CHECKS
from dougong.check.scores import SCORE_CHECKS
from dougong.check.triggers import TRIGGER_CHECKS
from dougong.model.app import App
from dougong.model.memory import Verdicts

CHECKS = (*PIPELINE_CHECKS, *TRIGGER_CHECKS, *APPROVAL_CHECKS, *DEADLINE_CHECKS, *NOBODY_CHECKS, *FACE_CHECKS, *SCORE_CHECKS)
WHOLE_CHECKS = (*RIGHT_CHECKS, *LINTS)  # of an app without errors


def check_app(app: App, *, unsound: AbstractSet[tuple[str, str]], is_sound: bool, verdicts: Verdicts | None = None) -> list[Diagnostic]:
    """What is wrong or doubtful with an app.

    Parts with an error inside (`unsound`, by section and name) are passed over, for what is missing there may be what failed;
    what nobody may do or uses is asked only of an app without errors (`is_sound`). `verdicts` are those of the last check.
    """
    known = verdicts or Verdicts()
    known.turn()
    found = [each for check in CHECKS for each in check(app, unsound)]
    found += [each for check in (*CONDITION_CHECKS, *FUNCTION_CHECKS, *COST_LINTS) for each in check(app, known)]
    if is_sound:
        found += [each for check in WHOLE_CHECKS for each in check(app)]
        found += [*missing_translations(app, known), *unused_fields(app, known)]
    return found
