"""Whether the rows of a decision table leave gaps or overlap: every field is cut where some row begins or ends, and piece by piece asked.

A piece is an option, true, false, no value, a number at which a row begins or ends, or an open interval between two of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dougong.model.dispatch import AnyOf, OneOf, Range, TableRow


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a field's values that no row tells apart: one `sample` stands for all; `said` describes it."""

    sample: Any
    said: str


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a table: `options` are its values, None for numbers; `may_be_blank`: it need not have one."""

    name: str
    options: tuple[Any, ...] | None
    may_be_blank: bool


Case = Mapping[str, str]


def gap(columns: Sequence[Column], rows: Sequence[TableRow]) -> Case | None:
    """A case that no row speaks of; None when there is none."""
    pieces = [_pieces(column, rows) for column in columns]
    covered: set[tuple[int, frozenset[int]]] = set()

    def search(depth: int, left: frozenset[int]) -> list[tuple[str, str]] | None:
        if (depth, left) in covered:
            return None
        if not left:
            return []
        rest = [column.name for column in columns[depth:]]
        if not any(all(name not in rows[i].when for name in rest) for i in left):
            name = columns[depth].name
            tried: set[frozenset[int]] = set()
            for piece in pieces[depth]:
                fitting = frozenset(i for i in left if _holds(rows[i], name, piece.sample))
                if fitting not in tried:
                    tried.add(fitting)
                    found = search(depth + 1, fitting)
                    if found is not None:
                        return [(name, piece.said), *found]
        covered.add((depth, left))
        return None

    found = search(0, frozenset(range(len(rows))))
    return None if found is None else dict(found)


def overlaps(columns: Sequence[Column], rows: Sequence[TableRow]) -> Iterator[tuple[TableRow, TableRow, Case]]:
    """Every two rows that may apply to one record: the earlier, the later, a case of both."""
    pieces = {column.name: _pieces(column, rows) for column in columns}
    for number, later in enumerate(rows):
        for earlier in rows[:number]:
            case = _both(earlier, later, pieces)
            if case is not None:
                yield earlier, later, case
                break


def _both(one: TableRow, other: TableRow, pieces: Mapping[str, Sequence[Piece]]) -> Case | None:
    found = {}
    for name in dict.fromkeys((*one.when, *other.when)):
        shared = next((p for p in pieces[name] if _holds(one, name, p.sample) and _holds(other, name, p.sample)), None)
        if shared is None:
            return None
        found[name] = shared.said
    return found


def _holds(row: TableRow, name: str, value: Any) -> bool:
    cell = row.when.get(name)
    return cell is None or cell.holds(value)


def _pieces(column: Column, rows: Sequence[TableRow]) -> list[Piece]:
    blank = [Piece(None, f"{column.name} is blank")] if column.may_be_blank else []
    if column.options is not None:
        return [Piece(value, f"{column.name} = {_said(value)}") for value in column.options] + blank
    cuts = sorted({cut for row in rows if column.name in row.when for cut in _cuts(row.when[column.name])})
    if not cuts:
        return [Piece(Decimal(0), f"{column.name} = 0"), *blank]
    found = [Piece(cuts[0] - 1, f"{column.name} < {cuts[0]}")]
    for cut, following in zip(cuts, [*cuts[1:], None], strict=True):
        found.append(Piece(cut, f"{column.name} = {cut}"))
        if following is None:
            found.append(Piece(cut + 1, f"{column.name} > {cut}"))
        else:
            found.append(Piece((cut + following) / 2, f"{cut} < {column.name} < {following}"))
    return found + blank


def _cuts(cell: AnyOf) -> Iterator[Decimal]:
    for each in cell.cells:
        if isinstance(each, Range):
            yield from (end for end in (each.low, each.high) if end is not None)
        elif isinstance(each, OneOf):
            yield from (value for value in each.values if isinstance(value, Decimal))


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
