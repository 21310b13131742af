"""Why a condition of the definition is not met, for the person who is refused: what must be true, and the values it saw.

Nothing is told that the person may not read: a clause about an unseen field is only counted, an unreadable value is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dougong_dsl.expression import Expression, typed
from dougong_dsl.expression.typed import Acting, Aggregate, Before, Children, Get, Here, Linked, Past, Typed, walk

from dougong.derive.speech import Pair, Speaker, worked_out
from dougong.fields.base import Reading
from dougong.model.rights import ActionName
from dougong.runtime.gate.draft import Draft
from dougong.runtime.read.titles import titles
from dougong.runtime.unit import Row, Unit

UNSEEN: Pair = ("一个您无权查看的条件", "a condition on something you may not see")
BLANK: Pair = ("空", "blank")


def condition(draft: Draft, expression: Expression, row: Row) -> Pair:
    """The clauses of a condition that are not true of `row`, in both languages."""
    unit = draft.unit
    speaker = unit.compiled.question(("speaker",), lambda: Speaker(unit.compiled.app))
    told: dict[Pair, None] = {}
    for clause in speaker.clauses(expression.root):
        if _value(draft, expression, clause, row) is True:
            continue
        if not all(_is_known(draft, node) for node in walk(clause)):
            told[UNSEEN] = None
            continue
        what = speaker.condition(clause)
        seen = _seen(draft, expression, clause, row, speaker)
        told[(what[0] + seen[0], what[1] + seen[1])] = None
    return "；".join(p[0] for p in told), "; ".join(p[1] for p in told)


def scope(draft: Draft, action: ActionName, row: Row) -> tuple[Pair, str | None, str | None]:
    """Why no grant covers `row`: (the missing conditions as an ending of a sentence, the field that was given, the grant's `file:line`)."""
    unit = draft.unit
    matching = set(unit.matching(draft.rules.name, action, row))
    missed = [s for i, s in enumerate(unit.access.rights(draft.rules.name, action).shares) if i not in matching and s.where is not None]
    ways = {condition(draft, s.where, row): None for s in missed if s.where is not None}
    if not ways:
        return ("", ""), None, None
    zh, en = "；或者".join(w[0] for w in ways), "; or ".join(w[1] for w in ways)
    asked = {path[0] for s in missed if s.where is not None for path in s.where.uses}
    guilty = [n for n in draft.rules.fields if n in asked and n in draft.given]
    return (f"：需要{zh}", f": it needs {en}"), guilty[0] if guilty else None, missed[0].clause


def _is_known(draft: Draft, node: object) -> bool:
    """Whether the actor may know that there is such a field (or list) at all."""
    rights = draft.unit.access.reads
    if isinstance(node, Get) and not isinstance(node.row, Acting):
        seen = rights(node.row.object)
        return node.name == "id" or node.name in seen.clear or node.name in seen.masked or _is_given(draft, node.row, node.name)
    if isinstance(node, Past):
        seen = rights(node.row.object)
        return all(name in seen.clear or _is_given(draft, node.row, name) for name in node.cells)
    return not isinstance(node, Children) or bool(rights(node.object))


def _is_given(draft: Draft, row: typed.Row, name: str) -> bool:
    return isinstance(row, Here) and row.depth == 0 and name in draft.given


def _seen(draft: Draft, expression: Expression, clause: Typed, row: Row, speaker: Speaker) -> Pair:
    """The values that a clause looked at, as far as the actor may read them: `（现在为空）`, `(it is blank)`."""
    found: dict[Pair, Pair] = {}
    for node in _looked_at(clause):
        if _may_read(draft, node, row):
            value = _shown(draft.unit, node, _value(draft, expression, node, row))
            if value is not None:
                found[speaker.say(node)] = value
    if not found:
        return "", ""
    if len(found) == 1:
        ((zh, en),) = found.values()
        return f"（现在为{zh}）", f" (now {en})"
    zh, en = "，".join(f"{k[0]}为{v[0]}" for k, v in found.items()), ", ".join(f"{k[1]}: {v[1]}" for k, v in found.items())
    return f"（现在{zh}）", f" (now {en})"


def _looked_at(clause: Typed) -> Iterable[Get | Past]:
    """The cells and facts outside of lists that a clause reads, in the order in which they are written."""
    inside = {id(n) for a in walk(clause) if isinstance(a, Aggregate | Past) for n in walk(a) if n is not a or isinstance(a, Aggregate)}
    links = {id(n.link) for n in walk(clause) if isinstance(n, Linked)}
    cells = [n for n in walk(clause) if isinstance(n, Get | Past) and id(n) not in inside and id(n) not in links]
    mine = [n for n in cells if not (isinstance(n.row, Before) or (isinstance(n.row, Acting) and isinstance(n, Get) and n.name == "id"))]
    return sorted(mine, key=lambda n: n.start)


def _may_read(draft: Draft, node: Get | Past, row: Row) -> bool:
    """Whether the actor may read this very cell, or those that a fact of the history tells about."""
    unit, of = draft.unit, node.row
    if isinstance(node, Past):
        return all(_may_read(draft, Get(type=node.type, row=of, name=name), row) for name in node.cells)
    if isinstance(of, Acting):
        return True
    if isinstance(of, Linked):
        if not isinstance(of.link, Get) or not isinstance(of.link.row, Here) or not _may_read(draft, of.link, row):
            return False
        behind = unit.row(of.object, row[of.link.name])
        return behind is None or node.name in _clear(unit, of.object, behind)
    if node.name in draft.given or node.name in _clear(unit, draft.rules.name, row):
        return True
    old = draft.old
    return old is not None and row[node.name] == old[node.name] and node.name in _clear(unit, draft.rules.name, old)


def _clear(unit: Unit, object_name: str, row: Mapping[str, Any]) -> frozenset[str]:
    return unit.access.reads(object_name).fields_of(unit.matching(object_name, "read", row))[0]


def _value(draft: Draft, expression: Expression, node: Typed, row: Row) -> Any:
    """What a part of a condition gives for the row."""
    if node is expression.root:
        return draft.unit.compiled.program(expression)(row, draft.context)
    part = draft.unit.compiled.question(("part", id(expression), id(node)), lambda: replace(expression, root=node, type=node.type))
    return draft.unit.compiled.program(part)(row, draft.context)


def _shown(unit: Unit, node: Get | Past, value: Any) -> Pair | None:
    """A value as people see it; None for a link to a record that the actor may not see, and where the clause itself says it."""
    if value is None:
        return BLANK
    if isinstance(node, Past):
        return None if isinstance(value, bool) else worked_out(value, unit.reading.zone)
    field = unit.compiled.rules(node.row.object).known.get(node.name)
    if field is None:
        return None
    if field.type.target is not None:
        title = titles(unit, field.type.target, [value]).get(value)
        return None if title is None else (f"“{title}”", f"“{title}”")
    zone = unit.reading.zone
    zh, en = field.type.format(value, Reading("zh", zone)), field.type.format(value, Reading("en", zone))
    return f"“{zh}”", f"“{en}”"
