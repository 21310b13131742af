"""Actions bound to objects, fields, stages and users. One function for each kind; `READERS` knows them by their key."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dougong_dsl.codes import flow as codes
from dougong_dsl.codes.channels import NO_RECORD
from dougong_dsl.expression.types import Boolean

from dougong.definition.actions import ActionDefinition
from dougong.model.actions import Action
from dougong.model.resolve_actions.calls import read_call
from dougong.model.resolve_actions.dispatch import read_assign, read_recycle
from dougong.model.resolve_actions.documents import read_document
from dougong.model.resolve_actions.ground import Common, Ground
from dougong.model.resolve_actions.moves import read_move, read_propose
from dougong.model.resolve_actions.people import read_notify, read_todo
from dougong.model.resolve_actions.records import read_create, read_set, read_update
from dougong.model.resolve_actions.scores import read_score
from dougong.model.resolve_actions.starting import read_start
from dougong.model.resolve_actions.surveys import read_survey
from dougong.model.resolve_actions.tags import read_tag

READERS: Mapping[str, Callable[[Ground, Any, Common], Action | None]] = {
    "set": read_set,
    "create": read_create,
    "update": read_update,
    "move": read_move,
    "propose_move": read_propose,
    "assign": read_assign,
    "tag": read_tag,
    "score": read_score,
    "start": read_start,
    "recycle": read_recycle,
    "todo": read_todo,
    "survey": read_survey,
    "notify": read_notify,
    "document": read_document,
    "call": read_call,
}
MAY_FAIL = (
    "move",
    "propose_move",
    "start",
)  # a record that cannot move stays where it is; the write goes on unless it is said that it must


def resolve_actions(ground: Ground, written: Iterable[ActionDefinition]) -> tuple[Action, ...]:
    """Every sound action of a list."""
    return tuple(action for each in written if (action := _read(ground, each)) is not None)


def _read(ground: Ground, written: ActionDefinition) -> Action | None:
    given = written.given()
    if len(given) != 1:
        if written.is_sound:
            ground.draft.report(codes.ONE_ACTION.at(written.place, known=", ".join(ActionDefinition.kinds)))
        return None
    key = given[0]
    if ground.is_gone and key not in ("create", "update", "todo", "call"):
        ground.draft.report(codes.RECORD_IS_GONE.at(written.place, key=key))
        return None
    if ground.has_no_record and key not in ("create", "notify", "call"):
        ground.draft.report(NO_RECORD.at(written.place, key=key))
        return None
    common = Common(
        place=written.place,
        when=ground.draft.expression(written.when, ground.scope, Boolean()),
        then=resolve_actions(ground.after(written, key), written.then),
        must=key not in MAY_FAIL if written.must is None else written.must,
        by_actor=ground.by_actor if written.as_ is None else ground.acts_as(written.as_),
    )
    return READERS[key](ground, getattr(written, key), common)


__all__ = ["Ground", "resolve_actions"]
