"""What the gates around a record say, item by item, for the person who looks at it: what is there, what is missing, what was lost."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dougong_dsl.titles import Title

from dougong.derive.moves import StageRules
from dougong.model.flow import Stage
from dougong.model.gates import Evidence, GateAction
from dougong.refusals import Refusal
from dougong.runtime.gate.preview import seen
from dougong.runtime.gate.stages import stands
from dougong.runtime.gates.doing import may_do, may_except
from dougong.runtime.gates.judge import Proof, lacks, verdicts
from dougong.runtime.gates.rows import Brought, Done, Excepted
from dougong.runtime.gates.support import led_here, lost
from dougong.runtime.unit import Unit


@dataclass(frozen=True, slots=True)
class GateItem:
    """One thing that a gate asks for.

    `when` is `leave` (the stage the record is in), `enter` (one it may go to next), `passed` (it was asked for on the way here and is
    gone: the stage is unsupported) or `behind` (an action that was done on the way here; `is_support`: withdrawing it leaves the stage
    without support). `kind`: field, action or evidence. `refusal` is None when it is there. `action`, `evidence`: what the
    definition says; `files`: those in a field that the reader may read, newest first, each with why it does not count. `may_do`,
    `may_except`: whether the reader may. An item that is not `is_readable` is a field that the reader may not know of.
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
    action: GateAction | None = None
    evidence: tuple[Evidence, ...] = ()
    files: tuple[tuple[Brought, tuple[Refusal, ...]], ...] = ()
    may_do: bool = False
    may_except: bool = False
    is_readable: bool = True
    is_support: bool = False


def gate_items(unit: Unit, object_name: str, record_id: int) -> list[GateItem]:
    """The items of the gates in front of a visible record, those behind it that are gone, and the actions behind it. `Refused` R404."""
    row = seen(unit, object_name, record_id)
    rules = unit.compiled.rules(object_name)
    proof = Proof(unit, rules, row, unit.plain)
    mine = frozenset(name for name, action in rules.actions.items() if may_do(unit, rules, row, action))
    found = [item for track in rules.tracks for item in (*_ahead(proof, track), *_gone(proof, track))]
    known = {item.item for item in found}
    found += [item for track in rules.tracks for item in _behind(proof, track) if item.item not in known]
    return [replace(item, may_do=item.item in mine) if item.action is not None else item for item in found]


def _ahead(proof: Proof, stages: StageRules) -> Iterator[GateItem]:
    here = stages.stages.get(stands(stages, proof.row))
    if here is None:
        return
    targets = dict.fromkeys(m.target for m in stages.leaving.get(here.name, ()))
    for stage, is_leaving in ((here, True), *((stages.stages[t], False) for t in targets)):
        gate = stage.to_leave if is_leaving else stage.to_enter
        missing = {lack.item: lack.refusal for lack in lacks(proof, stage, is_leaving=is_leaving, at=proof.unit.now)}
        for item in gate.items:
            yield _item(proof, stages, stage, is_leaving, "leave" if is_leaving else "enter", item, missing.get(item))


def _gone(proof: Proof, stages: StageRules) -> Iterator[GateItem]:
    for stage, is_leaving, lack, _ in lost(proof, stages, proof.row):
        yield _item(proof, stages, stage, is_leaving, "passed", lack.item, lack.refusal)


def _behind(proof: Proof, stages: StageRules) -> Iterator[GateItem]:
    """The actions of the pipeline that stand, each at its first gate, or at the one that led here."""
    if not any(action in proof.done for action in stages.pipeline.actions):
        return
    led = list(led_here(proof, stages, proof.row))
    gates = [*led, *((stage, is_leaving) for stage in stages.stages.values() for is_leaving in (False, True))]
    seen: set[str] = set()
    for number, (stage, is_leaving) in enumerate(gates):
        for action in (stage.to_leave if is_leaving else stage.to_enter).actions:
            if action.name in proof.done and action.name not in seen:
                seen.add(action.name)
                item = _item(proof, stages, stage, is_leaving, "behind", action.name, None)
                yield replace(item, is_support=number < len(led))


def _item(proof: Proof, stages: StageRules, stage: Stage, is_leaving: bool, when: str, name: str, refusal: Refusal | None) -> GateItem:
    gate = stage.to_leave if is_leaving else stage.to_enter
    action = next((a for a in gate.actions if a.name == name), None)
    evidence = tuple(e for e in gate.evidence if e.field == name)
    reads = proof.unit.access.reads(proof.rules.name)
    is_later = when == "passed"
    at = proof.row[stages.since] if is_later else proof.unit.now
    return GateItem(
        pipeline=stages.pipeline.name,
        stage=stage.name,
        when=when,
        item=name,
        kind="action" if action is not None else "evidence" if evidence else "field",
        title=action.title if action is not None else proof.rules.fields[name].field.title,
        refusal=refusal,
        done=proof.done.get(name) if action is not None else None,
        exception=proof.excepted.get((stages.pipeline.name, stage.name, name)),
        action=action,
        evidence=evidence,
        files=tuple(verdicts(proof, stage, name, is_leaving=is_leaving, at=at, is_later=is_later))
        if evidence and name in reads.clear
        else (),
        may_except=may_except(proof.unit, (gate,)),
        is_readable=action is not None or name in reads.clear or name in reads.masked,
    )
