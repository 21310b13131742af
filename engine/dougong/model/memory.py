"""What one build may take over from the build before it, so that a change of one file is checked in a moment.

A value is taken over only when everything it was made from is the same: a file's nodes when its text is, a part of the definition when
its nodes are, an expression when its text, its place, and the shape of every object that it asked about are. What had an error is made anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.expression import Expression
from dougong_dsl.expression.scope import Member, Schema
from dougong_dsl.expression.types import Type
from dougong_dsl.sentences.written import Word, Written

from dougong.fields.base import BuildContext

S = TypeVar("S")
T = TypeVar("T")
Key = tuple[Any, ...]
Shape = tuple[Any, ...]  # what the names of an object come from


@dataclass(frozen=True, slots=True)
class Known:
    """A checked expression: what it was checked against, the objects it asked about, and its warnings."""

    expression: Expression
    expected: Type | None
    names: Mapping[str, Type]
    asked: frozenset[str]
    warnings: list[Diagnostic]


class Verdicts:
    """Answers about single expressions and objects, each asked once; `turn` begins a build and drops what the last one did not ask."""

    def __init__(self) -> None:
        self._before: dict[tuple[int, Any], tuple[Any, Any]] = {}
        self._now: dict[tuple[int, Any], tuple[Any, Any]] = {}

    def turn(self) -> None:
        """Begin anew."""
        self._before, self._now = self._now, {}

    def of(self, question: Callable[[S], T], about: S) -> T:
        """What `question` says of a frozen part of the model; it may look at nothing else."""
        key = (id(about), question)
        found = self._now.get(key) or self._before.get(key)
        if found is None:
            found = (about, question(about))  # with what it is about, so that its id stays its own
        self._now[key] = found
        answer: T = found[1]
        return answer


@dataclass(slots=True)
class Memory:
    """Kept between builds of one app. Each build reads what the last one left and leaves what it used itself."""

    files: dict[str, tuple[str, Written | None, list[Diagnostic]]] = field(default_factory=dict)
    parts: dict[tuple[int, str, str], tuple[Written, Any]] = field(default_factory=dict)
    context: BuildContext | None = None
    fields: dict[int, Any] = field(default_factory=dict)  # the drafts of fields, by the id of their definition
    pipelines: dict[int, Any] = field(default_factory=dict)  # the drafts of pipelines, by the id of their definition, each with that
    objects: dict[str, Any] = field(default_factory=dict)  # the objects of the model, by name
    shapes: dict[str, Shape] = field(default_factory=dict)
    expressions: dict[Key, Known] = field(default_factory=dict)
    verdicts: Verdicts = field(default_factory=Verdicts)
    inferring: dict[str, set[str]] = field(default_factory=dict)  # object → objects that its formulas without a type ask about


class Recall:
    """The memory during one resolution."""

    def __init__(self, memory: Memory, context: BuildContext, shapes: dict[str, Shape]) -> None:
        is_same = memory.context == context
        self._known = memory.expressions if is_same else {}
        self._dirty = _dirty(memory, shapes)
        self._asked: list[set[str]] = []
        memory.context, memory.shapes = context, shapes
        memory.expressions, memory.inferring = {}, {}
        self._memory = memory

    def find(self, key: Key, expected: Type | None, names: Mapping[str, Type]) -> Known | None:
        """The expression as it was, when nothing that it depends on has changed."""
        known = self._known.get(key)
        if known is None or known.expected != expected or known.names != names or not self._dirty.isdisjoint(known.asked):
            return None
        self._memory.expressions[key] = known
        self.note(known.asked)
        return known

    def keep(self, key: Key, known: Known) -> Known:
        """Leave an expression without errors to the next build."""
        self._memory.expressions[key] = known
        return known

    def infers(self, object_name: str | None, asked: frozenset[str]) -> None:
        """The type of a field of an object hangs on other objects."""
        if object_name is not None:
            self._memory.inferring.setdefault(object_name, set()).update(asked)

    def note(self, names: frozenset[str]) -> None:
        """Objects that the expression being checked asks about."""
        if self._asked:
            self._asked[-1].update(names)

    @contextmanager
    def asking(self) -> Iterator[set[str]]:
        """The objects that are asked about inside the block; whoever stands around it asks about them too."""
        asked: set[str] = set()
        self._asked.append(asked)
        yield asked
        self._asked.pop()
        self.note(frozenset(asked))


def _dirty(memory: Memory, shapes: Mapping[str, Shape]) -> frozenset[str]:
    """Objects whose names or types of names may differ from those of the last build."""
    dirty = {name for name in (*shapes, *memory.shapes) if shapes.get(name) != memory.shapes.get(name)}
    before = -1
    while before != len(dirty):
        before = len(dirty)
        dirty |= {name for name, asked in memory.inferring.items() if not dirty.isdisjoint(asked)}
    return frozenset(dirty)


class AskedSchema:
    """A schema that notes which objects are asked about."""

    def __init__(self, schema: Schema, recall: Recall) -> None:
        self._schema = schema
        self._recall = recall

    def members(self, object_name: str) -> Mapping[str, Member]:
        """See `Schema`."""
        self._recall.note(frozenset((object_name,)))
        return self._schema.members(object_name)

    def objects(self) -> Iterable[str]:
        """See `Schema`."""
        return self._schema.objects()


def key_of(word: Word, object_name: str | None, has_old: bool) -> Key:
    """What tells one expression of a definition from another."""
    place = word.place
    return (place.file, place.line, place.column, word, object_name, has_old)
