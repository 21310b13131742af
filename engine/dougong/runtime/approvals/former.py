"""What follows an approval's end: as the definition said when it began, also when a release has changed or removed it since.

The old definition is read against the present one, so that what it does is bound to the fields and stages that there are. Where that cannot
be done any more, the approval's present definition counts.
"""

import orjson

from dougong.compose.composed import compose, own_files
from dougong.definition.app import AppDefinition, define
from dougong.derive.triggers import TriggerRule, trigger_rule
from dougong.model.approvals import Approval
from dougong.model.resolve import resolve
from dougong.read.files import merge_files
from dougong.runtime.approvals.rows import Started
from dougong.runtime.unit import Unit

FILES = 'SELECT "files" FROM "dg_release" WHERE "id" = {0}'


def follows(unit: Unit, approval: Started, state: str) -> list[TriggerRule]:
    """What an outcome sets off, the approval's own actions first."""
    mine = f"approval:{approval.name}:{state}"
    waiting = [
        rule
        for rule in unit.compiled.rules(approval.object).trigger_rules
        if any(e.event.kind == state and e.event.approval == approval.name for e in rule.events)
    ]
    former = None if approval.release == unit.compiled.release_id else _former(unit, approval)
    if former is None:
        return waiting
    own = (t for t in former.triggers() if t.name == mine)
    return [*(trigger_rule(t, -1, unit.compiled.program) for t in own), *(rule for rule in waiting if rule.name != mine)]


def definition_of(unit: Unit, approval: Started) -> Approval | None:
    """An approval as it was defined when it began; as it is where that cannot be read any more; None when it is defined no more."""
    former = None if approval.release == unit.compiled.release_id else _former(unit, approval)
    return former or unit.compiled.app.approvals.get(approval.name)


def _former(unit: Unit, approval: Started) -> Approval | None:
    """The approval as the release in which it began defined it."""

    def read() -> tuple[Approval | None]:
        before, now = _definition(unit, approval.release), _definition(unit, unit.compiled.release_id)
        written = None if before is None else before.approvals.get(approval.name)  # type: ignore[call-overload]  # names are words
        if before is None or now is None or written is None:
            return (None,)
        word = next(name for name in before.approvals if name == approval.name)
        present = {name: each for name, each in now.approvals.items() if name != approval.name}
        mixed = now.model_copy(update={"approvals": {**present, word: written}})
        resolved = resolve(mixed, {}, frozenset(), pasts=unit.compiled.app.pasts)
        return (None if ("approvals", approval.name) in resolved.unsound else resolved.app.approvals.get(approval.name),)

    return unit.compiled.question(("former approval", approval.release, approval.name), read)[0]


def _definition(unit: Unit, release: int) -> AppDefinition | None:
    """What was written in a release."""
    row = unit.connection.one(FILES.format(int(release)))
    if row is None:
        return None
    files = orjson.loads(row[0]) if isinstance(row[0], str | bytes) else row[0]
    merged, _, _ = merge_files(own_files(files))
    return define(compose(merged, files).merged)[0]
