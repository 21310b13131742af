"""Gates of stages: the fields, the actions done by a person and the evidence that must be there before a stage is entered or left."""

from dataclasses import dataclass

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title
from dougong_dsl.working import Amount

NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class GateAction:
    """Something a person does and ticks off; `needs_place`: with the place where it was done. No roles: whoever may change or move the record."""

    name: str
    title: Title
    place: Place
    roles: tuple[str, ...] = ()
    needs_place: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file in a field of the record: of a kind, brought within a time, of a version (at least a number, or the newest there is)."""

    field: str
    place: Place
    accept: tuple[str, ...] = ()
    newer_than: Amount | None = None
    version: Expression | None = None
    is_newest: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """What must be there beside filled fields, and the roles that may grant exceptions from any of it."""

    fields: tuple[str, ...] = ()
    actions: tuple[GateAction, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    exceptions_by: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """The names of everything that it asks for, each once."""
        return tuple(dict.fromkeys((*self.fields, *(a.name for a in self.actions), *(e.field for e in self.evidence))))

    @property
    def has_proof(self) -> bool:
        """Whether it asks for more than filled fields."""
        return bool(self.actions or self.evidence)


NO_GATE = Gate()
