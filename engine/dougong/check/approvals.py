"""Checks over approvals: no step that never comes, none whose people have all agreed before, none that may take longer than its stage."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from dougong_dsl.codes import approvals as codes
from dougong_dsl.diagnostics import Diagnostic, Related
from dougong_dsl.expression import Expression

from dougong.check.conditions import place_of
from dougong.check.deadlines import certainly_longer
from dougong.check.reasoning import can_be, cases, implies
from dougong.model.actions import Recipient
from dougong.model.app import App
from dougong.model.approvals import Approval, ApprovalStep

Unsound = AbstractSet[tuple[str, str]]


def pointless_steps(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Steps whose condition is never true, or never where the approval's own is."""
    for approval, step in _steps(app, unsound):
        if step.when is not None and not _can_come(approval, step.when):
            related = [] if approval.when is None else [Related(place_of(approval.when), "审批的条件", "the approval's condition")]
            name, condition = step.title.zh, step.when.source.text
            yield codes.POINTLESS_STEP.at(place_of(step.when), related=related, step=name, condition=condition)


def same_approvers(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Steps that ask whoever has certainly agreed in an earlier one."""
    for approval, step in _steps(app, unsound):
        if approval.same_person != "other":
            continue
        for other in approval.steps[: approval.steps.index(step)]:
            if _asks_everybody_of(other, step) and _comes_with(other, step):
                related = [Related(other.place, "前面的步骤", "the step before")]
                yield codes.SAME_APPROVERS.at(step.place, related=related, step=step.title.zh, other=other.title.zh)
                break


def long_steps(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Steps that may take longer than the stage in which the record waits for them."""
    for approval, step in _steps(app, unsound):
        event = approval.start
        pipeline = next((p for p in app.objects[approval.object].pipelines if event is not None and p.field == event.column), None)
        stage = pipeline.stages.get(str(event.stage)) if pipeline and event and event.kind == "entered" else None
        if stage is None or stage.overdue is None or stage.overdue.field or step.within is None:
            continue
        if certainly_longer(step.within, stage.overdue.amount):
            related = [Related(stage.overdue.place, "阶段的期限", "the stage's deadline")]
            yield codes.OUTLASTS_STAGE.at(step.place, related=related, step=step.title.zh, stage=stage.name)


def _steps(app: App, unsound: Unsound) -> Iterator[tuple[Approval, ApprovalStep]]:
    for approval in app.approvals.values():
        if ("approvals", approval.name) not in unsound:
            yield from ((approval, step) for step in approval.steps)


def _can_come(approval: Approval, condition: Expression) -> bool:
    """Whether a step's condition can be true; together with the approval's where nothing of it can change on the way."""
    start = approval.when
    if start is None or not (approval.reads_snapshot or _is_locked(approval, condition)) or start.asks_time or condition.asks_time:
        return can_be(condition, True)
    return any(a is True and b is True for _, (a, b) in cases(start, condition))


def _is_locked(approval: Approval, condition: Expression) -> bool:
    return all(len(path) == 1 and path[0] in approval.lock for path in condition.uses)


def _asks_everybody_of(earlier: ApprovalStep, later: ApprovalStep) -> bool:
    """Whether nobody of the later step is left once the earlier one is done."""
    return _who(earlier.by) == _who(later.by) and (earlier.needed is None or earlier.by.user is not None or earlier.by.login is not None)


def _who(by: Recipient) -> tuple[object, ...]:
    return (by.role, by.login, by.team, by.user and by.user.root, by.team_path and by.team_path.root)


def _comes_with(earlier: ApprovalStep, later: ApprovalStep) -> bool:
    """Whether the earlier step comes wherever the later one does."""
    return earlier.when is None or (later.when is not None and implies(later.when, earlier.when))


APPROVAL_CHECKS = (pointless_steps, same_approvers, long_steps)
