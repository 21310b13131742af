"""The inbox messages of proposed moves: one for everybody who is asked, read for all of them once there is nothing to answer any more."""

from collections.abc import Sequence

from dougong.model.flow import Pipeline
from dougong.runtime.people import inbox, texts
from dougong.runtime.people.texts import text
from dougong.runtime.unit import Unit


def tell(unit: Unit, people: Sequence[int], object: str, record_id: int, stage: str, spoken: tuple[str, str] | None) -> None:
    """Ask people for their yes; `spoken` is why, in Chinese and English, where the definition says so."""
    if spoken is None:
        found = unit.compiled.app.objects[object].placed(stage)
        assert found is not None  # a move is proposed
        title = found[0].stages[found[1]].title
        spoken = (f"建议推进到“{title.zh}”", f"Proposed move to “{title.en}”")
    key = f"{_prefix(object, record_id, stage)}{unit.now.isoformat(timespec='milliseconds')}"
    inbox.notify(unit, people, spoken, (inbox.INBOX,), key, kind="proposal", object=object, record_id=record_id)


def answered(unit: Unit, object: str, record_id: int, stage: str) -> None:
    """Nobody has to look at it any more."""
    inbox.settle(unit, object, record_id, _prefix(object, record_id, stage), "proposal")


def overtaken(unit: Unit, object: str, record_id: int, pipeline: Pipeline | None = None) -> None:
    """What is still open about a record is over: it stands elsewhere in a pipeline, or is gone."""
    values = {"object": object, "record_id": record_id, "now": unit.driver_now, "me": unit.actor.id}
    query = texts.OVERTAKEN if pipeline is None else texts.OVERTAKEN_BY_MOVE
    values |= {"outcome": "deleted"} if pipeline is None else {"outcome": "moved", "before": pipeline.qualified("")}
    before = "" if pipeline is None else pipeline.qualified("")
    if unit.connection.run(text(query, unit.compiled.dialect), values):
        inbox.settle(unit, object, record_id, f"proposal:{object}:{record_id}:{before}", "proposal")


def _prefix(object: str, record_id: int, stage: str) -> str:
    return f"proposal:{object}:{record_id}:{stage}:"
