"""When a record goes back into its pool, and when its holder is warned: due rules made of the moments that the pool waits for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dougong_dsl.titles import Title
from dougong_dsl.working import Amount, Calendar, due_after, shifted

from dougong.derive.dues import Due, DueRule, Past, milliseconds
from dougong.derive.moves import clause
from dougong.derive.programs import Program
from dougong.derive.triggers import Compile, TriggerRule, trigger_rule
from dougong.model.actions import Action, NotifyAction, Recipient, RecycleAction
from dougong.model.app import App, Object
from dougong.model.dispatch import Pool
from dougong.model.dues import Moment
from dougong.model.flow import Event, Trigger
from dougong.model.text import Template

MakeMoment = Callable[[Trigger, TriggerRule, int, Moment], DueRule]
FROM_THE_HOLDER = ("without", "stays")  # whoever has got the record has the whole time


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRule(DueRule):
    """The moment of `inner`, put off by the protection of whoever has the record; `before`: that long before it, as a warning.

    `holds` are the columns that say who has it.
    """

    inner: DueRule
    pool: Pool
    calendar: Calendar
    holds: frozenset[str]
    unless: Program | None = None
    before: Amount | None = None
    is_from_holder: bool = False

    def due(self, row: Mapping[str, Any], lens: Any, past: Past) -> Due | None:
        if (
            row[self.pool.column] is not None
            or row[self.pool.field] is None
            or (self.unless is not None and self.unless(row, lens) is True)
        ):
            return None
        found = self.inner.due(row, lens, past)
        if found is None:
            return None
        held = row[self.pool.held_since] or row["created_at"]
        moments = [(found.due_at, found.start_at)]
        amounts = [self.pool.protect, *(self.inner.amounts[:1] if self.is_from_holder else ())]
        moments += [(due_after(held, amount, self.calendar), held) for amount in amounts if amount is not None]
        came = row[self.pool.since]
        if self.pool.rest is not None and came is not None:
            moments.append((due_after(came, self.pool.rest, self.calendar), came))
        at, start = max(moments)
        if self.before is None:
            return Due(milliseconds(at), start)
        return Due(milliseconds(shifted(at, self.before, self.calendar, -1)), start, lapses_at=milliseconds(at))


def pool_rules(app: App, target: Object, compile: Compile, moment: MakeMoment) -> Iterator[PoolRule]:
    """The rules of the pools of an object, in declared order: before each going back its warning."""
    for pool in app.pools.values():
        if pool.object == target.name:
            for number, event in enumerate(pool.recycle):
                yield from _rules(app, pool, number, event, compile, moment)


def _rules(app: App, pool: Pool, number: int, event: Event, compile: Compile, moment: MakeMoment) -> Iterator[PoolRule]:
    key = f"pool:{pool.name}:{number}"
    back: tuple[Action, ...] = (RecycleAction(place=event.place, pool=pool.name),)
    if pool.warn is not None:
        yield _rule(app, pool, f"{key}:warn", event, (_warning(pool, event),), compile, moment, pool.warn)
    yield _rule(app, pool, key, event, back, compile, moment, None)


def _rule(
    app: App, pool: Pool, key: str, event: Event, actions: tuple[Action, ...], compile: Compile, moment: MakeMoment, before: Amount | None
) -> PoolRule:
    assert event.moment is not None
    zh, en = ("即将进入公海", "is about to go into the pool") if before is not None else ("进入公海", "goes into the pool")
    trigger = Trigger(key, Title(f"{zh}“{pool.title.zh}”", f"{en} “{pool.title.en}”"), (event,), actions, event.place)
    inner = moment(trigger, trigger_rule(trigger, 0, compile), 0, event.moment)
    said = f"{inner.event} (warning)" if before is not None else inner.event
    holds = frozenset((*pool.kept, pool.field, *_asked(pool)))
    return PoolRule(
        key=key,
        object=pool.object,
        clause=clause(event.place),
        event=said,
        needs=inner.needs | holds,
        amounts=inner.amounts,
        fires=inner.fires,
        child=inner.child,
        through=inner.through,
        field=inner.field,
        inner=inner,
        pool=pool,
        calendar=app.calendar,
        holds=holds,
        unless=None if pool.unless is None else compile(pool.unless),
        before=before,
        is_from_holder=event.kind in FROM_THE_HOLDER,
    )


def _asked(pool: Pool) -> frozenset[str]:
    return frozenset() if pool.unless is None else frozenset(path[0] for path in pool.unless.uses if path)


def _warning(pool: Pool, event: Event) -> Action:
    assert pool.warn is not None
    zh, en = pool.warn.words()
    text = Template(
        (f"这条记录 {zh}后将进入公海“{pool.title.zh}”\uff0c请及时跟进",),
        event.place,
        (f"This goes into the pool “{pool.title.en}” in {en} unless you act",),
    )
    return NotifyAction(place=event.place, recipients=(Recipient(user=pool.holder),), text=text)
