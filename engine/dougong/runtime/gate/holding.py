"""Who holds a record of an object with pools: `pool`, `pool_since` and `held_since` follow the field of the pools, whoever writes it."""

from dougong.model.pool_fields import HELD_SINCE, POOL, POOL_SINCE
from dougong.runtime.gate.draft import Draft


def settle(draft: Draft, pool: str | None = None) -> None:
    """Bring the columns to what the write does: into `pool`, out of one, or to somebody else."""
    pools = draft.rules.pools
    if not pools:
        return
    row, now = draft.row, draft.unit.now
    field = next(iter(pools.values())).field
    if pool is not None:
        row[POOL], row[POOL_SINCE], row[HELD_SINCE] = pool, now, None
    elif row[field] is not None:
        row[POOL] = None
        if draft.old is None or row[field] != draft.old[field]:
            row[HELD_SINCE] = now
    elif draft.old is not None and draft.old[field] is not None:
        row[HELD_SINCE] = None
