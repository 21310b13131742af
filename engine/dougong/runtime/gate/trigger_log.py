"""The trigger log: one row for each firing, written at the end of the write that set everything off."""

from datetime import datetime
from typing import Any

import orjson

from dougong.refusals import Refused
from dougong.runtime.firing import Firing
from dougong.runtime.unit import Unit


def flush(unit: Unit) -> None:
    """Write the firings that have come to their end: nothing while a trigger is still at work."""
    if unit.chain or not unit.firings:
        return
    rows = [_row(unit, firing, None) for firing in unit.firings]
    unit.firings = []
    _write(unit, rows)


def note(unit: Unit, firing: Firing, refused: Refused) -> None:
    """Write down a firing that was refused as a whole."""
    _write(unit, [_row(unit, firing, refused)])


def told(refused: Refused) -> list[dict[str, Any]]:
    """Refusals as the log keeps them: code, field, clause and both languages."""
    return [
        {"code": r.code.code, "field": r.field, "zh": r.message("zh"), "en": r.message("en"), "clause": r.clause} for r in refused.refusals
    ]


def _write(unit: Unit, rows: list[dict[str, Any]]) -> None:
    statement = unit.compiled.statements.trigger_log
    if len(rows) == 1:
        unit.connection.run(statement, rows[0])
    else:
        unit.connection.insert_many(statement, unit.compiled.tables.engine.trigger_log.name, rows)


def _row(unit: Unit, firing: Firing, refused: Refused | None) -> dict[str, Any]:
    is_bare = firing.object not in unit.compiled.app.objects  # what came in was about no record
    return {
        "trigger": firing.trigger,
        "object": None if is_bare else firing.object,
        "record_id": None if is_bare else firing.record_id,
        "event": firing.event,
        "at": unit.driver_now,
        "release": unit.compiled.release_id,
        "actor": firing.actor,
        "cause": firing.cause,
        "cause_id": firing.cause_id,
        "chain": _json(firing.chain),
        "seen": _json(firing.seen),
        "did": _json(firing.did),
        "refused": None if refused is None else _json(told(refused)),
    }


def _json(value: Any) -> str:
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="milliseconds") if isinstance(value, datetime) else str(value)
