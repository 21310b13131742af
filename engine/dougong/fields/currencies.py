"""The currency codes of ISO 4217, those that are no longer paid with included: old amounts keep theirs."""

from collections.abc import Mapping

from babel.core import get_global
from dougong_dsl.diagnostics import nearest

CURRENCIES = frozenset(get_global("all_currencies"))
_MEANT: Mapping[str, str] = {
    "RMB": "CNY",
    "YUAN": "CNY",
    "CNH": "CNY",
    "元": "CNY",
    "人民币": "CNY",
    "美元": "USD",
    "NTD": "TWD",
    "EURO": "EUR",
}


def currency_meant(written: str) -> str | None:
    """The code that somebody probably meant."""
    return _MEANT.get(written.upper()) or nearest(written.upper(), CURRENCIES)
