"""What happens in a scenario: one function per kind of line, in one table. All writes go through the gate as whoever acts."""

from collections.abc import Callable, Mapping
from datetime import datetime

from dougong_dsl.working import shifted

from dougong.flow.scenarios import doors
from dougong.flow.scenarios.world import Unmet, World
from dougong.model.scenarios import SceneStep
from dougong.refusals import Refused
from dougong.runtime.approvals.view import ApprovalState
from dougong.runtime.session import Session

Verb = Callable[[World, SceneStep], None]


def _wait(world: World, step: SceneStep) -> None:
    world.wait(_end(world, step))


def _stands(world: World, step: SceneStep) -> None:
    """A fact of the world, whoever acts."""
    delegate, absent = (world.users[login] for login in step.names)
    with world.system() as session:
        session.set_absence(absent, world.clock.now(), _end(world, step), delegate)


def _handover(world: World, step: SceneStep) -> None:
    leaver, *heir = (world.users[login] for login in step.names)
    with world.session() as session:
        session.handover(leaver, *heir)


def _end(world: World, step: SceneStep) -> datetime:
    """When a time that begins now is over."""
    now = world.clock.now()
    if step.until is not None:
        target = step.until.replace(tzinfo=world.app.zone)
        if target < now:
            raise Unmet(
                f"这时已经是 {_local(world)}，不能等到更早的时刻", f"It is {_local(world)} already; one cannot wait for an earlier moment"
            )
        return target
    assert step.amount is not None
    return shifted(now, step.amount, world.app.calendar)


def _local(world: World) -> str:
    return f"{world.clock.now().astimezone(world.app.zone):%Y-%m-%d %H:%M}"


def _as(world: World, step: SceneStep) -> None:
    world.actor = step.login


def _create(world: World, step: SceneStep) -> None:
    values = world.values(str(step.object), step.values or {})
    with world.session() as session:
        name = str(step.object)
        made = session.create(name, values) if step.form is None else session.submit_form(name, step.form, values)
        world.warnings = made.warnings
    world.name(step, made.id)


def _import(world: World, step: SceneStep) -> None:
    rows = [world.values(str(step.object), row) for row in step.rows]
    with world.session() as session:
        results = session.create_many(str(step.object), rows)
    refused = [r for r in results if isinstance(r, Refused)]
    if refused:
        raise Refused(refusal for each in refused for refusal in each.refusals)
    world.warnings = tuple(warning for made in results if not isinstance(made, Refused) for warning in made.warnings)


def _update(world: World, step: SceneStep) -> None:
    name, record_id = world.records[str(step.record)]
    values = world.values(name, step.values or {})
    with world.session() as session:
        if step.form is None:
            world.warnings = session.update(name, record_id, values).warnings
        else:
            world.warnings = session.submit_form(name, step.form, values, record_id).warnings


def _move(world: World, step: SceneStep) -> None:
    name, record_id = world.records[str(step.record)]
    values = world.values(name, step.values or {})
    with world.session() as session:
        world.warnings = session.move(name, record_id, step.stage, values, pipeline=step.action).warnings


def _delete(world: World, step: SceneStep) -> None:
    name, record_id = world.records[str(step.record)]
    with world.session() as session:
        session.delete(name, record_id)


def _finish(world: World, step: SceneStep) -> None:
    with world.session() as session:
        about = None if step.record is None else world.records[step.record]
        open_ = [t for t in session.todos() if about in (None, (t.object, t.record_id))]
        if not open_:
            raise Unmet(f"{world.actor} 没有这样的待办", f"{world.actor} has no such to-do")
        for todo in open_:
            session.finish_todo(todo.id)


def _claim(world: World, step: SceneStep) -> None:
    with world.session() as session:
        about = None if step.record is None else world.records[step.record]
        open_ = [t for t in session.claimable_todos() if about in (None, (t.object, t.record_id))]
        if not open_:
            raise Unmet(f"没有 {world.actor} 可以领取的待办", f"There is no to-do that {world.actor} could claim")
        session.claim_todo(open_[0].id)


