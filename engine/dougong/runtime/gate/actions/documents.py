"""`document`: a copy of a document goes into a field of the record, or to people."""

from dougong.model.actions import DocumentAction
from dougong.runtime.documents.copies import make
from dougong.runtime.gate.actions import writing
from dougong.runtime.gate.actions.records import changed
from dougong.runtime.gate.actions.task import Outcome, Task
from dougong.runtime.people import inbox, recipients

TELLS = ("文档：{0}", "Document: {0}")


def document(action: DocumentAction, task: Task) -> Outcome:
    """Make the copy and hand it on; without anybody to get it there is none."""
    unit = task.unit
    wanted = unit.compiled.app.documents[action.document]
    said = {"document": wanted.name}
    if action.into is not None:
        made, number = make(unit, wanted, task.row, action.form, is_taken=False)
        held = task.row[action.into]
        is_many = task.rules.known[action.into].type.is_many
        outcome = changed(writing.update(unit, task.object, task.record_id, {action.into: [*(held or ()), made] if is_many else made}))
        return Outcome("done", {**outcome.said, **said, "number": number})
    people = recipients.people(unit, action.recipients, task.row, task.lens)
    if not people:
        return Outcome("nothing", {**said, "nobody": True})
    made, number = make(unit, wanted, task.row, action.form, is_taken=True)
    title = wanted.title
    own = None if action.text is None else unit.compiled.text(action.text)(task.row, task.lens)
    zh, en = (f"{title.text(language)}{f' {number}' if number else ''}" for language in ("zh", "en"))
    spoken = own or (TELLS[0].format(zh), TELLS[1].format(en))
    inbox.notify(unit, people, spoken, (inbox.INBOX,), object=task.object, record_id=task.record_id, file=made)
    return Outcome("done", {**said, "number": number, "to": people, "text": list(spoken)})
