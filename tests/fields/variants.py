"""Every field type, in each of its shapes: what the conformance suite is run over."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from dougong.fields.base import BuildContext, FieldType, Reading
from dougong.fields.registry import FIELD_TYPES

SHANGHAI = ZoneInfo("Asia/Shanghai")
CONTEXT = BuildContext("CNY", {"cities": {"nb": {"zh": "宁波", "en": "Ningbo"}, "sz": "苏州"}}, SHANGHAI)
ZH, EN = Reading("zh", SHANGHAI), Reading("en", SHANGHAI)
BERLIN = Reading("en", ZoneInfo("Europe/Berlin"))

VARIANTS: list[tuple[str, Mapping[str, Any]]] = [
    ("text", {}),
    ("text", {"max": 4000, "pattern": r"[\s\S]*"}),
    ("long_text", {}),
    ("integer", {}),
    ("integer", {"min": -5, "max": 20}),
    ("number", {}),
    ("number", {"scale": 6, "min": "-0.5", "max": 100}),
    ("number", {"scale": 0}),
    ("money", {}),
    ("money", {"currency": "USD", "min": 0}),
    ("percent", {}),
    ("percent", {"min": 0, "max": "100%"}),
    ("boolean", {}),
    ("date", {}),
    ("datetime", {}),
    ("choice", {"options": ["整车厂", "一级供应商", "A, B", "5-10万"]}),
    ("choice", {"options": {"oem": "终端车企", "tier1": {"zh": "一级供应商", "en": "Tier 1"}, "tier2": None}, "many": True}),
    ("choice", {"from": "cities"}),
    ("tags", {}),
    ("tags", {"from": "cities"}),
    ("phone", {}),
    ("email", {}),
    ("url", {}),
    ("link", {"target": "customer"}),
    ("user", {}),
    ("team", {}),
    ("autonumber", {"pattern": "C{yyyy}-{00000}"}),
    ("file", {}),
    ("file", {"many": True, "accept": ["pdf", "dwg"], "max": "50MB"}),
]


def build(key: str, context: BuildContext = CONTEXT, **options: Any) -> FieldType:
    """A field type with its options, as a definition would make it."""
    cls = FIELD_TYPES[key]
    return cls(cls.Options.model_validate(options), context)
