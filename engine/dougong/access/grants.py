"""Which fields and rows the grants of a set of roles give for one action: the static half of every right.

A `Share` is what some grants give to the rows they match. A cell is readable exactly if one matching share shows it; it is masked if
every matching share that shows it masks it. Shares that add nothing to an unconditional one are dropped, so most rights are one share.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dougong_dsl.expression import Expression
from dougong_dsl.expression.typed import Typed

from dougong.model.app import App, Object
from dougong.model.rights import ActionName, Grant

FACTS = ("id", "version", "created_at", "created_by", "updated_at", "updated_by")


@dataclass(frozen=True, slots=True)
class Share:
    """Fields given on the rows for which `where` is true (None: all rows): `clear` as they are, `masked` only as masked text.

    `clause` is the `file:line` of the (first) grant that gives it.
    """

    where: Expression | None
    clear: frozenset[str]
    masked: frozenset[str] = frozenset()
    clause: str | None = None
    along: str | None = None  # of moves: the pipeline that it is for, where an object has several


@dataclass(frozen=True, slots=True)
class Rights:
    """What a set of roles may do with one action on one object. No shares: nothing at all."""

    object: str
    action: ActionName
    shares: tuple[Share, ...]

    def __bool__(self) -> bool:
        return bool(self.shares)

    @property
    def clear(self) -> frozenset[str]:
        """Fields that are given unmasked on at least some rows."""
        return frozenset().union(*(s.clear for s in self.shares))

    @property
    def masked(self) -> frozenset[str]:
        """Fields that are given at best masked."""
        return frozenset().union(*(s.masked for s in self.shares)) - self.clear

    @property
    def is_uniform(self) -> bool:
        """Whether every row that is given at all is given with the same fields."""
        return len({(s.clear, s.masked) for s in self.shares}) < 2

    @property
    def is_everywhere(self) -> bool:
        """Whether all rows are given."""
        return any(s.where is None for s in self.shares)

    def fields_of(self, matching: Iterable[int]) -> tuple[frozenset[str], frozenset[str]]:
        """(clear, masked) fields of a row for which the shares with these indices match."""
        shares = [self.shares[i] for i in matching]
        clear = frozenset[str]().union(*(s.clear for s in shares))
        return clear, frozenset[str]().union(*(s.masked for s in shares)) - clear


def names(target: Object) -> frozenset[str]:
    """Everything a record of the object holds: its fields and the facts the engine keeps."""
    return frozenset((*target.fields, *FACTS)) | _stages(target)


def _stages(target: Object) -> frozenset[str]:
    """Where a record stands in each of its pipelines and since when: facts, even where a pipeline keeps them in fields."""
    return frozenset(name for pipeline in target.pipelines for name in (pipeline.field, pipeline.since))


def everything(target: Object, action: ActionName) -> Rights:
    """The rights of the system, which needs no grant."""
    given = names(target) if action == "read" else _writable(target)
    return Rights(target.name, action, (Share(None, given),))


def rights(app: App, target: Object, action: ActionName, roles: Iterable[str]) -> Rights:
    """What the grants of `roles` give together; a role that the app does not know gives nothing."""
    grants = [g for name in roles if name in app.roles for g in app.roles[name].grants]
    fitting = [g for g in grants if g.object == target.name and action in g.actions]
    shares = (_read_share(target, g) if action == "read" else _write_share(target, g, action) for g in fitting)
    return Rights(target.name, action, _merged(shares))


def _read_share(target: Object, grant: Grant) -> Share:
    facts = names(target) - target.fields.keys() | _stages(target)
    shown = (frozenset(target.fields) if grant.fields is None else grant.fields & target.fields.keys()) | facts
    shown -= grant.hide
    # a field that is masked by its own definition is clear only where a grant names it
    masked = frozenset(n for n in shown if n in grant.mask or (grant.fields is None and n in target.fields and target.fields[n].masked))
    always = {"id", "version"}
    return Share(grant.where, shown - masked | always, masked - always, _clause(grant))


def _write_share(target: Object, grant: Grant, action: ActionName) -> Share:
    if grant.fields is not None:
        given = grant.fields & _writable(target)
    elif action == "update":
        # what a person sees masked would be written back masked; a new record has nothing to spoil
        given = frozenset(n for n in _writable(target) if not target.fields[n].masked)
    else:
        given = _writable(target)
    return Share(grant.where, given - grant.hide - grant.mask, clause=_clause(grant), along=grant.along if action == "move" else None)


def _clause(grant: Grant) -> str:
    return f"{grant.place.file}:{grant.place.line}"


def _writable(target: Object) -> frozenset[str]:
    return frozenset(n for n, f in target.fields.items() if f.is_writable)


def _merged(shares: Iterable[Share]) -> tuple[Share, ...]:
    """One share per condition, without those that an unconditional share holds already."""
    by_where: dict[tuple[Typed | None, str | None], list[Share]] = {}
    for share in shares:
        by_where.setdefault((None if share.where is None else share.where.root, share.along), []).append(share)
    united = [_united(alike) for alike in by_where.values()]
    everywhere = next((s for s in united if s.where is None and s.along is None), None)
    if everywhere is None:
        return tuple(united)
    rest = (s for s in united if s is not everywhere and not _holds(everywhere, s))
    return (everywhere, *rest)


def _united(shares: list[Share]) -> Share:
    clear = frozenset[str]().union(*(s.clear for s in shares))
    return Share(shares[0].where, clear, frozenset[str]().union(*(s.masked for s in shares)) - clear, shares[0].clause, shares[0].along)


def _holds(outer: Share, inner: Share) -> bool:
    return inner.clear <= outer.clear and inner.masked <= outer.clear | outer.masked


RightsByAction = Mapping[ActionName, Rights]
