"""Step 5: pipeline rules. A direct write of `stage` is a move and answers to the same rules."""

from collections.abc import Mapping
from typing import Any

from dougong.database.errors import StaleSchema
from dougong.derive.moves import MoveRule, StageRules
from dougong.derive.rules import ObjectRules
from dougong.model.flow import Stage
from dougong.refusals import Refusal, refuse
from dougong.runtime import refusals as codes
from dougong.runtime.gate import explain
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gates.judge import Proof, refusals
from dougong.runtime.people import todos
from dougong.runtime.splits.closing import against_closing


def place_new(draft: Draft, *, may_import: bool) -> None:
    """Put a new record into the first stage of each pipeline, or, with the right to import, into the one that was given."""
    for stages in draft.rules.tracks:
        wanted = draft.values.get(stages.field)
        stage = stages.start if wanted is None or wanted == "" else _named(draft, stages, wanted)
        if stage is not None and stage != stages.start and not may_import:
            start = stages.stages[stages.start].title
            draft.refuse(codes.STARTS_AT, field=stages.field, start=(start.zh, start.en))
        draft.row[stages.field] = stage or stages.start
        draft.row[stages.since] = draft.unit.now


def choose(draft: Draft, stages: StageRules, wanted: Any) -> None:
    """Find the move to the wanted stage before the values are read: it says which fields may come with it."""
    target, source = _named(draft, stages, wanted), stands(stages, draft.row)
    if target is None or target == source:
        return
    moves = stages.between(source, target)
    if not moves:
        refuse_move(draft, codes.NO_SUCH_MOVE, stages, source, target)
        return
    begin(draft, stages, next((m for m in moves if has_role(draft, m)), moves[0]))


def begin(draft: Draft, stages: StageRules, move: MoveRule) -> None:
    """Put the record where a move leads; `gate` tells whether it may."""
    draft.moves[stages.field] = move
    draft.row[stages.field] = move.target
    draft.row[stages.since] = draft.unit.now


def stands(stages: StageRules, row: Mapping[str, Any]) -> str:
    """The stage of a record; one that is older than a pipeline stands at its beginning.

    `StaleSchema` for a stage that there is not: a newer release has moved the record, and the work is to be done again with it.
    """
    found: str = row[stages.field] or stages.start
    if found not in stages.stages:
        raise StaleSchema(f"{stages.field}: a record stands in {found}")
    return found


def column_of(rules: ObjectRules, pipeline: str | None) -> str:
    """Where a pipeline keeps its stage; `Refused` R325 when the object has none of that name. None: the main one, or the only one."""
    if not rules.tracks:
        raise refuse(codes.NO_PIPELINE, field="stage", object=rules.spoken)
    if pipeline is None:
        return "stage" if rules.stages is not None or len(rules.tracks) != 1 else rules.tracks[0].field
    for track in rules.tracks:
        if track.pipeline.name == pipeline:
            return track.field
    raise refuse(codes.NO_SUCH_PIPELINE, object=rules.spoken, name=pipeline[:40])


def gate(draft: Draft, *, only: MoveRule | None = None) -> None:
    """Whether the moves may be made with the record as it will be; a new record must satisfy the stages it starts in.

    `only` asks about one move; otherwise the first one that nothing speaks against is taken.
    """
    for stages in draft.rules.tracks:
        target = stages.stages[stands(stages, draft.row)]
        is_moved = stages.field in draft.moves
        if is_moved and draft.old is not None:
            source = stages.stages[stands(stages, draft.old)]
            chosen = only or _best(draft, stages.between(source.name, target.name), source, target)
            draft.refusals.extend(_against(draft, chosen, source, target, stages.field))
            _passed(draft, stages, source, is_leaving=True)
        if is_moved or draft.old is None:
            _passed(draft, stages, target, is_leaving=False)
        if is_moved:
            against_closing(draft, stages.pipeline, target)


def demanded(draft: Draft) -> tuple[str, ...]:
    """The fields that the chosen moves ask for and that their stages demand: they may be written with them, whoever may make them."""
    found: list[str] = []
    for stages in draft.rules.tracks:
        move = draft.moves.get(stages.field)
        if move is None or draft.old is None:
            continue
        gates = (stages.stages[stands(stages, draft.old)].to_leave, stages.stages[move.target].to_enter)
        found += [*move.asks, *(n for gate in gates for n in (*gate.fields, *(e.field for e in gate.evidence)))]
    return tuple(found)


def has_role(draft: Draft, move: MoveRule) -> bool:
    """Whether the actor has one of the roles that the move is kept for."""
    actor = draft.unit.actor
    return not move.roles or actor.is_system or not set(move.roles).isdisjoint(actor.roles)


def _best(draft: Draft, moves: tuple[MoveRule, ...], source: Stage, target: Stage) -> MoveRule:
    """The first move that nothing speaks against, else the one with the fewest refusals."""
    return min(moves, key=lambda m: len(_against(draft, m, source, target, "stage")))


def _against(draft: Draft, move: MoveRule, source: Stage, target: Stage, field: str) -> list[Refusal]:
    spoken: dict[str, object] = {"source": _title(source), "target": _title(target)}
    found = []
    if not has_role(draft, move):
        roles = [draft.unit.compiled.app.roles[r].title for r in move.roles]
        names = ("、".join(t.zh for t in roles), ", ".join(t.en for t in roles))
        found.append(Refusal(codes.NOT_YOUR_MOVE, {**spoken, "roles": names}, field, move.clause))
    if move.when is not None and move.move.when is not None and move.when(draft.row, draft.context) is not True:
        condition = explain.condition(draft, move.move.when, draft.row)
        found.append(Refusal(codes.MOVE_CONDITION, {**spoken, "condition": condition}, field, move.clause))
    for name in move.asks:
        if name not in draft.wrong and (name not in draft.given or draft.row[name] is None):
            params = {**spoken, "title": draft.rules.fields[name].spoken}
            found.append(Refusal(codes.ASKED_ON_MOVE, params, name, move.clause))
    return found


def _passed(draft: Draft, stages: StageRules, stage: Stage, *, is_leaving: bool) -> None:
    """Note whatever a gate lacks that is not refused already."""
    reported = {r.field for r in draft.refusals}
    proof = Proof(draft.unit, draft.rules, draft.row, draft.context, is_new=draft.old is None)
    draft.refusals.extend(refusals(proof, stages.pipeline, stage, is_leaving=is_leaving, is_wrong=reported.__contains__))


def clear_todos(draft: Draft, stages: StageRules) -> None:
    """What was to be done in the stage that the record left is done; a record that is closed leaves nothing to do in any stage."""
    assert draft.old is not None
    entered = stages.stages.get(draft.row[stages.field])
    is_closed = entered is not None and not entered.is_open
    todos.clear_for(draft.unit, stages.pipeline, draft.row["id"], stands(stages, draft.old), is_closed=is_closed)


def _named(draft: Draft, stages: StageRules, wanted: Any) -> str | None:
    if wanted in stages.stages:
        return str(wanted)
    found = [n for n, s in stages.stages.items() if wanted in (s.title.zh, s.title.en)]
    if len(found) == 1:
        return found[0]
    draft.refuse(codes.NO_SUCH_STAGE, field=stages.field, stage=str(wanted)[:40])
    return None


def refuse_move(draft: Draft, code: Any, stages: StageRules, source: str, target: str) -> None:
    """Note a refused move in the words of its stages."""
    draft.refuse(code, field=stages.field, source=_title(stages.stages[source]), target=_title(stages.stages[target]))


def _title(stage: Stage) -> tuple[str, str]:
    return (stage.title.zh, stage.title.en)
