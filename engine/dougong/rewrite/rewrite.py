"""The walk over a file: what is written beside where it stands in the text, and the pieces of text to be replaced.

Nothing but the replaced pieces changes, so order, comments and blank lines stay as they are. A mapping with comments inside is left long.
"""

from dataclasses import dataclass
from enum import StrEnum

import yaml
from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.definition.app import AppDefinition
from dougong.definition.shape import LEAF, Keyed, Listed, Named, Shape, shape_of
from dougong.read.yaml import read_yaml
from dougong.rewrite.expressions import Expressions
from dougong.rewrite.scalars import block, flow, scalar
from dougong.rewrite.sentences import in_order, replaced, sentence

WHOLE = shape_of(AppDefinition)


class Form(StrEnum):
    """What becomes of sentences."""

    KEEP = "keep"
    LONG = "long"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Edit:
    """The text from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a value stands: `indent` of further lines of it, `after` its key's colon (None in a list), inside brackets or not."""

    indent: int
    after: int | None
    in_flow: bool


def rewrite(name: str, text: str, form: Form, expressions: Expressions) -> str:
    """The text of a file with its sentences and expressions in the form that is asked for. The file must be readable."""
    written, _ = read_yaml(name, text)
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    if written is None or node is None:
        return text
    walk = _Walk(text, form, expressions)
    walk.value(node, written, WHOLE, _Spot(0, None, False))
    for edit in sorted(walk.edits, key=lambda each: each.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


class _Walk:
    def __init__(self, text: str, form: Form, expressions: Expressions) -> None:
        self.text = text
        self.form = form
        self.expressions = expressions
        self.edits: list[Edit] = []
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, written: Written, shape: Shape, spot: _Spot) -> None:
        """One value and everything below it; what an alias stands for is visited once."""
        if id(node) in self.seen:
            return
        self.seen.add(id(node))
        if isinstance(shape, Listed) and not isinstance(written, Items):
            shape = shape.item
        if isinstance(node, yaml.ScalarNode) and isinstance(written, Word):
            self._scalar(node, written, shape, spot)
        elif isinstance(node, yaml.MappingNode) and isinstance(written, Entries):
            if not (self.form is Form.SHORT and isinstance(shape, Keyed) and self._shorten(node, written, shape, spot)):
                self._entries(node, written, shape, spot)
        elif isinstance(node, yaml.SequenceNode) and isinstance(written, Items):
            item = shape.item if isinstance(shape, Listed) else LEAF
            for each, value in zip(node.value, written, strict=True):
                self.value(each, value, item, _Spot(each.start_mark.column, None, spot.in_flow or bool(node.flow_style)))

    def _entries(self, node: yaml.MappingNode, written: Entries, shape: Shape, spot: _Spot) -> None:
        for (key, each), (name, value) in zip(node.value, written.items(), strict=True):
            below = shape.item if isinstance(shape, Named) else shape.keys.get(name, LEAF) if isinstance(shape, Keyed) else LEAF
            after = self.text.index(":", key.end_mark.index) + 1
            self.value(each, value, below, _Spot(key.start_mark.column + 2, after, spot.in_flow or bool(node.flow_style)))

    def _scalar(self, node: yaml.ScalarNode, word: Word, shape: Shape, spot: _Spot) -> None:
        start = node.start_mark.index
        if word.value is None or node.style in ("|", ">") or self.text[start : start + 1] in ("&", "!"):
            return
        line = isinstance(shape, Keyed) and shape.line is not None
        long = shape.line.read(word)[0] if isinstance(shape, Keyed) and shape.line is not None else None
        if not line:
            self._put(node, word, self.expressions.canonical(word), spot)
        elif isinstance(shape, Keyed) and long is not None:
            said = replaced(in_order(long), self.expressions.canonical)
            if self.form is Form.LONG:
                self._lengthen(node, said, spot)
            else:
                self._put(node, word, sentence(said, shape) or str(word), spot)

    def _put(self, node: yaml.ScalarNode, word: Word, text: str, spot: _Spot) -> None:
        if text != word:
            style = node.style if node.style in ("'", '"') else None
            self.edits.append(Edit(node.start_mark.index, node.end_mark.index, scalar(text, style, in_flow=spot.in_flow)))

    def _lengthen(self, node: yaml.ScalarNode, said: dict[str, object], spot: _Spot) -> None:
        start, end = node.start_mark.index, node.end_mark.index
        if spot.in_flow:
            self.edits.append(Edit(start, end, flow(said)))
            return
        lines = block(said)
        stop = self._line_end(end)
        comment = self.text[end:stop].rstrip()
        if spot.after is None:
            joined = f"\n{' ' * spot.indent}".join(lines) + comment
        else:
            start = spot.after
            joined = comment + "".join(f"\n{' ' * spot.indent}{line}" for line in lines)
        self.edits.append(Edit(start, stop, joined))

    def _shorten(self, node: yaml.MappingNode, written: Entries, shape: Keyed, spot: _Spot) -> bool:
        """Put a sentence in a mapping's place, if there is one and no comment would be lost."""
        text = sentence(replaced(written, self.expressions.canonical), shape)
        start, end = node.start_mark.index, _end(node)
        if text is None or self._holds_more(node, start, end):
            return False
        in_flow = spot.in_flow
        if node.flow_style or spot.after is None:
            self.edits.append(Edit(start, end, scalar(text, None, in_flow=in_flow)))
            return True
        gap = self.text[spot.after : start].split("\n")
        comment = gap[0].rstrip()
        if any("#" in line for line in gap[1:]) or (comment and end != len(self.text[: self._line_end(end)].rstrip())):
            return False
        self.edits.append(Edit(spot.after, end, f" {scalar(text, None, in_flow=in_flow)}{comment}"))
        return True

    def _holds_more(self, node: yaml.MappingNode, start: int, end: int) -> bool:
        """Whether a mapping holds what a sentence would lose: a comment, an anchor, an alias."""
        at = start
        for first, last in sorted(_scalars(node)):
            if first < start or last > end or set("#&*") & set(self.text[at:first]) or self.text[first : first + 1] in ("&", "!"):
                return True
            at = last
        return "#" in self.text[at:end]

    def _line_end(self, at: int) -> int:
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found


def _scalars(node: yaml.Node) -> list[tuple[int, int]]:
    """The spans of all keys and values below a node."""
    if isinstance(node, yaml.MappingNode):
        return [span for key, value in node.value for each in (key, value) for span in _scalars(each)]
    if isinstance(node, yaml.SequenceNode):
        return [span for each in node.value for span in _scalars(each)]
    return [(node.start_mark.index, node.end_mark.index)]


def _end(node: yaml.Node) -> int:
    """Where a node's text really ends: a block ends with its last value, not at what follows."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)
