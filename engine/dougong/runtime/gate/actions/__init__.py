"""What each kind of action does. One module for a family of kinds; `HANDLERS` knows them by their key.

A handler does one action for one record through the gate and tells its `Outcome`; it raises `Refused` when the gate says no. A kind in
`TOGETHER` can also do it for many records at once: an import of thousands of rows asks for that.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dougong.runtime.gate.actions.calls import call
from dougong.runtime.gate.actions.dispatch import assign, recycle
from dougong.runtime.gate.actions.documents import document
from dougong.runtime.gate.actions.moves import move, propose
from dougong.runtime.gate.actions.people import notify, todo, todo_many
from dougong.runtime.gate.actions.records import create, set_values, set_values_many, update
from dougong.runtime.gate.actions.scores import score
from dougong.runtime.gate.actions.starting import start
from dougong.runtime.gate.actions.surveys import survey
from dougong.runtime.gate.actions.tags import tag
from dougong.runtime.gate.actions.task import Outcome, Task

HANDLERS: Mapping[str, Callable[[Any, Task], Outcome]] = {
    "set": set_values,
    "create": create,
    "update": update,
    "move": move,
    "propose_move": propose,
    "assign": assign,
    "tag": tag,
    "score": score,
    "start": start,
    "recycle": recycle,
    "todo": todo,
    "survey": survey,
    "notify": notify,
    "document": document,
    "call": call,
}
TOGETHER: Mapping[str, Callable[[Any, Sequence[Task]], list[Outcome]]] = {"set": set_values_many, "todo": todo_many}
