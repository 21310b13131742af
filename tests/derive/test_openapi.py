"""The OpenAPI document is valid, whole, and holds nothing that a person may not do."""

from pathlib import Path
from typing import Any

import pytest
from dougong.derive.openapi import ObjectRights, component, openapi
from dougong.model.app import App
from dougong.pipeline import read_app
from openapi_spec_validator import OpenAPIV31SpecValidator

ROOT = Path(__file__).parent.parent.parent
CHINESE = """\
app: 小店
objects:
  客户: {title: 客户, fields: {名称: text required, 等级: "choice(甲, 乙)"}}
"""


def app(source: Any) -> App:
    built = read_app(source)
    assert built.app is not None, built.diagnostics
    return built.app


@pytest.mark.parametrize("name", ["manufacturing", "examples/quickstart", "examples/hardware_sales"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_document_of_an_app_is_valid(name: str, language: str) -> None:
    document = openapi(app(ROOT / name), language=language)
    OpenAPIV31SpecValidator(document).validate()
    assert len(document["tags"]) == len(app(ROOT / name).objects)


def test_chinese_names_make_a_valid_document() -> None:
    document = openapi(app({"app.yaml": CHINESE}))
    OpenAPIV31SpecValidator(document).validate()
    schema = document["components"]["schemas"][component("客户")]
    assert schema["title"] == "客户" and {"名称", "等级"} <= set(schema["properties"])
    assert "/api/v1/%E5%AE%A2%E6%88%B7" in document["paths"]


def test_what_nobody_granted_is_not_in_it() -> None:
    none: frozenset[str] = frozenset()
    rights = {"customer": ObjectRights(frozenset({"read"}), frozenset({"name"}), none, none)}
    document = openapi(app(ROOT / "examples/quickstart"), rights)
    OpenAPIV31SpecValidator(document).validate()
    assert [tag["name"] for tag in document["tags"]] == ["customer"]
    assert set(document["paths"]["/api/v1/customer"]) == {"get"}
    properties = document["components"]["schemas"]["customer"]["properties"]
    assert "name" in properties and "phone" not in properties
    assert "customer.create" not in document["components"]["schemas"]


def test_a_new_record_may_leave_out_what_has_a_default() -> None:
    schemas = openapi(app(ROOT / "examples/quickstart"))["components"]["schemas"]
    assert schemas["deal.create"]["required"] == ["name", "customer"]
    assert schemas["deal"]["properties"]["stage"] == {"type": "string", "enum": ["inquiry", "quote", "won", "lost"], "readOnly": True}
    assert "amount" not in schemas["deal.create"]["properties"]
