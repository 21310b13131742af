"""Who holds a record of an object with pools: `pool`, `pool_since` and `held_since` follow the field of the pools, whoever writes it."""

from dougong.model.dispatch import Pool
from dougong.runtime.gate.draft import Draft


def settle(draft: Draft, pool: str | None = None) -> None:
    """Bring the columns to what the write does: into `pool`, out of one, or to somebody else. Pools about another field stay as they are."""
    by_field = {each.field: each for each in draft.rules.pools.values()}
    for field, one in by_field.items():
        is_meant = pool is not None and draft.rules.pools[pool].field == field
        _settle(draft, one, pool if is_meant else None)


def _settle(draft: Draft, of: Pool, pool: str | None) -> None:
    row, old, now = draft.row, draft.old, draft.unit.now
    if pool is not None:
        row[of.column], row[of.since], row[of.held_since] = pool, now, None
    elif row[of.field] is not None:
        row[of.column] = None
        if old is None or row[of.field] != old[of.field]:
            row[of.held_since] = now
    elif old is not None and old[of.field] is not None:
        row[of.held_since] = None
