"""Where in a definition the cursor stands, told from the lines above it, so that it works while a line is half typed."""

import re
from dataclasses import dataclass

_KEY = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([^\s#{}\[\],&*!|>%@`"':][^:{}\[\],]*?))\s*:(?=\s|$)""")
ITEM = "-"


@dataclass(frozen=True, slots=True)
class Spot:
    """The keys that lead to the cursor (`-` for an item of a list), the value's text before it, and whether a key is being typed.

    With `is_key` the path is that of the mapping and `text` the beginning of the key.
    """

    path: tuple[str, ...]
    text: str
    is_key: bool


def spot(lines: list[str], line: int, column: int) -> Spot:
    """The spot at a line and column (from 1, code points)."""
    number = min(line, len(lines)) - 1
    head = lines[number][: column - 1] if 0 <= number < len(lines) else ""
    indent, steps, rest = _start(head)
    path = _above(lines, number, indent, bool(steps))
    return _inside((*path, *steps), rest, bool(steps))


def _start(head: str) -> tuple[int, list[str], str]:
    """Indentation, the dashes in front, and what follows."""
    indent = len(head) - len(head.lstrip(" "))
    rest, steps = head[indent:], list[str]()
    while rest.startswith("- ") or rest == "-":
        steps.append(ITEM)
        rest = rest[1:].lstrip(" ")
    return indent, steps, rest


def _above(lines: list[str], number: int, indent: int, is_item: bool) -> tuple[str, ...]:
    """The keys under which a line with that indentation stands."""
    path: list[str] = []
    limit = indent
    for line in reversed(lines[:number]):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        own, steps, rest = _start(line)
        key = _KEY.match(rest)
        inner = own + len(line[own:]) - len(line[own:].removeprefix("- ").lstrip(" ")) if steps else own
        if steps and inner <= limit and own < limit:  # the cursor is in the mapping of this item
            if inner < limit and key:
                path.append(_name(key))
            path.append(ITEM)
            limit, is_item = own, True
        elif not steps and key and (own < limit or (own == limit and is_item)):
            path.append(_name(key))
            limit, is_item = own, False
        if limit == 0 and not is_item:
            break
    return tuple(reversed(path))


def _name(key: re.Match[str]) -> str:
    return key[1] or key[2] or key[3]


def _inside(path: tuple[str, ...], rest: str, is_item: bool) -> Spot:
    """The spot behind `rest`, which begins where a key or an item begins: through `key:` and flow brackets."""
    key = _KEY.match(rest)
    if key and not rest.startswith(("{", "[")):
        path, rest = (*path, _name(key)), rest[key.end() :]
        is_key = False
    else:
        is_key = not is_item
    text = rest.lstrip(" ")
    if text[:1] not in ("{", "["):
        return Spot(path, text if not is_key else rest.strip(), is_key)
    return _flow(path, text)


def _flow(path: tuple[str, ...], text: str) -> Spot:
    """Inside `{…}` and `[…]` on one line."""
    stack: list[tuple[str, tuple[str, ...]]] = []
    at, start, here = 0, 0, path
    in_value = False
    while at < len(text):
        char = text[at]
        if char in "\"'":
            end = text.find(char, at + 1)
            if end < 0:
                break
            at = end
        elif char in "{[" and not text[start:at].strip():
            stack.append((char, here))
            here, in_value, start = (here, False, at + 1) if char == "{" else ((*here, ITEM), True, at + 1)
        elif char in "}]" and stack:
            _, here = stack.pop()
            in_value, start = True, at + 1
        elif char == "," and stack and not _in_brackets(text[start:at]):
            opened, base = stack[-1]
            here, in_value, start = (base, False, at + 1) if opened == "{" else ((*base, ITEM), True, at + 1)
        elif char == ":" and stack and stack[-1][0] == "{" and not in_value and text[at + 1 : at + 2] in (" ", ""):
            here = (*stack[-1][1], text[start:at].strip().strip("\"'"))
            in_value, start = True, at + 1
        at += 1
    tail = text[start:].lstrip(" ")
    return Spot(here, tail.removeprefix('"').removeprefix("'"), not in_value)


def _in_brackets(text: str) -> bool:
    return text.count("(") > text.count(")")
