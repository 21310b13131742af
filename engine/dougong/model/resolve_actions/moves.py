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
from dougong.model.resolve_flow import known_stage


def read_move(ground: Ground, written: MoveActionDefinition, common: Common) -> Action | None:
    """`move: won`, `move: {to: won, set: {reason: …}}`."""
    if not _is_reached(ground, written.to):
        return None
    values = ground.values(ground.owner, written.set, ground.scope)
    return MoveAction(**common, stage=str(written.to), values=values)


def read_propose(ground: Ground, written: ProposeDefinition, common: Common) -> Action | None:
    """`propose_move: quote`, `propose_move: {to: quote, for: owner, text: …, automatic: amount < 1000}`."""
    if not _is_reached(ground, written.to):
        return None
    wanted = written.for_ or _owner(ground, common["place"])
    text = None if written.text is None else ground.draft.template(written.text, ground.scope)
    automatic = ground.draft.expression(written.automatic, ground.scope, Boolean())
    return ProposeAction(**common, stage=str(written.to), recipients=recipients(ground, wanted), text=text, automatic=automatic)


def _owner(ground: Ground, place: Place) -> tuple[Word, ...]:
    """The record's owner, when nobody is named."""
    found = ground.owner.fields.get("owner")
    if found is None or found.type is None or found.type.target != USER:
        ground.draft.report(codes.PROPOSE_TO_WHOM.at(place, object=str(ground.owner.name)))
        return ()
    return (Word.inserted("owner", place),)


def _is_reached(ground: Ground, stage: Word) -> bool:
    """Whether there is such a stage and a move that leads to it."""
    pipeline = ground.owner.pipeline
    if pipeline is None:
        ground.draft.report(codes.NO_PIPELINE.at(stage.place, object=str(ground.owner.name)))
        return False
    if not known_stage(ground.draft, pipeline, stage):
        return False
    if not any(move.target == stage for move in pipeline.moves):
        ground.draft.report(codes.NO_WAY_THERE.at(stage.place, stage=str(stage)))
        return False
    return True