def _decide(decision: Callable[[Session, ApprovalState, int, SceneStep], None]) -> Verb:
    """A line of somebody who is asked to approve a record."""

    def verb(world: World, step: SceneStep) -> None:
        about = world.records[str(step.record)]
        with world.session() as session:
            waiting = [a for a in session.approvals_waiting() if (a.object, a.record_id) == about]
            tasks = [(a, t.id) for a in waiting for t in a.tasks if t.is_mine]
            if not tasks:
                raise Unmet(f"{world.actor} 没有被要求审批 {step.record}", f"{world.actor} is not asked to approve {step.record}")
            decision(session, *tasks[0], step)

    return verb


def _return(session: Session, approval: ApprovalState, task: int, step: SceneStep) -> None:
    to = None if step.action is None else next((n for n, title in enumerate(approval.steps) if title == step.action), len(approval.steps))
    session.return_approval(task, _text(step), to)


def _text(step: SceneStep) -> str:
    return str((step.values or {}).get("text") or "")


def _submit(world: World, step: SceneStep) -> None:
    name, record_id = world.records[str(step.record)]
    with world.session() as session:
        session.submit(name, record_id, approval=_text(step))


def _withdraw(world: World, step: SceneStep) -> None:
    name, record_id = world.records[str(step.record)]
    with world.session() as session:
        running = [a for a in session.approvals(name, record_id) if a.state == "running"]
        if not running:
            raise Unmet(f"{step.record} 没有正在进行的审批", f"No approval of {step.record} is running")
        session.withdraw(running[0].id)


def _comment(world: World, step: SceneStep) -> None:
    name, record_id = world.records[str(step.record)]
    with world.session() as session:
        session.comment(name, record_id, _text(step))


def _do(world: World, step: SceneStep) -> None:
    name, record_id = world.records[str(step.record)]
    with world.session() as session:
        session.do_action(name, record_id, str(step.action), _text(step) or None)


def _undo(world: World, step: SceneStep) -> None:
    name, record_id = world.records[str(step.record)]
    with world.session() as session:
        session.undo_action(name, record_id, str(step.action))


def _split(world: World, step: SceneStep) -> None:
    name, record_id = world.records[str(step.record)]
    names = step.names or ("",) * len(step.rows)
    rows = [world.values(str(step.object), row) for row in step.rows]
    parts = [row | ({"id": world.records[part][1]} if part in world.records else {}) for part, row in zip(names, rows, strict=True)]
    values = world.values(name, step.values or {})
    with world.session() as session:
        made = session.split(name, record_id, parts=parts, values=values, into=step.object)
    world.records.update({part: (str(step.object), record.id) for part, record in zip(names, made, strict=True) if part})


def _claim_record(world: World, step: SceneStep) -> None:
    with world.session() as session:
        session.claim(*world.records[str(step.record)])


def _release(world: World, step: SceneStep) -> None:
    with world.session() as session:
        session.release(*world.records[str(step.record)], _text(step))


VERBS: Mapping[str, Verb] = {
    "wait": _wait,
    "as": _as,
    "create": _create,
    "import": _import,
    "update": _update,
    "move": _move,
    "delete": _delete,
    "finish todo": _finish,
    "claim todo": _claim,
    "submit": _submit,
    "stands": _stands,
    "handover": _handover,
    "approve": _decide(lambda session, _, task, step: session.approve(task, _text(step) or None)),
    "reject": _decide(lambda session, _, task, step: session.reject(task, _text(step))),
    "return": _decide(_return),
    "transfer": _decide(lambda session, _, task, step: session.transfer(task, str(step.login), _text(step) or None)),
    "ask": _decide(
        lambda session, _, task, step: session.add_signer(task, str(step.login), before=step.action == "first", comment=_text(step) or None)
    ),
    "withdraw": _withdraw,
    "comment": _comment,
    "claim": _claim_record,
    "release": _release,
    "do": _do,
    "undo": _undo,
    "message": doors.message,
    "webhook": doors.webhook,
    "split": _split,
}
