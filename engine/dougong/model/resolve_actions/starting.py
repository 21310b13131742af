"""`start`: an approval of the record, or a pipeline that runs under it."""

from dougong_dsl.codes import approvals as codes
from dougong_dsl.codes import splits as split_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.sentences.written import Word

from dougong.definition.actions import StartDefinition
from dougong.definition.part import unknown_key
from dougong.model.actions import Action, StartAction, StartRecordAction
from dougong.model.resolve_actions.ground import Common, Ground


def read_start(ground: Ground, written: StartDefinition, common: Common) -> Action | None:
    """`start: contract`, `start: {name: project_flow, with: {name: deal.name}}`."""
    name = written.name
    approval = ground.definition.approvals.get(name)
    is_pipeline = name in ground.definition.pipelines and (approval is None or approval.of != ground.owner.name)
    if is_pipeline:
        return _pipeline(ground, written, common)
    if approval is None:
        known = [*ground.definition.approvals, *(p.name for p in ground.startable())]
        near = nearest(name, known)
        ground.draft.report(codes.UNKNOWN_APPROVAL.at(name.place, name=str(name), known=", ".join(known), nearest=near))
        return None
    if approval.of != ground.owner.name:
        owner = str(ground.owner.name)
        ground.draft.report(codes.OTHER_OBJECT.at(name.place, name=str(name), other=str(approval.of), object=owner))
        return None
    for key, value in (("with", written.with_), ("again", written.again)):
        if value is not None:
            part = ("发起审批的 start", "the start of an approval")
            ground.draft.report(unknown_key(part, Word.inserted(key, written.place), ["name"]))
    return StartAction(**common, approval=str(name))


def _pipeline(ground: Ground, written: StartDefinition, common: Common) -> Action | None:
    known = ground.startable()
    found = next((pipeline for pipeline in known if pipeline.name == written.name), None)
    owner = str(ground.owner.name)
    if found is None or found.under is None:
        names = ", ".join(p.name for p in known) or "-"
        ground.draft.report(split_codes.CANNOT_START.at(written.name.place, name=str(written.name), object=owner, known=names))
        return None
    target = ground.draft.objects[found.object]
    return StartRecordAction(
        **common,
        pipeline=found.name,
        object=found.object,
        link=found.under,
        column=found.field,
        open=frozenset(name for name, stage in found.stages.items() if stage.is_open),
        values=ground.values(target, written.with_ or {}, ground.named(ground.scope.object)),
        again=bool(written.again),
    )
