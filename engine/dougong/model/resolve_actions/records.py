"""`set`, `create` and `update`: values for the record, for a new one, for those that a path leads to."""

from collections.abc import Mapping

from dougong_dsl.codes import flow as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.types import Boolean, ListOf, Record
from dougong_dsl.sentences.written import Word

from dougong.definition.actions import CreateDefinition, UpdateDefinition
from dougong.model.actions import Action, CreateAction, Reach, SetAction, UpdateAction
from dougong.model.drafts import DraftObject
from dougong.model.resolve_actions.ground import Common, Ground


def read_set(ground: Ground, written: Mapping[Word, Word], common: Common) -> Action | None:
    """`set: {field: expression}`."""
    return SetAction(**common, values=ground.values(ground.owner, written, ground.scope))


def read_create(ground: Ground, written: CreateDefinition, common: Common) -> Action | None:
    """`create: {of: order, set: {deal: deal}}`: the expressions speak of the record, which goes by its object's name, too."""
    target = ground.draft.object(written.of)
    if target is None:
        return None
    return CreateAction(**common, object=str(target.name), values=ground.values(target, written.set, ground.named(ground.scope.object)))


def read_update(ground: Ground, written: UpdateDefinition, common: Common) -> Action | None:
    """`update: {of: customer.orders, where: …, set: {…}}`: the expressions speak of each record that the path leads to."""
    path = _path(ground, written.of)
    if not path:
        return None
    target = ground.draft.objects[path[-1].object]
    scope = ground.named(str(target.name))
    where = ground.draft.expression(written.where, scope, Boolean())
    return UpdateAction(**common, path=path, values=ground.values(target, written.set, scope), where=where)


def _path(ground: Ground, word: Word) -> tuple[Reach, ...]:
    """Links and lists one after another; nothing when one of them is unknown, which is reported."""
    owner, steps = ground.owner, []
    for name in word.split("."):
        step = _step(owner, name.strip())
        if step is None:
            if not ground.draft.mentions_broken(word):
                known = [n for n in owner.members if _step(owner, n) is not None]
                near, ways = nearest(name.strip(), known), ", ".join(known) or "-"
                ground.draft.report(codes.NO_PATH.at(word.place, object=str(owner.name), name=name.strip(), known=ways, nearest=near))
            return ()
        steps.append(step)
        owner = ground.draft.objects[step.object]
    return tuple(steps)


def _step(owner: DraftObject, name: str) -> Reach | None:
    member = owner.members.get(name)
    if member is None:
        return None
    if isinstance(member.type, Record):
        return Reach(str(owner.name), member.type.object, field=name)
    if isinstance(member.type, ListOf) and isinstance(member.type.item, Record) and member.through is not None:
        return Reach(str(owner.name), member.type.item.object, through=member.through)
    return None
