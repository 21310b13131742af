"""`move` and `propose_move`: a stage that the record goes to, or is proposed to go to."""

from dougong_dsl.codes import flow as codes
from dougong_dsl.expression.types import Boolean
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word

from dougong.definition.actions import MoveActionDefinition, ProposeDefinition
from dougong.model.actions import Action, MoveAction, ProposeAction
from dougong.model.drafts import USER
from dougong.model.resolve_actions.ground import Common, Ground
from dougong.model.resolve_actions.people import recipients
from dougong.model.stage_names import Found, find_stage


def read_move(ground: Ground, written: MoveActionDefinition, common: Common) -> Action | None:
    """`move: won`, `move: quality_stage.passed`, `move: {to: won, set: {reason: …}}`."""
    found = _reached(ground, written.to)
    if found is None:
        return None
    values = ground.values(ground.owner, written.set, ground.scope)
    return MoveAction(**common, stage=found[1], column=found[0].field, values=values)


def read_propose(ground: Ground, written: ProposeDefinition, common: Common) -> Action | None:
    """`propose_move: quote`, `propose_move: {to: quote, for: owner, text: …, automatic: amount < 1000}`."""
    found = _reached(ground, written.to)
    if found is None:
        return None
    wanted = written.for_ or _owner(ground, common["place"])
    text = None if written.text is None else ground.draft.template(written.text, ground.scope)
    automatic = ground.draft.expression(written.automatic, ground.scope, Boolean())
    asked = recipients(ground, wanted)
    return ProposeAction(**common, stage=found[1], column=found[0].field, recipients=asked, text=text, automatic=automatic)


def _owner(ground: Ground, place: Place) -> tuple[Word, ...]:
    """The record's owner, when nobody is named."""
    found = ground.owner.fields.get("owner")
    if found is None or found.type is None or found.type.target != USER:
        ground.draft.report(codes.PROPOSE_TO_WHOM.at(place, object=str(ground.owner.name)))
        return ()
    return (Word.inserted("owner", place),)


def _reached(ground: Ground, stage: Word) -> Found | None:
    """The pipeline and the stage, if there is such a stage and a move that leads to it."""
    found = find_stage(ground.draft, ground.owner, stage)
    if found is not None and not any(move.target == found[1] for move in found[0].moves):
        ground.draft.report(codes.NO_WAY_THERE.at(stage.place, stage=str(stage)))
        return None
    return found
