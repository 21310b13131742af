"""What the gates around a record say, item by item, for the person who looks at it: what is there, what is missing, what was lost."""

from collections.abc import Iterator
from dataclasses import dataclass

from dougong_dsl.titles import Title

from dougong.derive.moves import StageRules
from dougong.model.flow import Stage
from dougong.refusals import Refusal
from dougong.runtime.gate.preview import seen
from dougong.runtime.gate.stages import stands
from dougong.runtime.gates.judge import Proof, lacks
from dougong.runtime.gates.rows import Done, Excepted
from dougong.runtime.gates.support import lost
from dougong.runtime.unit import Unit


@dataclass(frozen=True, slots=True)
class GateItem:
    """One thing that a gate asks for.

    `when` is `leave` (the stage the record is in), `enter` (one it may go to next) or `passed` (it was asked for on the way here and is
    gone: the stage is unsupported). `kind`: field, action or evidence. `refusal` is None when it is there.
    """

    pipeline: str
    stage: str
    when: str
    item: str
    kind: str
    title: Title
    refusal: Refusal | None
    done: Done | None = None
    exception: Excepted | None = None


def gate_items(unit: Unit, object_name: str, record_id: int) -> list[GateItem]:
    """The items of the gates in front of a visible record, and those behind it that are gone. `Refused` R404."""
    row = seen(unit, object_name, record_id)
    rules = unit.compiled.rules(object_name)
    proof = Proof(unit, rules, row, unit.plain)
    return [item for track in rules.tracks for item in (*_ahead(proof, track), *_behind(proof, track))]


def _ahead(proof: Proof, stages: StageRules) -> Iterator[GateItem]:
    here = stages.stages.get(stands(stages, proof.row))
    if here is None:
        return
    targets = dict.fromkeys(m.target for m in stages.leaving.get(here.name, ()))
    for stage, is_leaving in ((here, True), *((stages.stages[t], False) for t in targets)):
        gate = stage.to_leave if is_leaving else stage.to_enter
        missing = {lack.item: lack.refusal for lack in lacks(proof, stage, is_leaving=is_leaving, at=proof.unit.now)}
        for item in gate.items:
            yield _item(proof, stages, stage, "leave" if is_leaving else "enter", item, missing.get(item))


def _behind(proof: Proof, stages: StageRules) -> Iterator[GateItem]:
    for stage, _, lack, _ in lost(proof, stages, proof.row):
        yield _item(proof, stages, stage, "passed", lack.item, lack.refusal)


def _item(proof: Proof, stages: StageRules, stage: Stage, when: str, item: str, refusal: Refusal | None) -> GateItem:
    action = proof.rules.actions.get(item)
    is_evidence = any(e.field == item for gate in (stage.to_enter, stage.to_leave) for e in gate.evidence)
    kind = "action" if action is not None else "evidence" if is_evidence else "field"
    title = action.title if action is not None else proof.rules.fields[item].field.title
    exception = proof.excepted.get((stages.pipeline.name, stage.name, item))
    return GateItem(stages.pipeline.name, stage.name, when, item, kind, title, refusal, proof.done.get(item), exception)
