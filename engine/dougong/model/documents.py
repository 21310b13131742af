"""Documents: templates of HTML, taken apart, with every expression typed."""

from collections.abc import Iterator
from dataclasses import dataclass

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title

from dougong.fields.autonumber import AutonumberOptions


@dataclass(frozen=True, slots=True)
class Number:
    """Where the number of the copy stands."""


@dataclass(frozen=True, slots=True)
class When:
    """A piece that is there while a condition holds."""

    condition: Expression
    pieces: "Pieces"


@dataclass(frozen=True, slots=True)
class Loop:
    """A piece for each record of `object` that points here by `through`; expressions call it `name`."""

    name: str
    object: str
    through: str
    pieces: "Pieces"


Piece = str | Expression | Number | When | Loop
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document about a record of `object`; plain pieces are HTML, what expressions give is escaped. `number`: how copies are counted."""

    name: str
    object: str
    title: Title
    pieces: Pieces
    place: Place
    number: AutonumberOptions | None = None


def expressions(pieces: Pieces) -> Iterator[Expression]:
    """Every expression of a template."""
    for piece in pieces:
        if isinstance(piece, Expression):
            yield piece
        elif isinstance(piece, When):
            yield piece.condition
            yield from expressions(piece.pieces)
        elif isinstance(piece, Loop):
            yield from expressions(piece.pieces)
