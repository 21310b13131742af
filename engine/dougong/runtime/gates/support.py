"""Whether a stage still has what opened it: the gate out of the stage before, and the gate into this one.

Freshness counts as it was when the stage was entered. What an exception let pass is missing from the day on which the exception ends.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dougong.derive.moves import StageRules
from dougong.derive.rules import ObjectRules
from dougong.model.flow import Stage, former_stages
from dougong.model.gate_fields import UNSUPPORTED_AT
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gates import rows
from dougong.runtime.gates.judge import Lack, Proof, lacks
from dougong.runtime.unit import Row, Unit


def foresee(draft: Draft) -> None:
    """Put into the row of a change since when its stage is unsupported."""
    rules, old = draft.rules, draft.old
    if UNSUPPORTED_AT not in rules.fields or old is None:
        return
    if draft.moves or any(draft.row[n] != old[n] for track in rules.tracks for n in track.proving):
        draft.row[UNSUPPORTED_AT] = _since(Proof(draft.unit, rules, draft.row, draft.context), old)


def renew(unit: Unit, rules: ObjectRules, row: Row) -> None:
    """Work it out again for a record that is not being written itself."""
    if UNSUPPORTED_AT not in rules.fields:
        return
    since = _since(Proof(unit, rules, row, unit.plain), row)
    if since != row[UNSUPPORTED_AT]:
        value = rules.codec.encode_one(UNSUPPORTED_AT, since)
        unit.connection.run(unit.compiled.writes(rules.name).kept(UNSUPPORTED_AT), {"value": value, "dg_key": row["id"]})
        row[UNSUPPORTED_AT] = since
        unit.own(rules.name, row["id"], row)


def lost(proof: Proof, stages: StageRules, old: Mapping[str, Any]) -> Iterator[tuple[Stage, bool, Lack, datetime | None]]:
    """(stage, whether it was to leave it, what is missing, when its exception ends) of the gates that led to where the record stands.

    `old` is the record as it is stored: where it moves, the stage that it leaves is the one before.
    """
    for stage, is_leaving in led_here(proof, stages, old):
        for lack in lacks(proof, stage, is_leaving=is_leaving, at=proof.row[stages.since], is_later=True):
            held = proof.excepted.get((stages.pipeline.name, stage.name, lack.item))
            yield stage, is_leaving, lack, None if held is None else held.until


def led_here(proof: Proof, stages: StageRules, old: Mapping[str, Any]) -> Iterator[tuple[Stage, bool]]:
    """(stage, whether it was to leave it) of the gates that led to where the record stands; `old` as above."""
    row: Mapping[str, Any] = proof.row
    is_moved = row[stages.field] != old[stages.field]
    source = old[stages.field] if is_moved else rows.came_from(proof.unit, proof.rules.name, row["id"], stages.log_name)
    before = None if source is None else stages.stages.get(dict(former_stages(stages.pipeline)).get(source, source))
    here = stages.stages.get(row[stages.field])
    yield from ((stage, is_leaving) for stage, is_leaving in ((before, True), (here, False)) if stage is not None)


def _since(proof: Proof, old: Mapping[str, Any]) -> datetime | None:
    now, known = proof.unit.now, proof.row[UNSUPPORTED_AT]
    first = known if known is not None and known <= now else now
    gone = (until for track in proof.rules.tracks for *_, until in lost(proof, track, old))
    return min((first if until is None else until for until in gone), default=None)
