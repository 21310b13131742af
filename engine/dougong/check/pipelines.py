"""Checks over pipelines: one start, every stage reachable, every open stage with a way out and on to an end."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from dougong_dsl.codes import flow as codes
from dougong_dsl.diagnostics import Diagnostic, Related

from dougong.model.app import App
from dougong.model.flow import Pipeline

Unsound = AbstractSet[tuple[str, str]]


def _pipelines(app: App, unsound: Unsound) -> Iterator[Pipeline]:
    return (each for owner in app.objects.values() for each in owner.pipelines if ("pipelines", each.name) not in unsound)


def one_start(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Every pipeline starts in exactly one stage."""
    for pipeline in _pipelines(app, unsound):
        starts = [stage for stage in pipeline.stages.values() if stage.is_start]
        if not starts:
            yield codes.NO_START.at(pipeline.place, pipeline=pipeline.name)
        for extra in starts[1:]:
            related = [Related(starts[0].place, "第一个起始阶段", "the first start")]
            yield codes.TWO_STARTS.at(extra.place, related=related, pipeline=pipeline.name)


def reachable(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Some chain of moves leads to every stage."""
    for pipeline in _pipelines(app, unsound):
        found = {stage.name for stage in pipeline.stages.values() if stage.is_start}
        waiting = list(found)
        while waiting:
            here = waiting.pop()
            for move in pipeline.moves:
                if here in move.sources and move.target not in found:
                    found.add(move.target)
                    waiting.append(move.target)
        if found:
            yield from (codes.UNREACHABLE.at(s.place, stage=s.name) for s in pipeline.stages.values() if s.name not in found)


def ways_out(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Work that is going on can go on."""
    for pipeline in _pipelines(app, unsound):
        left = {source for move in pipeline.moves for source in move.sources}
        yield from (codes.DEAD_END.at(s.place, stage=s.name) for s in pipeline.stages.values() if s.is_open and s.name not in left)


def ways_to_an_end(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Where work can end at all, it can end from every stage that has a way out."""
    for pipeline in _pipelines(app, unsound):
        ending = {stage.name for stage in pipeline.stages.values() if not stage.is_open}
        if not ending:
            continue
        before = 0
        while before != len(ending):
            before = len(ending)
            ending |= {source for move in pipeline.moves if move.target in ending for source in move.sources}
        left = {source for move in pipeline.moves for source in move.sources}
        yield from (codes.NO_END.at(s.place, stage=s.name) for s in pipeline.stages.values() if s.name in left - ending)


def reopening(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """A move out of a closed stage is a mistake, unless it has a title that says what it is for."""
    for pipeline in _pipelines(app, unsound):
        for move in pipeline.moves:
            closed = [source for source in move.sources if not pipeline.stages[source].is_open]
            if closed and move.title is None:
                yield codes.MOVE_FROM_CLOSED.at(move.place, stage=closed[0], target=move.target)


PIPELINE_CHECKS = (one_start, reachable, ways_out, ways_to_an_end, reopening)
