"""What is told of doors: by doctor, by the API's description, by the definition's schema."""

import jsonschema
from dougong.definition.schema import json_schema
from dougong.derive.openapi import openapi
from dougong.engine import Engine
from dougong.flow.doctor import examine
from dougong.pipeline import read_app
from openapi_spec_validator import validate

from tests.channels.apps import APP, SECRET
from tests.definition.test_definition import plain_yaml


def doors(engine: Engine, environment: dict[str, str]) -> list[tuple[str, str]]:
    return [(f.level, f.en) for f in examine(engine, environment) if f.about == "doors"]


def test_doctor_names_what_is_missing(engine: Engine) -> None:
    found = doors(engine, {"DOUGONG_CHANNEL_SMS_URL": "https://sms.example.com", "DOUGONG_CHANNEL_SMS_SECRET": SECRET})
    assert ("fine", "Channel sms is configured") in found
    assert ("bad", "Channel wecom lacks DOUGONG_CHANNEL_WECOM_URL DOUGONG_CHANNEL_WECOM_SECRET") in found
    assert ("bad", "Webhook paid lacks DOUGONG_WEBHOOK_PAID_SECRET") in found
    assert ("bad", "Connector erp lacks DOUGONG_CONNECTOR_ERP_URL DOUGONG_CONNECTOR_ERP_SECRET") in found
    assert SECRET not in str(found)
    wrong = doors(engine, {"DOUGONG_CHANNEL_SMS_URL": "sms"})
    assert ("bad", "DOUGONG_CHANNEL_SMS_URL cannot be understood; write https://host/path") in wrong


def test_doctor_tells_of_what_waits_for_somebody(engine: Engine) -> None:
    with engine.system_session("test") as session:
        session.receive("sms", "13900000000", "你好")
    assert ("doubt", "Things that came in and wait for somebody: 1") in doors(engine, {})


def test_the_api_describes_its_doors() -> None:
    app = read_app({"app.yaml": APP}).app
    assert app is not None
    found = openapi(app)
    validate(found)
    body = found["paths"]["/api/v1/webhooks/paid"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert (set(body["properties"]), body["required"]) == ({"no", "amount", "on"}, ["no", "amount"])
    assert "/api/v1/channels/sms/messages" in found["paths"]
    assert "/api/v1/lead/{id}/conversation" in found["paths"]


def test_the_schema_of_the_language_takes_the_app() -> None:
    jsonschema.Draft202012Validator(json_schema()).validate(plain_yaml(APP))
