"""What the OpenAPI document says of documents: pages about a record, and those that came with a message."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from dougong.derive.openapi_parts import ROOT, answers, parameter
from dougong.model.app import App
from dougong.model.documents import FORMS, MEDIA_TYPES, Document


def _answer(forms: Iterable[str]) -> dict[str, Any]:
    content = {MEDIA_TYPES[form]: {"schema": {"type": "string"}} if form == "html" else {} for form in forms}
    return {"200": {"description": "The document.", "content": content}} | answers()


def record_paths(app: App, one: str, object_name: str, name: str) -> dict[str, Any]:
    """The documents of a record; `one` is its path, `name` what operations of its object begin with."""
    return {
        f"{one}/documents/{quote(each.name)}": {
            "get": {
                "operationId": f"{name}.document.{each.name}",
                "tags": [object_name],
                "parameters": [_form(each)],
                "responses": _answer(each.forms),
            },
            "parameters": [parameter("id")],
        }
        for each in app.documents.values()
        if each.object == object_name
    }


def _form(document: Document) -> dict[str, Any]:
    """The parameter that chooses among what it is made as."""
    return {"name": "as", "in": "query", "schema": {"enum": list(document.forms), "default": document.forms[0]}}


def message_paths(app: App) -> dict[str, Any]:
    """The document that came with one of one's own messages."""
    path = {"get": {"operationId": "inbox.file", "responses": _answer(FORMS)}, "parameters": [parameter("id")]}
    return {f"{ROOT}/inbox/{{id}}/file": path} if app.documents else {}
