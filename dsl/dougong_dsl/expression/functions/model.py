"""What a row of the function table is.

A function either has a body per backend, or is `written` with the language's own nodes, which every backend knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dougong_dsl.expression import syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.typed import Typed
from dougong_dsl.expression.types import Type

WRITTEN: Final = "written with nodes of the language"
NOT_THERE: Final = "not there"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument. `accepts` is a key of `calls.KINDS`; `blank_ok` keeps a null from making the result null.

    `written` arguments must be whole numbers in the text itself (they decide the type of the result).
    """

    name: str
    accepts: str
    optional: bool = False
    repeats: bool = False
    blank_ok: bool = False
    written: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """An expression over the sample record (`samples.RECORD`) and the value it has."""

    text: str
    value: object


SqlForm = Callable[[Any, Sequence[Any], Sequence[Type], Type], Any]
"""(writer, arguments as `sql_values.Value`, their types, the result's type) → `sql_values.Value`."""

CodeForm = str | Callable[[Sequence[str], Sequence[Type], Type], str]
"""A template with `{0}`, `{1}`, … (`{all}` for every argument), or a function of the argument codes and types."""

Write = Callable[[Binding, syntax.Call, Type | None], Typed | None]
"""(checker, call, hint) → the typed node, or None with a report."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function: what it is called, takes, gives, and how each backend does it.

    `result` makes the result's type from the arguments; `maybe_null` says that it may be null though no argument is.
    `python`, `sql`, `javascript` are bodies for arguments that are not null (but `blank_ok` ones), or `WRITTEN`, or `NOT_THERE`.
    """

    name: str
    family: str
    parameters: tuple[Parameter, ...]
    zh: str
    en: str
    examples: tuple[Example, ...]
    python: CodeForm
    sql: SqlForm | str
    javascript: CodeForm
    result: Callable[[Sequence[Typed]], Type] | None = None
    write: Write | None = None
    aliases: tuple[str, ...] = ()
    maybe_null: bool = False
    never_null: bool = False
    takes_where: bool = False

    @property
    def signature(self) -> str:
        """`NAME(a, b[, c])` for help and messages."""
        shown = ""
        for position, parameter in enumerate(self.parameters):
            word = f"{parameter.name}…" if parameter.repeats else parameter.name
            comma = ", " if position else ""
            shown += f"[{comma}{word}]" if parameter.optional else f"{comma}{word}"
        where = " where …" if self.takes_where else ""
        return f"{self.name}({shown}{where})"

    @property
    def count(self) -> tuple[int, int | None]:
        """Fewest and most arguments; None for no limit."""
        fewest = sum(not parameter.optional for parameter in self.parameters)
        endless = any(parameter.repeats for parameter in self.parameters)
        return fewest, None if endless else len(self.parameters)
