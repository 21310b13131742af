"""Documents: templates of HTML, taken apart, with every expression typed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title

from dougong.fields.autonumber import AutonumberOptions

MEDIA_TYPES: Mapping[str, str] = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
FORMS = tuple(MEDIA_TYPES)  # endings of the files that documents are made as


@dataclass(frozen=True, slots=True)
class Number:
    """Where the number of the copy stands."""


@dataclass(frozen=True, slots=True)
class When:
    """A piece that is there while a condition holds, and what is there `otherwise`."""

    condition: Expression
    pieces: "Pieces"
    otherwise: "Pieces" = ()


@dataclass(frozen=True, slots=True)
class Loop:
    """A piece for each record of `object` that points by `through` to the record, or to that of the loop `of` around it.

    Expressions call it `name`; `otherwise` is there when there is none.
    """

    name: str
    object: str
    through: str
    pieces: "Pieces"
    otherwise: "Pieces" = ()
    of: str | None = None


Piece = str | Expression | Number | When | Loop
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document about a record of `object`; plain pieces are HTML, what expressions give is escaped.

    `number`: how copies are counted. `forms`: what it is made as, the one that is meant without further words first.
    """

    name: str
    object: str
    title: Title
    pieces: Pieces
    place: Place
    number: AutonumberOptions | None = None
    forms: tuple[str, ...] = FORMS[:1]


def expressions(pieces: Pieces) -> Iterator[Expression]:
    """Every expression of a template."""
    for piece in pieces:
        if isinstance(piece, Expression):
            yield piece
        elif isinstance(piece, When):
            yield piece.condition
        if isinstance(piece, When | Loop):
            yield from expressions(piece.pieces)
            yield from expressions(piece.otherwise)
