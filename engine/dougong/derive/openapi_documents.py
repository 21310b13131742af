"""What the OpenAPI document says of documents: pages about a record, and those that came with a message."""

from typing import Any
from urllib.parse import quote

from dougong.derive.openapi_parts import ROOT, answers, parameter
from dougong.model.app import App

PAGE = {"200": {"description": "The page.", "content": {"text/html": {"schema": {"type": "string"}}}}} | answers()


def record_paths(app: App, one: str, object_name: str, name: str) -> dict[str, Any]:
    """The documents of a record; `one` is its path, `name` what operations of its object begin with."""
    found = [each.name for each in app.documents.values() if each.object == object_name]
    return {
        f"{one}/documents/{quote(each)}": {
            "get": {"operationId": f"{name}.document.{each}", "tags": [object_name], "responses": PAGE},
            "parameters": [parameter("id")],
        }
        for each in found
    }


def message_paths(app: App) -> dict[str, Any]:
    """The document that came with one of one's own messages."""
    path = {"get": {"operationId": "inbox.file", "responses": PAGE}, "parameters": [parameter("id")]}
    return {f"{ROOT}/inbox/{{id}}/file": path} if app.documents else {}
