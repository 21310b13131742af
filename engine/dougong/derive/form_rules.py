"""The rules of a form as JavaScript, from the same expressions that the server enforces: formulas, what is shown, what is required.

What the browser cannot answer (other records), and what looks at fields that the person may not read, is left out: the server is asked instead.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from dougong_dsl.expression import Expression
from dougong_dsl.expression.javascript import to_js
from dougong_dsl.expression.typed import Acting, Get, walk

from dougong.derive.forms import Layout
from dougong.fields.base import FieldType
from dougong.fields.money import MoneyField
from dougong.fields.number import NumberField

FACTS = frozenset({"id", "stage", "stage_since", "created_at", "created_by", "updated_at", "updated_by", "version"})


@dataclass(frozen=True, slots=True)
class FormRules:
    """`module` is an ES module whose default export takes the runtime; `asks_server` when some rule is not in it; `asks_me` the user's fields it reads."""

    module: str
    asks_server: bool
    asks_me: frozenset[str]


def form_rules(plan: Layout, readable: frozenset[str]) -> FormRules:
    """The rules of the fields and sections on the form, as far as they only look at `readable` fields."""
    slots = list(plan.slots())
    wanted: dict[str, dict[str, Expression]] = {
        "values": {s.field.name: s.field.formula for s in slots if s.field.formula is not None},
        "shown": {s.field.name: s.field.show_when for s in slots if s.field.show_when is not None},
        "required": {s.field.name: s.field.required_when for s in slots if s.field.required_when is not None},
        "groups": {str(i): b.show_when for i, b in enumerate(plan.blocks) if b.show_when is not None},
    }
    known = readable | FACTS
    written = {kind: {name: _code(e, known) for name, e in rules.items()} for kind, rules in wanted.items()}
    told = [e for kind, rules in wanted.items() for name, e in rules.items() if written[kind][name] is not None]
    parts = [f"{kind}: {_object({n: c for n, c in codes.items() if c is not None})}" for kind, codes in written.items()]
    always = [s.field.name for s in slots if s.field.required]
    parts += [f"always: {_json(always)}", f"kinds: {_json({s.field.name: _kind(s.field.type) for s in slots})}"]
    return FormRules(
        module="export default (R) => ({" + ", ".join(parts) + "});\n",
        asks_server=any(code is None for codes in written.values() for code in codes.values()),
        asks_me=frozenset(name for e in told for name in _asked_of_me(e)),
    )


def _code(expression: Expression, known: frozenset[str]) -> str | None:
    is_safe = all(path and path[0] in known for path in expression.uses)
    return to_js(expression) if is_safe else None


def _asked_of_me(expression: Expression) -> set[str]:
    return {node.name for node in walk(expression.root) if isinstance(node, Get) and isinstance(node.row, Acting)}


def _object(codes: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_json(name)}: {code}" for name, code in codes.items()) + "}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _kind(kind: FieldType) -> dict[str, object]:
    """What the browser must know to read an input and to write a result: the type's key, places, sign of the currency."""
    found: dict[str, object] = {"key": kind.key, "many": kind.is_many}
    if kind.is_many and not kind.choices and not kind.is_file:
        found["words"] = True  # several in one line, with commas between them
    if isinstance(kind, NumberField):
        found["scale"] = kind.scale
    if isinstance(kind, MoneyField):
        found["sign"] = next((m for m in kind.marks if not m.isalpha()), kind.currency + " ")
    return found
