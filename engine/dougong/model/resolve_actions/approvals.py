"""`start`: an approval of the record."""

from dougong_dsl.codes import approvals as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.sentences.written import Word

from dougong.model.actions import Action, StartAction
from dougong.model.resolve_actions.ground import Common, Ground


def read_start(ground: Ground, written: Word, common: Common) -> Action | None:
    """`start: contract`."""
    known = ground.definition.approvals
    found = known.get(written)
    if found is None:
        near = nearest(written, known)
        ground.draft.report(codes.UNKNOWN_APPROVAL.at(written.place, name=str(written), known=", ".join(known), nearest=near))
        return None
    if found.of != ground.owner.name:
        ground.draft.report(codes.OTHER_OBJECT.at(written.place, name=str(written), other=str(found.of), object=str(ground.owner.name)))
        return None
    return StartAction(**common, approval=str(written))
