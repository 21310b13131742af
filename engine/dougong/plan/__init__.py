"""What changes between two states of an app: `diff` makes a plan and touches nothing, `apply` carries it out."""

from dougong.plan.diff import diff
from dougong.plan.facts import Facts
from dougong.plan.plan import Plan

__all__ = ["Facts", "Plan", "diff"]
