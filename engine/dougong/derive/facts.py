"""What the engine keeps of every record beside its declared fields, as fields: id, version, who and when, and the stage.

Readers select, sort and filter them like fields; nobody writes them.
"""

from collections.abc import Mapping
from typing import Any

from dougong_dsl.titles import Title

from dougong.fields.base import BuildContext, FieldType
from dougong.fields.registry import FIELD_TYPES
from dougong.model.app import App, Field, Object

TITLES = {
    "id": Title("编号", "Number"),
    "version": Title("版本", "Version"),
    "created_at": Title("创建时间", "Created at"),
    "created_by": Title("创建人", "Created by"),
    "updated_at": Title("修改时间", "Changed at"),
    "updated_by": Title("修改人", "Changed by"),
    "stage": Title("阶段", "Stage"),
    "stage_since": Title("进入阶段的时间", "In this stage since"),
}
TYPES = {
    "id": "integer",
    "version": "integer",
    "created_at": "datetime",
    "created_by": "user",
    "updated_at": "datetime",
    "updated_by": "user",
}


def facts(app: App, target: Object) -> Mapping[str, Field]:
    """The facts of an object by name, in the order in which they are shown."""
    context = BuildContext(app.currency, {}, app.zone)
    found: dict[str, FieldType] = {name: _type(key, context) for name, key in TYPES.items()}
    if target.pipeline is not None:
        stages = {name: {"zh": s.title.zh, "en": s.title.en} for name, s in target.pipeline.stages.items()}
        found["stage"] = _type("choice", context, options=stages)
        found["stage_since"] = _type("datetime", context)
    return {name: Field(name, kind, TITLES[name], target.place) for name, kind in found.items()}


def _type(key: str, context: BuildContext, **options: Any) -> FieldType:
    cls = FIELD_TYPES[key]
    return cls(cls.Options(**options), context)


def all_fields(app: App, target: Object) -> Mapping[str, Field]:
    """Declared fields and facts together."""
    return {**target.fields, **facts(app, target)}
