"""Checks over the whole model: one small function each, giving diagnostics, never raising for an author's mistake."""

from dougong_dsl.diagnostics import Diagnostic

from dougong.check.pipelines import PIPELINE_CHECKS
from dougong.model.app import App

CHECKS = (*PIPELINE_CHECKS,)


def check_app(app: App, *, is_sound: bool) -> list[Diagnostic]:
    """What is wrong or doubtful with an app. When something failed before (`is_sound` False), only what cannot be a consequence of it."""
    return [found for check in CHECKS for found in check(app)] if is_sound else []
