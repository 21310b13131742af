"""The JSON Schema of the definition language (draft 2020-12), for editors: `dougong schema`.

Made from the same models that read definitions; sentences are accepted as text, their content is the engine's to check.
"""

from typing import Any

from dougong.definition.actions import ActionDefinition
from dougong.definition.app import AppDefinition
from dougong.definition.faces import COLOURS, ViewDefinition
from dougong.definition.fields import FieldDefinition
from dougong.definition.key_help import key_help
from dougong.fields.base import FieldType
from dougong.fields.registry import FIELD_TYPES

Schema = dict[str, Any]
_FIELD = FieldDefinition.__name__
_WRITTEN = ("integer", "number", "string")  # types that may be written as text with a unit or a sign: 50MB, 10%


def json_schema() -> Schema:
    """The schema of one file of an app. No key is needed at the top, for an app may be split over files."""
    schema = AppDefinition.model_json_schema(by_alias=True)
    schema.pop("required", None)
    schema.update({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Dougong"})
    _explain(AppDefinition.__name__, schema)
    for name, part in schema["$defs"].items():
        _explain(name, part)
    schema["$defs"][ViewDefinition.__name__]["properties"]["highlight"]["propertyNames"] = {"enum": list(COLOURS)}
    _let_actions_follow(schema["$defs"][ActionDefinition.__name__]["properties"])
    base = schema["$defs"][_FIELD]
    alternatives = [_alternative(base, cls) for cls in FIELD_TYPES.values()]
    without_type = {**base, "properties": {k: v for k, v in base["properties"].items() if k != "type"}, "required": ["formula"]}
    schema["$defs"][_FIELD] = {"description": base["description"], "anyOf": [*alternatives, without_type]}
    tidy: Schema = _tidy(schema)
    return tidy


def _let_actions_follow(keys: Schema) -> None:
    """What follows an action is a list of actions: the one place where a part holds itself."""
    one = {"$ref": f"#/$defs/{ActionDefinition.__name__}"}
    keys["then"] |= {"anyOf": [{"type": "array", "items": one, "minItems": 1}, one]}


def _explain(part: str, schema: Schema) -> None:
    """Give every key its sentence, so that an editor shows it."""
    for key, each in schema.get("properties", {}).items():
        words = key_help(part, key)
        if words is not None:
            described = {k: v for k, v in each.items() if k != "title"}
            schema["properties"][key] = {**described, "description": " · ".join(words)}


def _tidy(schema: Any) -> Any:
    """Without the null that stands for a key which is not written: a written key has a value."""
    if isinstance(schema, list):
        return [_tidy(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _tidy(value) for key, value in schema.items() if not (key == "default" and value is None)}
    some = [each for each in found.get("anyOf", ()) if each != {"type": "null"}]
    if len(some) == 1:
        return {**{key: value for key, value in found.items() if key != "anyOf"}, **some[0]}
    return {**found, "anyOf": some} if some else found


def _alternative(base: Schema, cls: type[FieldType]) -> Schema:
    """A field of one type: the common keys and the type's own."""
    options = cls.Options.model_json_schema(by_alias=True)
    own = {key: _loose(value) for key, value in options.get("properties", {}).items()}
    _explain(_FIELD, {"properties": own})
    properties = {**base["properties"], **own, "type": {"const": cls.key, "description": f"{cls.title.zh} · {cls.title.en}"}}
    return {
        "title": f"{cls.title.zh} · {cls.title.en}",
        "type": "object",
        "properties": properties,
        "required": ["type", *options.get("required", [])],
        "additionalProperties": False,
    }


def _loose(schema: Schema) -> Schema:
    """An option's schema, with numbers also as text and a list also as its only item."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_loose(each) for each in schema["anyOf"]]}
    kind = schema.get("type")
    if kind in _WRITTEN and "pattern" not in schema:
        return {**schema, "type": [kind, *(other for other in ("string", "number") if other != kind)]}
    if kind == "array":
        return {"anyOf": [schema, {"type": "string"}]}
    return schema
