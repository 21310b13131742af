"""Checks over the whole model: one small function each, giving diagnostics, never raising for an author's mistake."""

from collections.abc import Set as AbstractSet

from dougong_dsl.diagnostics import Diagnostic

from dougong.check.conditions import CONDITION_CHECKS
from dougong.check.faces import FACE_CHECKS
from dougong.check.lints import LINTS
from dougong.check.pipelines import PIPELINE_CHECKS
from dougong.check.rights import RIGHT_CHECKS
from dougong.check.triggers import TRIGGER_CHECKS
from dougong.model.app import App

CHECKS = (*PIPELINE_CHECKS, *TRIGGER_CHECKS, *FACE_CHECKS, *CONDITION_CHECKS)
WHOLE_CHECKS = (*RIGHT_CHECKS, *LINTS)


def check_app(app: App, *, unsound: AbstractSet[tuple[str, str]], is_sound: bool) -> list[Diagnostic]:
    """What is wrong or doubtful with an app.

    Parts with an error inside (`unsound`, by section and name) are passed over, for what is missing there may be what failed;
    what nobody may do or uses is asked only of an app without errors (`is_sound`).
    """
    found = [each for check in CHECKS for each in check(app, unsound)]
    return found + [each for check in WHOLE_CHECKS for each in check(app)] if is_sound else found
