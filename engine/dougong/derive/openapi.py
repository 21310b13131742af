"""The OpenAPI 3.1 document of an app: a pure function of the model and, optionally, of what one person may do.

Every object has a schema for reading, one for creating and one for changing; only what `rights` allows is in the document.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dougong.derive import openapi_documents, openapi_doors, openapi_flow, openapi_gates, openapi_people, openapi_pools, openapi_splits
from dougong.derive.openapi_parts import (
    CHANGE,
    ERROR,
    FILE,
    PARAMETERS,
    PROBLEM_SCHEMA,
    ROOT,
    SECURITY_SCHEMES,
    answers,
    content,
    parameter,
    with_keys,
)
from dougong.model.app import App, Field, Object
from dougong.model.flow import Pipeline

COMPONENT = re.compile(r"[A-Za-z0-9._-]+")  # what OpenAPI allows in the name of a component


@dataclass(frozen=True, slots=True)
class ObjectRights:
    """What one person may do with one object: actions, and the names of the fields for reading, creating and changing."""

    actions: frozenset[str]
    readable: frozenset[str]
    creatable: frozenset[str]
    updatable: frozenset[str]

    @classmethod
    def whole(cls, obj: Object) -> "ObjectRights":
        """Everything the object has."""
        writable = frozenset(f.name for f in obj.fields.values() if f.is_writable)
        return cls(frozenset({"read", "create", "update", "delete", "move"}), frozenset(obj.fields), writable, writable)


def openapi(app: App, rights: Mapping[str, ObjectRights] | None = None, language: str = "zh", server: str = "") -> dict[str, Any]:
    """The document. Without `rights` it describes the whole app; `server` is the URL prefix in front of `/api/v1`."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {
        "dougong.error": ERROR,
        "dougong.problem": PROBLEM_SCHEMA,
        "dougong.change": CHANGE,
        "dougong.file": FILE,
        **openapi_people.SCHEMAS,
        **openapi_flow.SCHEMAS,
    }
    tags = []
    for obj in app.objects.values():
        own = ObjectRights.whole(obj) if rights is None else rights.get(obj.name)
        if own is None or not own.actions:
            continue
        tags.append({"name": obj.name, "description": obj.title.text(language)})
        schemas |= _schemas(obj, own, language)
        paths |= _paths(obj, own, is_pooled=any(pool.object == obj.name for pool in app.pools.values()))
        if "read" in own.actions:
            paths |= openapi_documents.record_paths(app, f"{ROOT}/{quote(obj.name)}/{{id}}", obj.name, component(obj.name))
    paths |= openapi_doors.door_paths(app) | openapi_documents.message_paths(app)
    paths |= _files() | openapi_people.people_paths() | openapi_flow.flow_paths() | (openapi_pools.pool_paths() if app.pools else {})
    return {
        "openapi": "3.1.0",
        "info": {"title": app.title.text(language), "version": app.version},
        "servers": [{"url": server or "/"}],
        "security": [{"token": []}, {"session": []}],
        "tags": tags,
        "paths": with_keys(paths),
        "components": {
            "schemas": schemas,
            "parameters": PARAMETERS,
            "securitySchemes": SECURITY_SCHEMES | (openapi_doors.SIGNED if app.channels or app.webhooks else {}),
            "responses": {
                "problem": {
                    "description": "What went wrong, in the language of Accept-Language.",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/dougong.problem"}}},
                }
            },
        },
    }


def component(name: str) -> str:
    """The name of an object's schema: its own when it is plain ASCII, else its UTF-8 bytes in hex."""
    return name if COMPONENT.fullmatch(name) else f"o-{name.encode().hex()}"


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas(obj: Object, rights: ObjectRights, language: str) -> dict[str, Any]:
    name, title = component(obj.name), obj.title.text(language)
    found: dict[str, Any] = {
        name: {
            "type": "object",
            "title": title,
            "required": ["id"],
            "properties": _facts(obj) | {f.name: _property(f, language) for f in obj.fields.values() if f.name in rights.readable},
        }
    }
    for kind, action, names in (("create", "create", rights.creatable), ("update", "update", rights.updatable)):
        if action not in rights.actions:
            continue
        fields = [f for f in obj.fields.values() if f.name in names and f.is_writable]
        schema = {
            "type": "object",
            "title": title,
            "properties": {f.name: _property(f, language) for f in fields},
            "additionalProperties": False,
        }
        required = [f.name for f in fields if f.required and f.default is None]
        if kind == "create" and required:
            schema["required"] = required
        if kind == "create":
            schema["properties"] = {p.field: _stage(p) for p in obj.pipelines} | dict(schema["properties"])  # type: ignore[call-overload]
        found[f"{name}.{kind}"] = schema
    return found


def _facts(obj: Object) -> dict[str, Any]:
    """What the engine itself keeps of every record."""
    moment = {"type": "string", "format": "date-time", "readOnly": True}
    number = {"type": "integer", "readOnly": True}
    facts: dict[str, Any] = {
        "id": number,
        "version": number,
        "created_at": moment,
        "created_by": {"type": ["integer", "null"], "readOnly": True},
        "updated_at": moment,
        "updated_by": {"type": ["integer", "null"], "readOnly": True},
    }
    if obj.pipeline is not None:
        facts |= {"stage": _stage(obj.pipeline) | {"readOnly": True}, "stage_since": moment}
    return facts


