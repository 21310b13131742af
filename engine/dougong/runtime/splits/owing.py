"""What a unit of work owes: the wholes whose sums or ends a write has touched. `settling` looks at them before the commit."""

from collections.abc import Sequence
from typing import Any

from dougong.derive.splits import SplitRule
from dougong.runtime.gate.draft import Draft
from dougong.runtime.owed import Owed
from dougong.runtime.unit import Unit


def note(unit: Unit, drafts: Sequence[Draft]) -> None:
    """Remember what written records of one object touch."""
    rules = drafts[0].rules if drafts else None
    if rules is None or not (rules.splits or rules.part_of):
        return
    for draft in drafts:
        for rule in rules.splits if draft.old is not None else ():  # a new record has no parts yet
            _of_whole(draft, rule)
        for rule in rules.part_of:
            _of_part(draft, rule)


def note_deleted(draft: Draft) -> None:
    """A part is gone."""
    old = draft.old
    assert old is not None
    for rule in draft.rules.part_of:
        _touch(draft, rule, old[rule.link], sums=True, end=rule.closing == "any" and rule.is_done(old))


def _of_whole(draft: Draft, rule: SplitRule) -> None:
    row, old = draft.row, draft.old
    assert old is not None
    sums = any(row[name] != old[name] for name in rule.sums)
    _touch(draft, rule, row["id"], sums=sums, end=rule.is_closed(row) and not rule.is_closed(old))


def _of_part(draft: Draft, rule: SplitRule) -> None:
    """What makes it worse for the end of a whole: an open part that comes, or opens again; with `any`, a done part that goes."""
    row, old = draft.row, draft.old
    if old is None:
        _touch(draft, rule, row[rule.link], sums=True, end=not rule.is_done(row))
        return
    is_elsewhere = row[rule.link] != old[rule.link]
    sums = is_elsewhere or any(row[name] != old[name] for name in rule.sums)
    _touch(draft, rule, row[rule.link], sums=sums, end=not rule.is_done(row) and (is_elsewhere or rule.is_done(old)))
    if is_elsewhere:
        _touch(draft, rule, old[rule.link], sums=True, end=rule.closing == "any" and rule.is_done(old))


def _touch(draft: Draft, rule: SplitRule, whole: Any, *, sums: bool, end: bool) -> None:
    sums, end = sums and bool(rule.sums), end and rule.closing is not None
    if whole is None or not (sums or end):
        return
    draft.unit.owed.append(Owed(rule.whole, whole, rule.pipeline.name, sums, end, (draft.rules.name, draft.row["id"])))
