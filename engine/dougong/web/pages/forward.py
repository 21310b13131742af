"""Which way is on: a stage from which the record can only come back to where it stands is a detour, wherever it is declared."""

from dougong.model.flow import Pipeline

ENDS = frozenset({"won", "done"})


def leads_on(pipeline: Pipeline, target: str, here: str) -> bool:
    """Whether a good end can be reached from `target` without coming back `here`, as far as the pipeline has such an end."""
    ends = {name for name, stage in pipeline.stages.items() if stage.kind in ENDS}
    seen, waiting = {here}, [target]
    while waiting:
        stage = waiting.pop()
        if stage in ends:
            return True
        if stage not in seen:
            seen.add(stage)
            waiting += [move.target for move in pipeline.moves if stage in move.sources]
    return not ends