def _stage(pipeline: Pipeline) -> dict[str, Any]:
    return {"type": "string", "enum": list(pipeline.stages)}


def _property(field: Field, language: str) -> dict[str, Any]:
    """The schema of a field's value; null stands for nothing. A masked value is any text."""
    schema: dict[str, Any] = {"anyOf": [field.type.json_schema(), {"type": "null"}], "title": field.title.text(language)}
    if field.help is not None:
        schema["description"] = field.help.text(language)
    if not field.is_writable:
        schema["readOnly"] = True
    return schema


def _paths(obj: Object, rights: ObjectRights, *, is_pooled: bool) -> dict[str, Any]:
    root = f"{ROOT}/{quote(obj.name)}"
    one = f"{root}/{{id}}"
    found: dict[str, Any] = {root: _collection(obj, rights), one: _item(obj, rights)}
    if "move" in rights.actions and obj.pipelines:
        found[f"{one}/move"] = {"post": _move(obj), "parameters": [parameter("id")]}
    if "read" in rights.actions:
        history = answers(("200", "Newest first.", _list({"$ref": "#/components/schemas/dougong.change"})))
        found[f"{one}/history"] = {"get": _operation(obj, "history", history), "parameters": [parameter("id")]}
        found |= openapi_doors.record_paths(one, component(obj.name))
        found |= openapi_people.comment_paths(one, component(obj.name)) | openapi_flow.record_paths(one, component(obj.name))
        if obj.pipelines:
            found |= openapi_gates.record_paths(one, component(obj.name))
        if any(pipeline.splits for pipeline in obj.pipelines):
            found |= openapi_splits.record_paths(one, component(obj.name))
        found |= openapi_pools.record_paths(one, component(obj.name), is_pooled=is_pooled)
        found[f"{one}/files/{{file}}"] = {
            "get": _operation(obj, "download", _download()),
            "parameters": [parameter("id"), parameter("file")],
        }
    return {path: item for path, item in found.items() if any(key != "parameters" for key in item)}


def _operation(obj: Object, name: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"operationId": f"{component(obj.name)}.{name}", "tags": [obj.name], "responses": responses} | more


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": item}, "next_cursor": {"type": ["string", "null"]}},
    }


def _collection(obj: Object, rights: ObjectRights) -> dict[str, Any]:
    name = component(obj.name)
    found: dict[str, Any] = {}
    if "read" in rights.actions:
        parameters = [parameter(p) for p in ("where", "order", "fields", "limit", "cursor", "search")]
        found["get"] = _operation(obj, "list", answers(("200", "A page of records.", _list(_ref(name)))), parameters=parameters)
    if "create" in rights.actions:
        one = _ref(f"{name}.create")
        body = {"required": True, "content": content({"oneOf": [one, {"type": "array", "items": one, "maxItems": 1000}]})}
        made = answers(("201", "The new record, or all of them.", {"oneOf": [_ref(name), _list(_ref(name))]}))
        found["post"] = _operation(obj, "create", made, requestBody=body, parameters=[openapi_doors.FORM])
    return found


def _item(obj: Object, rights: ObjectRights) -> dict[str, Any]:
    name = component(obj.name)
    found: dict[str, Any] = {"parameters": [parameter("id")]}
    if "read" in rights.actions:
        found["get"] = _operation(obj, "get", answers(("200", "The record; ETag is its version.", _ref(name))))
    if "update" in rights.actions:
        body = {"required": True, "content": content(_ref(f"{name}.update"))}
        found["patch"] = _operation(
            obj,
            "update",
            answers(("200", "The record as it is now.", _ref(name))),
            requestBody=body,
            parameters=[parameter("if_match"), openapi_doors.FORM],
        )
    if "delete" in rights.actions:
        found["delete"] = _operation(obj, "delete", answers(("204", "Gone.", None)), parameters=[parameter("if_match")])
    return found


def _move(obj: Object) -> dict[str, Any]:
    stages = {"type": "string", "enum": list(dict.fromkeys(stage for pipeline in obj.pipelines for stage in pipeline.stages))}
    schema: dict[str, Any] = {"type": "object", "required": ["to"], "properties": {"to": stages}}
    if len(obj.pipelines) > 1:
        names = [pipeline.name for pipeline in obj.pipelines]
        schema["properties"]["pipeline"] = {"type": "string", "enum": names, "description": "The main one when it is left out."}
    return _operation(
        obj,
        "move",
        answers(("200", "The record in its new stage.", _ref(component(obj.name)))),
        requestBody={"required": True, "content": content(schema)},
        parameters=[parameter("if_match")],
        description="Beside `to`, the fields that the move asks for.",
    )


def _download() -> dict[str, Any]:
    anything = {"description": "The file.", "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    return {"200": anything} | answers()


def _files() -> dict[str, Any]:
    form = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
    upload = {
        "operationId": "files.upload",
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
        "responses": answers(("201", "The file; its id goes into a field of a record.", {"$ref": "#/components/schemas/dougong.file"})),
    }
    own = {"operationId": "files.download", "responses": _download(), "description": "A file that was just uploaded, for who uploaded it."}
    return {f"{ROOT}/files": {"post": upload}, f"{ROOT}/files/{{file}}": {"get": own, "parameters": [parameter("file")]}}
