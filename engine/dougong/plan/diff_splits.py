"""Splits that a release brings: records that have parts already must add up, for nothing could be saved of those that do not."""

from collections.abc import Iterator, Mapping

from dougong_dsl.codes.splits import DO_NOT_ADD_UP
from dougong_dsl.diagnostics import Diagnostic

from dougong.model.app import App, Object
from dougong.model.splits import Splits
from dougong.plan.facts import Facts, Question
from dougong.plan.layout import Layout


def unsettled_splits(
    current: App | None, desired: App, taken_from: Mapping[str, str | None], old: Layout, facts: Facts
) -> Iterator[Diagnostic]:
    """One diagnostic for each new sum that records in the database do not fit; `taken_from` says which old table becomes which."""
    known = set() if current is None else set(_sums(current))
    for owner in desired.objects.values():
        for splits in (p.splits for p in owner.pipelines if p.splits is not None):
            part = desired.objects[splits.into]
            whole_table, part_table = taken_from.get(owner.table), taken_from.get(part.table)
            for name in splits.sums if whole_table is not None and part_table is not None else ():
                if (owner.name, splits.into, splits.by, name) in known or whole_table is None or part_table is None:
                    continue
                columns = _columns(old, (whole_table, owner, name), (part_table, part, name), (part_table, part, splits.by))
                if columns is None:
                    continue
                count = facts.count(Question("apart", whole_table, columns[0], (part_table, columns[1], columns[2])))
                if count:
                    yield DO_NOT_ADD_UP.at(splits.place, object=owner.name, field=name, count=count)


def _sums(app: App) -> Iterator[tuple[str, str, str, str]]:
    found: Iterator[tuple[str, Splits]] = ((p.object, p.splits) for o in app.objects.values() for p in o.pipelines if p.splits is not None)
    yield from ((owner, splits.into, splits.by, name) for owner, splits in found for name in splits.sums)


def _columns(old: Layout, *wanted: tuple[str, Object, str]) -> tuple[str, ...] | None:
    """What the columns are called now; None when one of them is not there yet, or the two sums are kept in different units."""
    names, kinds = [], []
    for table, owner, name in wanted:
        field, columns = owner.fields[name], old[table].columns
        found = next((n for n in (name, field.was) if n is not None and n in columns and not columns[n].is_retired), None)
        if found is None:
            return None
        names.append(found)
        kinds.append(columns[found].sql)
    return tuple(names) if kinds[0] == kinds[1] else None
