"""`survey`: somebody is asked to fill in a form about the record."""

from datetime import datetime

from dougong_dsl.working import due_after

from dougong.model.actions import SurveyAction
from dougong.runtime.gate.actions.task import Outcome, Task
from dougong.runtime.people import recipients, todos

ASK = ("请填写：{0}", "Please fill in: {0}")


def survey(action: SurveyAction, task: Task) -> Outcome:
    """A to-do that submitting the form ends; nobody is asked twice at once, nor again too soon."""
    unit = task.unit
    last, is_open = todos.asked_last(unit, task.object, task.record_id, action.form)
    if is_open:
        return Outcome("nothing", {"asked_already": True})
    answers = unit.children(action.object, action.through, task.record_id)
    moments = [row["created_at"] for row in answers] + ([] if last is None else [last])
    calendar = unit.compiled.app.calendar
    if action.once is not None and moments:
        again: datetime = due_after(max(moments), action.once, calendar)
        if again > unit.now:
            return Outcome("nothing", {"asks_again": again})
    people = recipients.addressees(unit, action.recipients, task.row, task.lens, claim=action.claim)
    if not people:
        return Outcome("nothing", {"nobody": True})
    title = unit.compiled.app.forms[action.form].title
    own = None if action.text is None else unit.compiled.text(action.text)(task.row, task.lens)
    spoken = own or (ASK[0].format(title.zh), ASK[1].format(title.en))
    due = None if action.within is None else due_after(unit.now, action.within, calendar)
    todos.add_many(unit, [todos.New(tuple(people), spoken, task.object, task.record_id, task.firing.trigger, None, due, action.form)])
    return Outcome("done", {"survey": action.form, "text": list(spoken)})
