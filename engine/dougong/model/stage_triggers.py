"""What stages do, seen as triggers: `on_enter` waits for records that enter the stage, `on_leave` for those that leave it."""

from collections.abc import Iterator

from dougong_dsl.titles import Title

from dougong.model.flow import Event, Pipeline, Stage, Trigger


def stage_triggers(pipeline: Pipeline) -> Iterator[Trigger]:
    """One trigger for each list of actions: leaving comes before entering."""
    for stage in pipeline.stages.values():
        if stage.on_leave:
            event = Event("left", pipeline.object, stage.place, stage=stage.name, column=pipeline.field)
            yield Trigger(stage_rule(pipeline, stage, "leave"), _title(stage, "离开", "left"), (event,), stage.on_leave, stage.place)
    for stage in pipeline.stages.values():
        if stage.on_enter:
            event = Event("entered", pipeline.object, stage.place, stage=stage.name, column=pipeline.field)
            yield Trigger(stage_rule(pipeline, stage, "enter"), _title(stage, "进入", "entered"), (event,), stage.on_enter, stage.place)


def stage_rule(pipeline: Pipeline, stage: Stage, what: str) -> str:
    """The name under which a stage's actions appear in the log: `stage:solution:enter`, `stage:quality_stage.passed:enter`."""
    return f"stage:{pipeline.qualified(stage.name)}:{what}"


def _title(stage: Stage, zh: str, en: str) -> Title:
    return Title(f"{zh}“{stage.title.zh}”", f"{en} “{stage.title.en}”")
