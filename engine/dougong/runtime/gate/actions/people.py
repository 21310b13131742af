"""`todo` and `notify`: who gets something to do, who is told."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from dougong.derive.moves import StageRules
from dougong.model.actions import NotifyAction, TodoAction
from dougong.runtime.channels import writing
from dougong.runtime.gate import stages
from dougong.runtime.gate.actions.task import Outcome, Task
from dougong.runtime.people import inbox, recipients, todos


def todo(action: TodoAction, task: Task) -> Outcome:
    """A to-do for each recipient, or for each role and team to be claimed."""
    return todo_many(action, (task,))[0]


def todo_many(action: TodoAction, tasks: Sequence[Task]) -> list[Outcome]:
    """To-dos about many records, written in one go."""
    wanted = [_todo(action, task) for task in tasks]
    todos.add_many(tasks[0].unit, wanted)
    return [_told(new) for new in wanted]


def _todo(action: TodoAction, task: Task) -> todos.New:
    unit = task.unit
    people = recipients.addressees(unit, action.recipients, task.row, task.lens, claim=action.claim)
    spoken = unit.compiled.text(action.text)(task.row, task.lens)
    return todos.New(tuple(people), spoken, task.object, task.record_id, task.firing.trigger, _stage(action, task), _due(action, task))


def _told(new: todos.New) -> Outcome:
    if not new.people:
        return Outcome("nothing", {"nobody": True})
    said = [each.user if each.user is not None else each.role if each.role is not None else {"team": each.team} for each in new.people]
    return Outcome("done", {"todos": said, "text": list(new.spoken)})


def notify(action: NotifyAction, task: Task) -> Outcome:
    """A message for each recipient; who has opted out, or has no address, is kept back, which the log tells."""
    unit = task.unit
    spoken = unit.compiled.text(action.text)(task.row, task.lens)
    people = recipients.people(unit, action.recipients, task.row, task.lens)
    contacts = [each.contact for each in action.recipients if each.contact is not None]
    sent = [told for contact in contacts for told in writing.to_contact(unit, contact, task.row, task.lens, spoken)]
    if not people and not sent:
        return Outcome("nothing", {"nobody": True})
    about = (task.object, task.record_id) if task.object in unit.compiled.app.objects else (None, None)
    inbox.notify(unit, people, spoken, action.via, object=about[0], record_id=about[1])
    is_done = bool(people) or any("kept" not in told for told in sent)
    return Outcome("done" if is_done else "nothing", {"told": people, "text": list(spoken)} | ({"sent": sent} if sent else {}))


def _stage(action: TodoAction, task: Task) -> str | None:
    """The stage whose end is the to-do's end: by default that of a to-do which a stage brings about."""
    track = _track(task)
    if track is None:
        return None
    rule = task.firing.trigger.split(":")
    by_stage = rule[0] == "stage" and rule[-1] != "leave" or " entered " in task.firing.event or task.firing.event.endswith(" overdue")
    is_ended = action.until_left or (action.until_left is None and by_stage)
    return track.pipeline.qualified(stages.stands(track, task.row)) if is_ended else None


def _track(task: Task) -> StageRules | None:
    """The pipeline that the firing speaks of (`stage:quality_stage.passed:enter`, `card.quality_stage overdue`), else the first one."""
    rule, tracks = task.firing.trigger.split(":"), task.rules.tracks
    named = rule[1].rpartition(".")[0] if rule[0] == "stage" else task.firing.event.split(" ")[0].partition(".")[2]
    return next((t for t in tracks if t.field == named), tracks[0] if tracks else None)


def _due(action: TodoAction, task: Task) -> datetime | None:
    """A day is due when it is over."""
    found: date | None = None if action.due is None else task.unit.compiled.program(action.due)(task.row, task.lens)
    if found is None or isinstance(found, datetime):
        return found
    return datetime.combine(found + timedelta(days=1), time(), task.unit.reading.zone)
