"""What was ticked off, withdrawn and let pass at the gates of a record, for the story that its page tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dougong_dsl.titles import Title

from dougong.runtime.gate.preview import seen
from dougong.runtime.gates import rows
from dougong.runtime.gates.rows import Done
from dougong.runtime.read.titles import user_names
from dougong.runtime.unit import Unit


@dataclass(frozen=True, slots=True)
class GateEvent:
    """`by` is a name (None: the system), `what` the title of the action or of the stage, `words` the place or the reason."""

    kind: Literal["done", "undone", "excepted"]
    at: datetime
    by: str | None
    what: Title
    words: str
    until: datetime | None = None


def gate_story(unit: Unit, object_name: str, record_id: int) -> list[GateEvent]:
    """Everything that people did at the gates of a visible record, oldest first. `Refused` R404."""
    seen(unit, object_name, record_id)
    found = sorted(_events(unit, object_name, record_id), key=lambda each: each[0].at)
    names = user_names(unit, [by for _, by in found if by is not None])
    return [GateEvent(e.kind, e.at, None if by is None else names.get(by), e.what, e.words, e.until) for e, by in found]


def _events(unit: Unit, object_name: str, record_id: int) -> Iterator[tuple[GateEvent, int | None]]:
    rules = unit.compiled.rules(object_name)
    for done, undone_at, undone_by in rows.all_done(unit, object_name, record_id):
        action = rules.actions.get(done.action)
        title = Title.same(done.action) if action is None else action.title
        yield GateEvent("done", done.at, None, title, _place(done)), done.by
        if undone_at is not None:
            yield GateEvent("undone", undone_at, None, title, ""), undone_by
    stages = {name: stage for track in rules.tracks for name, stage in track.pipeline.stages.items()}
    for each in rows.excepted(unit, object_name, record_id).values():
        stage = stages.get(each.stage)
        title = Title.same(each.stage) if stage is None else stage.title
        yield GateEvent("excepted", each.at, None, title, each.reason, each.until), each.by


def _place(done: Done) -> str:
    if done.place or done.latitude is None or done.longitude is None:
        return done.place or ""
    return f"{done.latitude:.5f}, {done.longitude:.5f}"
