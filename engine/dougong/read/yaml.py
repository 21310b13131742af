"""One YAML text → a written value, by the core rules of YAML 1.2.

Works on libyaml's events, so that depth, aliases and size are bounded before anything is built. The first break of YAML's
syntax ends a file (nothing after it can be trusted); duplicate keys and the like are collected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml
from dougong_dsl.codes import reading as codes
from dougong_dsl.diagnostics import Diagnostic, Related
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Entries, Items, Plain, Word, Written

from dougong.read.problems import syntax_problem
from dougong.read.scalars import Text, source_of

MAX_DEPTH = 40
MAX_VALUES = 200_000
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LOST_DATE = re.compile(r"[ \t]+#\d{4}-\d")  # an expression's date literal in a text without quotes
_CORE_TAGS = {"tag:yaml.org,2002:str", "!"}
_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_INTEGER = re.compile(r"[-+]?[0-9]{1,30}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_FOUND = {Word: ("一个值", "a value"), Entries: ("一组“键: 值”", "a mapping"), Items: ("一个列表", "a list")}


class Unreadable(Exception):
    """A file that cannot be read any further; caught by `read_yaml`."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(str(diagnostic))


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read; `key` is the mapping's key that waits for its value."""

    value: Entries | Items
    anchor: str | None
    size: int = 1
    key: Word | None = None
    skips: bool = False  # the value of a duplicate key is read and dropped
    keys: dict[Word, Word] = field(default_factory=dict)


def read_yaml(name: str, content: str) -> tuple[Written | None, list[Diagnostic]]:
    """The value of a YAML text, or None when there is none or its syntax is broken."""
    text = Text(name, content)
    builder = _Builder(text)
    control = _CONTROL.search(content)
    if control:
        line = content.count("\n", 0, control.start())
        place = text.place(line, control.start() - text.starts[line])
        return None, [codes.CONTROL.at(place, char=f"U+{ord(control[0]):04X}")]
    try:
        return builder.build(), builder.diagnostics
    except Unreadable as problem:
        return None, [*builder.diagnostics, problem.diagnostic]
    except yaml.MarkedYAMLError as problem:
        return None, [*builder.diagnostics, syntax_problem(text, problem)]


class _Builder:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.diagnostics: list[Diagnostic] = []
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Written, int]] = {}
        self.count = 0
        self.root: Written | None = None

    def build(self) -> Written | None:
        documents = 0
        for event in _events(self.text.text):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise Unreadable(codes.SECOND_DOCUMENT.at(self._place(event)))
            elif isinstance(event, yaml.ScalarEvent):
                self._check_tag(event)
                self.count += 1
                self._add(self._word(event), event.anchor, 1)
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._check_tag(event)
                self._start(event)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self.count += 1
                closed = self.open.pop()
                self._add(closed.value, closed.anchor, closed.size)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
        return self.root

    def _place(self, event: Any, length: int = 1) -> Place:
        mark = event.start_mark
        return self.text.place(mark.line, mark.column, length)

    def _check_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag not in _CORE_TAGS:
            raise Unreadable(codes.TAG.at(self._place(event, len(event.tag)), tag=event.tag))

    def _word(self, event: Any) -> Word:
        mark = event.start_mark
        source = source_of(self.text, event.value, mark.index, event.end_mark.index, mark.line, mark.column, event.style or "")
        plain = event.style in (None, "") and event.tag is None
        if plain and _LOST_DATE.match(self.text.text, event.end_mark.index):
            end = event.end_mark
            self.diagnostics.append(codes.DATE_IS_COMMENT.at(self.text.place(end.line, end.column + 1)))
        return Word(source, resolve(event.value)) if plain else Word(source)

    def _start(self, event: Any) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise Unreadable(codes.TOO_DEEP.at(self._place(event), limit=MAX_DEPTH))
        place = self._place(event)
        value = Entries(place) if isinstance(event, yaml.MappingStartEvent) else Items(place)
        self.anchors.pop(event.anchor, None)
        self.open.append(_Open(value, event.anchor))

    def _alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            raise Unreadable(codes.UNKNOWN_ALIAS.at(self._place(event, len(event.anchor) + 1), alias=event.anchor))
        value, size = self.anchors[event.anchor]
        if self.count + size > MAX_VALUES:
            raise Unreadable(codes.TOO_MANY_ALIASES.at(self._place(event, len(event.anchor) + 1), alias=event.anchor, limit=MAX_VALUES))
        self.count += size
        self._add(value, None, size)

    def _add(self, value: Written, anchor: str | None, size: int) -> None:
        """Put a complete value where it belongs."""
        if anchor:
            self.anchors[anchor] = (value, size)
        if not self.open:
            self.root = value
            return
        parent = self.open[-1]
        parent.size += size
        if isinstance(parent.value, Items):
            parent.value.append(value)
        elif parent.key is None:
            self._key(parent, value)
        else:
            if not parent.skips:
                parent.value[parent.key] = value
            parent.key, parent.skips = None, False

    def _key(self, parent: _Open, value: Written) -> None:
        if not isinstance(value, Word):
            raise Unreadable(codes.KEY_NOT_TEXT.at(value.place, found=_FOUND[type(value)]))
        parent.key = value
        first = parent.keys.setdefault(value, value)
        if first is not value:
            parent.skips = True
            related = [Related(first.place, "第一次写在这里", "first written here")]
            self.diagnostics.append(codes.DUPLICATE_KEY.at(value.place, related=related, key=str(value)))


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=yaml.CSafeLoader))


def resolve(text: str) -> Plain | type[str]:
    """What YAML 1.2's core rules make of a plain scalar; `str` for text. Dates, `no`, `010` and `10:30` stay text."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text[0] in "+-.0123456789":
        if _INTEGER.fullmatch(text):
            return str if text.lstrip("+-").startswith("0") and len(text.lstrip("+-")) > 1 else int(text)
        if _NUMBER.fullmatch(text):
            return Decimal(text)
    return str


def kind_of(value: Written) -> tuple[str, str]:
    """What a value is, in Chinese and English, for messages."""
    if isinstance(value, Word) and value.value is None:
        return ("空的", "nothing")
    return _FOUND[type(value)]
