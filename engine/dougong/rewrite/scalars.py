"""Plain data → YAML text on one line: as plain as it can stand there, in quotes where it must."""

import json
from typing import Any

from dougong_dsl.sentences.written import Entries, Items, Word

from dougong.read.yaml import read_yaml


def scalar(text: str, style: str | None, *, in_flow: bool) -> str:
    """A text in the quotes that it had (`style` `'`, `"` or none), or in those that it needs now."""
    if style == '"' and not any(c in text for c in '"\\\n\t'):
        return f'"{text}"'
    if style != "'" and style != '"' and stands_plain(text, in_flow=in_flow):
        return text
    if "\n" in text or any(ord(c) < 32 for c in text):
        return json.dumps(text, ensure_ascii=False)
    return "'" + text.replace("'", "''") + "'"


def stands_plain(text: str, *, in_flow: bool) -> bool:
    """Whether YAML reads the text without quotes as this very text."""
    if "\n" in text or text != text.strip():
        return False
    value, problems = read_yaml("", f"[{text}]" if in_flow else f"- {text}")
    word = value[0] if isinstance(value, Items) and len(value) == 1 else None
    return not problems and isinstance(word, Word) and word == text and word.value is not None and _is_plain_key(text)


def _is_plain_key(text: str) -> bool:
    value, problems = read_yaml("", f"k: {text}")
    return not problems and isinstance(value, Entries) and list(value.values()) == [text]


def flow(value: Any) -> str:
    """Any plain data in flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return leaf(value, in_flow=True)


def leaf(value: Any, *, in_flow: bool) -> str:
    """One scalar."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return scalar(str(value), None, in_flow=in_flow)


def block(value: dict[str, Any]) -> list[str]:
    """A mapping as lines, one key each."""
    lines = []
    for key, each in value.items():
        text = flow(each) if isinstance(each, dict | list) else leaf(each, in_flow=False)
        lines.append(f"{leaf(key, in_flow=False)}: {text}")
    return lines
