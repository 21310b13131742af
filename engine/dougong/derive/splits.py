"""Splits as the gate needs them: which record is the whole of which parts, what adds up, which stages are an end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dougong.derive.moves import clause
from dougong.model.app import App, Object
from dougong.model.flow import Pipeline
from dougong.model.splits import Closing


@dataclass(frozen=True, slots=True)
class SplitRule:
    """One split. `pipeline` is that of the whole, `parts` that of the parts, where they have one."""

    whole: str
    part: str
    link: str
    sums: tuple[str, ...]
    closing: Closing | None
    pipeline: Pipeline
    parts: Pipeline | None
    clause: str

    def is_closed(self, row: Mapping[str, Any]) -> bool:
        """Whether a whole has ended well."""
        return row[self.pipeline.field] in self.pipeline.ends_well

    def is_done(self, part: Mapping[str, Any]) -> bool:
        """Whether a part has ended well. One that was lost is still a part: it counts in the sums and holds up the whole."""
        return self.parts is not None and part[self.parts.field] in self.parts.ends_well


def whole_rules(app: App, target: Object) -> tuple[SplitRule, ...]:
    """The splits of an object's records."""
    return tuple(_rule(app, pipeline) for pipeline in target.pipelines if pipeline.splits is not None)


def part_rules(app: App, target: Object) -> tuple[SplitRule, ...]:
    """The splits of other records whose parts are of this object."""
    pipelines = (pipeline for owner in app.objects.values() for pipeline in owner.pipelines)
    return tuple(_rule(app, each) for each in pipelines if each.splits is not None and each.splits.into == target.name)


def _rule(app: App, pipeline: Pipeline) -> SplitRule:
    splits = pipeline.splits
    assert splits is not None
    parts = next(iter(app.objects[splits.into].pipelines), None)
    place = clause(splits.place)
    return SplitRule(pipeline.object, splits.into, splits.by, splits.sums, splits.close_when, pipeline, parts, place)
