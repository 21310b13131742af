"""Step 2: read every given value by its field's type; what is unknown or not the person's to give is refused by name."""

from collections.abc import Set as AbstractSet
from typing import Any

from dougong.refusals import Refusal
from dougong.runtime import refusals as codes
from dougong.runtime.gate.draft import Draft

FILLED_BY_ENGINE = frozenset({"id", "version", "created_at", "created_by", "updated_at", "updated_by", "stage_since"})


def coerce(draft: Draft, writable: AbstractSet[str], *, titles: bool = False) -> None:
    """Put the given values into the row. `titles` also accepts what people see (an import: titles of options)."""
    rules, row, reading = draft.rules, draft.row, draft.unit.reading
    fields = rules.fields
    for name, raw in draft.values.items():
        rule = fields.get(name)
        if rule is None or name not in writable:
            if any(name == track.field for track in rules.tracks):
                continue
            refuse_name(draft, name)
            draft.wrong.add(name)
            continue
        if raw is None or raw == "":
            row[name] = None
        else:
            value, refusal = (rule.parse_options if titles else rule.parse)(raw, reading)
            if refusal is not None:
                draft.refusals.append(Refusal(refusal.code, refusal.params, name, refusal.clause))
                draft.wrong.add(name)
                value = None
            row[name] = value
        draft.given.add(name)


def refuse_name(draft: Draft, name: str) -> None:
    """Why this name may not be written; a field that the person may not even see is answered like one that does not exist."""
    rule = draft.rules.fields.get(name)
    seen = draft.unit.access.rights(draft.rules.name, "read")
    if rule is None or not (name in seen.clear or name in seen.masked):
        code: Any = codes.NAMED_BY_ENGINE if rule is None and name in FILLED_BY_ENGINE else codes.UNKNOWN_FIELD
        draft.refuse(code, field=name, name=name, title=(name, name))
    elif not rule.field.is_writable:
        draft.refuse(codes.NAMED_BY_ENGINE, field=name, clause=rule.clause, title=rule.spoken)
    else:
        draft.refuse(codes.NOT_WRITABLE, field=name, title=rule.spoken)
