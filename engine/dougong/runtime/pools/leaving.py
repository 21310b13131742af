"""Somebody leaves and what they had goes back into its pools, where others may claim it."""

from dougong.refusals import Refused, refuse
from dougong.runtime.gate import write
from dougong.runtime.people import refusals as codes
from dougong.runtime.people.leaving import Leaving, Pooled
from dougong.runtime.pools import rows
from dougong.runtime.read.titles import titles
from dougong.runtime.unit import Row


def give_back(leaving: Leaving) -> None:
    """Records at work whose pools are about the person who leaves: each into the first pool about its field. Only where that is wished."""
    unit = leaving.unit
    for object_name in unit.compiled.app.objects if leaving.is_pooled else ():
        rules = unit.compiled.rules(object_name)
        first = {pool.field: pool for pool in reversed(list(rules.pools.values()))}
        for pool in first.values():
            for row in list(unit.records(object_name, {pool.field: leaving.user})):
                if leaving.is_all or rules.is_open(row):
                    _give_back(leaving, pool.name, row, object_name)


def _give_back(leaving: Leaving, name: str, row: Row, object_name: str) -> None:
    unit, record_id = leaving.unit, row["id"]
    rules = unit.compiled.rules(object_name)
    pool = rules.pools[name]
    try:
        write.update(unit, object_name, record_id, {pool.field: None}, pool=name)
    except Refused as refused:
        problem = "; ".join(r.message(unit.language) for r in refused.refusals)
        named = titles(unit, object_name, [record_id]).get(record_id, f"#{record_id}")
        raise refuse(codes.NOT_HANDED_OVER, object=rules.spoken, title=named, problem=problem) from None
    rows.note(unit, pool, record_id, "in", leaving.user, reason="离职交接 / handed over")
    leaving.pooled.append(Pooled(object_name, record_id, name))
