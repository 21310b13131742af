"""Records and changes as JSON. What an object's values need on the way out is looked up once per release."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.responses import Response

from dougong.derive.facts import all_fields
from dougong.fields.base import FieldType
from dougong.model.app import App, Object
from dougong.runtime.record import Change, Page, Record
from dougong.web.errors import error

Convert = Callable[[Any], Any]


class Writer:
    """Turns the records of one app into JSON values; built once per app."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._converters = {name: _converters(app, obj) for name, obj in app.objects.items()}

    def record(self, record: Record, language: str = "zh") -> dict[str, Any]:
        """The record's values by field, as its types write them; masked texts stay as they are. Warnings of a write come along."""
        values = record.as_dict()
        for name, convert in self._converters[record.object]:
            value = values.get(name)
            if value is not None and value.__class__ is not str:  # text is JSON already, and so is a masked value of any type
                values[name] = convert(value)
        if record.warnings:
            values["warnings"] = [error(w, language) for w in record.warnings]
        return values

    def page(self, page: Page) -> dict[str, Any]:
        """A page of records and the cursor of the next one."""
        return {"data": [self.record(r) for r in page.records], "next_cursor": page.next_cursor}

    def change(self, object: str, change: Change) -> dict[str, Any]:
        """One entry of a record's history."""
        convert = dict(self._converters[object])
        found: dict[str, Any] = {
            "id": change.id,
            "at": moment(change.at),
            "happened_at": moment(change.happened_at),
            "actor": {"id": change.actor.id, "name": change.actor.name},
            "cause": change.cause,
            "kind": change.kind,
            "fields": {name: [_one(convert.get(name), v) for v in pair] for name, pair in change.fields.items()},
        }
        if change.stage is not None:
            found["from"], found["to"] = change.stage
        return found


def _converters(app: App, obj: Object) -> tuple[tuple[str, Convert], ...]:
    """The fields whose values must be converted; the rest is JSON already."""
    kinds = {name: field.type for name, field in all_fields(app, obj).items()}
    return tuple((name, kind.to_json) for name, kind in kinds.items() if type(kind).to_json is not FieldType.to_json)


def _one(convert: Convert | None, value: Any) -> Any:
    return value if value is None or convert is None or value.__class__ is str else convert(value)


def moment(instant: datetime | None) -> str | None:
    """An instant as the API writes it: UTC, milliseconds, Z."""
    return None if instant is None else instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response."""
    return Response(orjson.dumps(value), status, headers, media_type="application/json")


def tagged(record: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The response that carries one record; its version is the ETag."""
    return json(record, status, {"etag": f'"{record["version"]}"', **(headers or {})})
