"""The gate, for the writes that actions make: the gate fires triggers, and triggers write through the gate."""

from collections.abc import Mapping
from typing import Any

from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Unit


def create(unit: Unit, object_name: str, values: Mapping[str, Any]) -> Draft:
    """Make a record."""
    from dougong.runtime.gate import write  # lazy: the gate fires triggers, and triggers write through the gate

    return write.create(unit, object_name, values)


def update(
    unit: Unit,
    object_name: str,
    record_id: int,
    values: Mapping[str, Any],
    *,
    pool: str | None = None,
    kept: Mapping[str, Any] | None = None,
) -> Draft:
    """Change a record; `pool`: where it goes with that; `kept`: fields that the engine keeps."""
    from dougong.runtime.gate import write  # lazy: as above

    return write.update(unit, object_name, record_id, values, pool=pool, kept=kept)


def prepare_update(unit: Unit, object_name: str, record_id: int, values: Mapping[str, Any]) -> Draft:
    """A changed record taken through every rule, but not written."""
    from dougong.runtime.gate import write  # lazy: as above

    return write.prepare_update(unit, object_name, record_id, values)


def sets_off(draft: Draft) -> bool:
    """Whether writing this would fire triggers."""
    from dougong.runtime.gate import triggers  # lazy: as above

    return bool(triggers.waiting(draft))
