"""What the checker's parts share: where the expression stands, what was found so far, and how to ask for a value."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import Code, Diagnostic
from dougong_dsl.expression import syntax
from dougong_dsl.expression.scope import Scope
from dougong_dsl.expression.typed import Children, Each, Here, Typed
from dougong_dsl.expression.types import Boolean, ListOf, Null, Type, words
from dougong_dsl.places import Source


@dataclass(frozen=True, slots=True)
class Frame:
    """One row that plain names may mean, and the path that leads to it from the record; None: it hangs on no field of the record."""

    row: Here
    path: tuple[str, ...] | None


class Binding(ABC):
    """The state of checking one expression; `diagnostics`, `uses` and `canonical` fill on the way."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self.source = source
        self.scope = scope
        self.frames = [Frame(Here(object=scope.object or ""), ())]
        self.diagnostics: list[Diagnostic] = []
        self.uses: set[tuple[str, ...]] = set()
        self.canonical: dict[int, str] = {}
        self.reported: set[tuple[int, int]] = set()  # where, and how long

    def report(self, code: Code, node: syntax.Node | Typed, **params: object) -> None:
        """Note a mistake at a node's place."""
        length = max(1, node.end - node.start)
        self.reported.add((node.start, length))
        self.diagnostics.append(Diagnostic(code, self.source.at(node.start, length), params))

    @abstractmethod
    def anything(self, node: syntax.Node, hint: Type | None = None) -> Typed | None:
        """The typed value of a node, lists of records included; None when a mistake was reported."""

    def value(self, node: syntax.Node, hint: Type | None = None) -> Typed | None:
        """A single value, or a list held in one field; a list of records is reported and gives None."""
        found = self.anything(node, hint)
        if isinstance(found, Each | Children):
            self.report(codes.LIST_NEEDS_FUNCTION, node, name=self.text(node))
            return None
        return found

    def scalar(self, node: syntax.Node, hint: Type | None = None) -> Typed | None:
        """A single value; every kind of list is reported and gives None."""
        found = self.value(node, hint)
        if found is not None and isinstance(found.type, ListOf):
            self.report(codes.LIST_NEEDS_FUNCTION, node, name=self.text(node))
            return None
        return found

    def condition(self, node: syntax.Node) -> Typed | None:
        """A yes/no value; anything else is reported and gives None."""
        found = self.scalar(node)
        if found is None or isinstance(found.type, Boolean | Null):
            return found
        advice = ("写成比较，例如 amount > 0 或 phone is not blank", "Write a comparison, such as amount > 0 or phone is not blank")
        what = ("条件", "A condition")
        self.report(codes.WRONG_TYPE, node, what=what, expected=words(Boolean()), found=words(found.type), advice=advice)
        return None

    def text(self, node: syntax.Node) -> str:
        """The author's words for a node."""
        return self.source.text[node.start : node.end]
