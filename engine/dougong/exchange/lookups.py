"""From what people call a record, a user or a stage to what the gate wants: ids and names. One directory per object and import."""

from collections.abc import Sequence
from typing import Any

from dougong.exchange import refusals as codes
from dougong.exchange.columns import near
from dougong.model.app import Object
from dougong.model.flow import Pipeline
from dougong.refusals import Refusal
from dougong.runtime.session import Session

PAGE = 500
USERS = "user"


class Directory:
    """The records of one object by what they are called; only those that the importing person may see."""

    def __init__(self, session: Session, obj: Object) -> None:
        self._title = (obj.title.zh, obj.title.en)
        self._ids: dict[str, set[int]] = {}
        self._refusals: dict[str, Refusal] = {}
        self._names = ("login", "name") if obj.name == USERS else (obj.record_title,)
        cursor = None
        while True:
            page = session.find(obj.name, fields=self._names, limit=PAGE, cursor=cursor, order="id")
            for record in page.records:
                self.add(record.id, [record.get(name) for name in self._names])
            cursor = page.next_cursor
            if cursor is None:
                break

    def add(self, number: int, names: Sequence[Any]) -> None:
        """One more record: a row of this import may be what a later row links to."""
        for name in names:
            if name is not None:
                self._ids.setdefault(str(name), set()).add(number)
                self._refusals.pop(str(name), None)

    def find(self, called: str) -> int | Refusal:
        """The id of the one record that is called so, or why there is none."""
        ids = self._ids.get(called, ())
        if len(ids) == 1:
            return next(iter(ids))
        if called not in self._refusals:
            self._refusals[called] = self._refuse(called, len(ids))
        return self._refusals[called]

    def _refuse(self, called: str, count: int) -> Refusal:
        if count:
            return Refusal(codes.MANY_LINKS, {"value": called, "count": count, "target": self._title})
        return Refusal(codes.NO_LINK, {"value": called, "target": self._title, "nearest": near(called, self._ids)})


def find_stage(pipeline: Pipeline, called: str) -> str | Refusal:
    """The name of the stage with this name or title (in either language, in any case), or why there is none."""
    if called in pipeline.stages:
        return called
    folded = called.casefold()
    for name, stage in pipeline.stages.items():
        if folded in (name.casefold(), stage.title.zh.casefold(), stage.title.en.casefold()):
            return name
    known = [*pipeline.stages, *(t for s in pipeline.stages.values() for t in (s.title.zh, s.title.en))]
    return Refusal(codes.NO_STAGE, {"value": called, "nearest": near(called, known)})
