"""What a record is called on its pages."""

from collections.abc import Mapping
from typing import Any

from dougong.fields.base import Reading
from dougong.model.app import Object


def title_of(made: Object, record: Mapping[str, Any], reading: Reading) -> str:
    """The value of the field that names the record, as people read it; its number when there is none, as in `Session.titles`."""
    value = record.get(made.record_title)
    if value is None or made.record_title == "id":
        return f"#{record['id']}"
    return made.fields[made.record_title].type.format(value, reading) or f"#{record['id']}"
