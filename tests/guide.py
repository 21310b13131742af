"""The language guides as something to run: their sample records as a small world in memory, their blocks in pairs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import yaml
from dougong.derive.schema import AppSchema
from dougong.model.app import App
from dougong_dsl.expression import Scope, check
from dougong_dsl.expression.python import to_python
from dougong_dsl.expression.samples import MemoryContext
from dougong_dsl.places import Source

from tests.documents import Block

WORDS = {"zh": {None: "空", True: "真", False: "假"}, "en": {None: "blank", True: "true", False: "false"}}


class Row(dict[str, Any]):
    """A record; what was not written is blank."""

    def __missing__(self, name: str) -> None:
        return None


@dataclass(frozen=True)
class World:
    """The records of a guide, and which of them the expressions speak of."""

    app: App
    of: str
    facts: MemoryContext

    def value(self, text: str) -> Any:
        """What an expression gives for the first record of the object that the block names."""
        app = self.app
        scope = Scope(AppSchema(app), self.of, currency=app.currency, calendar=app.calendar, calendars=app.calendars)
        expression, found = check(Source.inline(text), scope)
        assert expression is not None, [d.message("en") for d in found]
        return to_python(expression)(self.facts.tables[self.of][0], self.facts)


def world(app: App, block: Block) -> World:
    """The world of a `data` block."""
    written = yaml.safe_load(block.text)
    now = datetime.strptime(written.pop("now"), "%Y-%m-%d %H:%M").replace(tzinfo=app.zone)
    of = written.pop("of")
    rows = {
        name: [Row({"id": id, **{f: _value(v) for f, v in row.items()}}) for id, row in records.items()]
        for name, records in written.items()
    }
    log = [line for name, records in rows.items() for row in records for line in _way(app, name, row)]
    return World(app, of, MemoryContext(now, app.zone, Row({"id": 1}), tables={**rows, "dg_stage_log": log}))


def _way(app: App, name: str, row: Row) -> Iterator[Row]:
    """The stage log of a record whose `stage` is written as stages with the time of entering each; the last is where it stands."""
    way = row["stage"]
    if isinstance(way, dict):
        before = None
        for stage, entered in way.items():
            at = datetime.strptime(entered, "%Y-%m-%d %H:%M").replace(tzinfo=app.zone)
            row.update({"stage": stage, "stage_since": at, "created_at": row["created_at"] or at})
            yield Row({"object": name, "record_id": row["id"], "from_stage": before, "at": at})
            before = stage


def _value(raw: object) -> object:
    if isinstance(raw, float):
        return Decimal(str(raw))
    return tuple(raw) if isinstance(raw, list) else raw


def shown(value: object, language: str) -> str:
    """A value as the guide prints it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if value is None or isinstance(value, bool):
        return WORDS[language][value]
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def lines(block: Block) -> Iterator[tuple[str, str]]:
    """Expression and result of each line of an `expr` block."""
    for line in block.text.splitlines():
        text, arrow, result = line.rpartition("→")
        assert arrow, f"{block.where}: {line}"
        yield text.strip(), result.strip()


def pairs(found: list[Block]) -> list[tuple[Block, Block]]:
    """Blocks that belong together two by two."""
    assert len(found) % 2 == 0
    return list(zip(found[::2], found[1::2], strict=True))
