"""Whether what a trigger waits for has come in through a door: a message about the record with the right words, data of a webhook."""

from collections.abc import Iterator

from dougong.database.instants import instant_from_db
from dougong.derive.triggers import TriggerRule
from dougong.model.flow import Event
from dougong.runtime.channels import texts
from dougong.runtime.channels.receiving import waits
from dougong.runtime.channels.texts import text
from dougong.runtime.gate.triggers import spoken
from dougong.runtime.triggers.told import Pair, Step
from dougong.runtime.unit import Row, Unit

LOOKED_AT = 200  # messages of one record


def steps(unit: Unit, rule: TriggerRule, object_name: str, row: Row) -> Iterator[Step]:
    """One step for each event of a door, with what came last."""
    for each in rule.trigger.events:
        if each.kind not in ("message", "received"):
            continue
        at, problem = (_heard if each.kind == "message" else _received)(unit, each, object_name, int(row["id"]))
        clause, said = f"{each.place.file}:{each.place.line}", spoken(each)
        if at is not None:
            yield Step("event", True, (f"“{said}”最近一次发生在 {at}", f"“{said}” last happened at {at}"), clause)
        else:
            yield Step("event", False, (f"“{said}”没有发生过{problem[0]}", f"“{said}” has not happened{problem[1]}"), clause)


def _heard(unit: Unit, event: Event, object_name: str, record_id: int) -> tuple[str | None, Pair]:
    values = {"object": object_name, "record_id": record_id, "channel": event.channel, "limit": LOOKED_AT}
    rows = unit.connection.all(text(texts.HEARD, unit.compiled.dialect), values)
    found = next((at for at, words in rows if waits(event, words)), None)
    if found is not None:
        return _time(unit, found), ("", "")
    if not rows:
        return None, ("：还没有收到过消息", ": no message has come in")
    words = "、".join(event.contains), ", ".join(event.contains)
    return None, (f"：收到过的消息里都没有 {words[0]}", f": no message that came in has one of {words[1]}")


def _received(unit: Unit, event: Event, object_name: str, record_id: int) -> tuple[str | None, Pair]:
    values = {"door": f"webhook:{event.webhook}", "object": object_name, "record_id": record_id, "limit": 1}
    rows = unit.connection.all(text(texts.LAST_OF, unit.compiled.dialect), values)
    if rows:
        return _time(unit, rows[0][4]), ("", "")
    return None, ("：还没有收到过关于这条记录的数据", ": no data about this record has come in")


def _time(unit: Unit, at: object) -> str:
    return f"{instant_from_db(at, unit.compiled.dialect).astimezone(unit.reading.zone):%Y-%m-%d %H:%M:%S}"
