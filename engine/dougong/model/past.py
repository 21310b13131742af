"""What an object's fields and stages were called in earlier releases: history keeps the names that they had."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dougong_dsl.titles import Title

from dougong.model.flow import Pipeline


@dataclass(frozen=True, slots=True)
class Past:
    """Of one object: `fields` present name → former ones; `stages` by column of the pipeline: present name → former ones; `titles` by column:
    name that is no stage any more → the title it had last."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stages: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    titles: Mapping[str, Mapping[str, Title]] = field(default_factory=dict)

    @property
    def present(self) -> dict[str, str]:
        """Former name of a field → its name now."""
        return {former: name for name, names in self.fields.items() for former in names}


Pasts = Mapping[str, Past]  # by the object's name; objects that always were what they are have none
NO_PAST = Past()


def with_past(pipeline: Pipeline, past: Past) -> Pipeline:
    """The pipeline whose stages know all their former names."""
    formers = past.stages.get(pipeline.field, {})
    if not formers:
        return pipeline
    return replace(pipeline, stages={n: replace(s, former=formers.get(n, ())) for n, s in pipeline.stages.items()})


def stage_title(pipeline: Pipeline | None, past: Past, name: str) -> Title:
    """The title of a stage that is or was; its name when nobody remembers."""
    if pipeline is None:
        return Title.same(name)
    if name in pipeline.stages:
        return pipeline.stages[name].title
    return past.titles.get(pipeline.field, {}).get(name) or Title.same(name)
