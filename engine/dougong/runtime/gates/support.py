"""Whether a stage still has what opened it: the gate out of the stage before, and the gate into this one.

Freshness counts as it was when the stage was entered. What an exception let pass is missing from the day on which the exception ends.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dougong.derive.moves import StageRules
from dougong.derive.rules import ObjectRules
from dougong.model.flow import Stage
from dougong.model.gate_fields import UNSUPPORTED_AT
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gates import rows
from dougong.runtime.gates.judge import Lack, Proof, lacks
from dougong.runtime.unit import Row, Unit


def foresee(draft: Draft) -> None:
    """Put into the row of a change since when its stage is unsupported."""
    rules, old = draft.rules, draft.old
    if UNSUPPORTED_AT not in rules.fields or rules.stages is None or old is None:
        return
    if not draft.is_move and not any(draft.row[n] != old[n] for n in rules.stages.proving):
        return
    source = old["stage"] if draft.is_move else rows.came_from(draft.unit, rules.name, old["id"])
    draft.row[UNSUPPORTED_AT] = _since(Proof(draft.unit, rules, draft.row, draft.context), rules.stages, source)


def renew(unit: Unit, rules: ObjectRules, row: Row) -> None:
    """Work it out again for a record that is not being written itself."""
    if UNSUPPORTED_AT not in rules.fields or rules.stages is None:
        return
    source = rows.came_from(unit, rules.name, row["id"])
    since = _since(Proof(unit, rules, row, unit.plain), rules.stages, source)
    if since != row[UNSUPPORTED_AT]:
        value = rules.codec.encode_one(UNSUPPORTED_AT, since)
        unit.connection.run(unit.compiled.writes(rules.name).kept(UNSUPPORTED_AT), {"value": value, "dg_key": row["id"]})
        row[UNSUPPORTED_AT] = since
        unit.own(rules.name, row["id"], row)


def lost(proof: Proof, stages: StageRules, source: str | None) -> Iterator[tuple[Stage, bool, Lack, datetime | None]]:
    """(stage, whether it was to leave it, what is missing, when its exception ends) of the gates that led to where the record stands."""
    row: Mapping[str, Any] = proof.row
    here, since = stages.stages.get(row["stage"]), row["stage_since"]
    before = stages.stages.get(source) if source is not None else None
    for stage, is_leaving in ((before, True), (here, False)):
        if stage is None:
            continue
        for lack in lacks(proof, stage, is_leaving=is_leaving, at=since, is_later=True):
            held = proof.excepted.get((stages.pipeline.name, stage.name, lack.item))
            yield stage, is_leaving, lack, None if held is None else held.until


def _since(proof: Proof, stages: StageRules, source: str | None) -> datetime | None:
    now, known = proof.unit.now, proof.row[UNSUPPORTED_AT]
    first = known if known is not None and known <= now else now
    return min((first if until is None else until for *_, until in lost(proof, stages, source)), default=None)
