"""Long forms → sentences: the way back from `field_line` and `clauses`.

Each printer takes the long form as plain data (text, true/false, lists, mappings; keys in their order) and gives the sentence, or None
for what only the long form can say. Whoever relies on a sentence reads it again and compares.
"""

import re
from collections.abc import Mapping
from typing import Any

from dougong_dsl.sentences.field_line import FLAGS, TypeWords

Long = Mapping[str, Any]
_BARE = re.compile(r"[^\W\d]\w*|\d[\w.]*%?")
_FLAGS = frozenset(FLAGS.values())


def field_text(long: Long, words: TypeWords | None) -> str | None:
    """A field line; `words` are those of the field's type (None without a type)."""
    if ("type" in long) != (words is not None):
        return None
    words = words or TypeWords()
    call = long.get(words.call) if words.call else None
    head = [f"{long['type']}{_bracket(call, words)}"] if "type" in long else []
    if words.after and words.after in long:
        head.append(str(long[words.after]))
    parts: list[str | None] = []
    for key, value in long.items():
        if key in ("type", "formula") or (key in (words.call, words.after)):
            continue
        parts.append(_field_part(key, value, words))
    if None in parts:
        return None
    formula = [f"= {long['formula']}"] if "formula" in long else []
    return " ".join([*head, *(each for each in parts if each), *formula])


def _field_part(key: str, value: Any, words: TypeWords) -> str | None:
    """One word of a field line with what belongs to it; empty for a flag that is off."""
    kind = words.words.get(key)
    if key in _FLAGS or kind == "flag":
        return {True: key, False: ""}.get(value) if isinstance(value, bool) else None
    if key == "default":
        return f"default {value}" if isinstance(value, str) else None
    if key == "title":
        return titles(value)
    if kind == "value" and isinstance(value, str):
        return f"{key} {_bare(value)}"
    if kind == "list" and isinstance(value, list):
        return f"{key}({', '.join(map(_bare, value))})"
    return None


def with_bracket(long: Long) -> Long:
    """The long form with its default in brackets, for one that a line would not keep together."""
    return {**long, "default": f"({long['default']})"}


def options_text(value: Any) -> str | None:
    """`oem "终端车企" "OEM", tier1` for a list or mapping of options."""
    if isinstance(value, list):
        return ", ".join(_bare(str(each)) for each in value)
    if not isinstance(value, dict):
        return None
    named = [(name, titles(title) if title is not None and title != name else "") for name, title in value.items()]
    if any(title is None for _, title in named):
        return None
    return ", ".join(f"{_bare(str(name))} {title}".rstrip() for name, title in named)


def _bracket(call: Any, words: TypeWords) -> str:
    if call is None:
        return ""
    inside = options_text(call) if words.call_is == "options" else str(call)
    return "(?)" if inside is None else f"({inside})"


def move_text(long: Long) -> str | None:
    """`a, b -> c "title" by role when EXPR asks(field)`."""
    parts: list[str | None] = [None]
    if {"from", "to"} <= set(long):
        parts = [f"{', '.join(names(long['from']))} -> {long['to']}"]
    for key, value in long.items():
        if key == "title":
            parts.append(titles(value))
        elif key == "by":
            parts.append(f"by {', '.join(names(value))}")
        elif key == "asks":
            parts.append(f"asks({', '.join(names(value))})")
        elif key == "when":
            parts.append(f"when {value}")
        elif key not in ("from", "to"):
            return None
    return None if None in parts else " ".join(each for each in parts if each)


def grant_text(long: Long) -> str | None:
    """`read, update lead(field) where EXPR, mask a, hide b` · `move deal along deal_flow`."""
    if not {"may", "of"} <= set(long) <= {"may", "of", "fields", "where", "mask", "hide", "along"}:
        return None
    text = f"{', '.join(names(long['may']))} {', '.join(names(long['of']))}"
    text += f"({', '.join(names(long['fields']))})" if "fields" in long else ""
    text += f" along {long['along']}" if "along" in long else ""
    text += f" where {long['where']}" if "where" in long else ""
    for key in ("mask", "hide"):
        text += f", {key} {', '.join(names(long[key]))}" if key in long else ""
    return text


def event_text(long: Long) -> str | None:
    """`lead.stage changed from a to b` · `lead entered qualified` · `lead created` · `7 days before lead.due` …"""
    if str(long.get("event")) in (*_MOMENTS, "message"):
        return moment_text(long)
    if not {"of", "event"} <= set(long) <= {"of", "event", "field", "from", "to", "stage"}:
        return None
    text = f"{long['of']}.{long['field']}" if "field" in long else str(long["of"])
    text += f" {long['event']}"
    text += f" {long['stage']}" if "stage" in long else ""
    return text + "".join(f" {key} {long[key]}" for key in ("from", "to") if key in long)


_MOMENTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "before": ("{span} before {of}.{field}{at}", frozenset(("span", "of", "field"))),
    "after": ("{span} after {of}.{field}{at}", frozenset(("span", "of", "field"))),
    "overdue": ("{of} overdue", frozenset(("of",))),
    "overdue_along": ("{of}.{field} overdue", frozenset(("of", "field"))),
    "stays": ("{of} in {stage} for {span}", frozenset(("of", "stage", "span"))),
    "stays_along": ("{of} in {field}.{stage} for {span}", frozenset(("of", "field", "stage", "span"))),
    "without": ("{of} without {what} for {span}", frozenset(("of", "what", "span"))),
    "had": ("{of} had {what}.{field} {times} times in a row", frozenset(("of", "what", "field", "times"))),
    "every": ("every {every}{on}{at}", frozenset(("every",))),
    "submitted": ("form {form} submitted", frozenset(("form",))),
    "received": ("webhook {webhook} received", frozenset(("webhook",))),
}


def moment_text(long: Long) -> str | None:
    """`7 days before lead.due at 09:00` · `lead without update for 7 days` · `every monday, friday at 09:00`."""
    if long["event"] == "message":
        return _message_text(long)
    kind = str(long["event"])
    pattern, needed = _MOMENTS[f"{kind}_along" if kind in ("overdue", "stays") and "field" in long else kind]
    if "cron" in long and set(long) == {"event", "cron"}:
        return f'every "{long["cron"]}"'
    if not needed | {"event"} <= set(long) <= needed | {"event", "at", "on"}:
        return None
    said = {key: f" {key} {long[key]}" if key in long else "" for key in ("at", "on")}
    span = long.get("span")
    if isinstance(span, Mapping):
        span = duration_text(span)
    if "span" in needed and span is None:
        return None
    return pattern.format(**{**long, **said, "span": span, "every": ", ".join(names(long.get("every", ""))), "event": ""})


def _message_text(long: Long) -> str | None:
    """`message on wecom from lead contains (报价, 样品)`."""
    if not {"event", "channel"} <= set(long) <= {"event", "channel", "of", "contains"}:
        return None
    sender = f" from {long['of']}" if "of" in long else ""
    contains = f" contains ({', '.join(_bare(each) for each in names(long['contains']))})" if "contains" in long else ""
    return f"message on {long['channel']}{sender}{contains}"


def duration_text(long: Long) -> str | None:
    """`3 working days`."""
    if not {"amount", "unit"} <= set(long) <= {"amount", "unit", "working"}:
        return None
    unit = str(long["unit"]).removesuffix("s") if str(long["amount"]) == "1" else long["unit"]
    return f"{long['amount']} {'working ' if long.get('working') is True else ''}{unit}"


def deadline_text(long: Long) -> str | None:
    """`after 72 hours`, `on ppap_date`."""
    if set(long) == {"on"}:
        return f"on {long['on']}"
    after = long.get("after")
    text = duration_text(after) if isinstance(after, Mapping) and set(long) == {"after"} else None
    return None if text is None else f"after {text}"


def step_text(long: Long) -> str | None:
    """`by 2 of role finance within 8 working hours else escalate when EXPR`."""
    if not {"by"} <= set(long) <= {"by", "within", "else", "when"} or ("else" in long and "within" not in long):
        return None
    within = long.get("within")
    limit = duration_text(within) if isinstance(within, Mapping) else within
    if "within" in long and limit is None:
        return None
    text = f"by {long['by']}" + (f" within {limit}" if "within" in long else "")
    text += f" else {long['else']}" if "else" in long else ""
    return text + (f" when {long['when']}" if "when" in long else "")


def score_text(long: Long) -> str | None:
    """`+20 when EXPR "title"`."""
    if not {"points", "when"} <= set(long) <= {"points", "when", "title"}:
        return None
    title = titles(long["title"]) if "title" in long else ""
    try:
        return None if title is None else f"{int(long['points']):+d} when {long['when']} {title}".rstrip()
    except ValueError:
        return None


def names(value: Any) -> list[str]:
    """A list of names; a single one may stand without brackets."""
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def titles(value: Any) -> str | None:
    """One quoted text, or two for Chinese and English; None for what cannot stand on one line."""
    texts = [value] if isinstance(value, str) else []
    if isinstance(value, dict) and set(value) <= {"zh", "en"}:
        found = [value[key] for key in ("zh", "en") if key in value]
        texts = found[:1] if len(set(map(str, found))) == 1 else found
    if not texts or not all(isinstance(text, str) and "\n" not in text for text in texts):
        return None
    return " ".join(map(_quoted, texts))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _bare(text: str) -> str:
    """A word as it is, anything else in quotes."""
    return text if _BARE.fullmatch(text) else _quoted(text)
