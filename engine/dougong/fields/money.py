"""`money`: an amount of one currency."""

from decimal import Decimal
from typing import Any

from dougong_dsl.expression.types import Money, Type
from dougong_dsl.titles import Title
from pydantic import Field as Option
from pydantic import field_validator

from dougong.fields.base import OptionsError, Reading
from dougong.fields.currencies import CURRENCIES, currency_meant
from dougong.fields.decimals import grouped
from dougong.fields.number import NumberField, RangeOptions

MARKS = {
    "CNY": ("CNY", "RMB", "¥", "元", "人民币"),
    "USD": ("USD", "US$", "$", "美元"),
    "EUR": ("EUR", "€", "欧元"),
    "GBP": ("GBP", "£", "英镑"),
    "JPY": ("JPY", "JP¥", "¥", "円", "日元"),
    "HKD": ("HKD", "HK$", "港元"),
}


class MoneyOptions(RangeOptions):
    """`currency`: an ISO 4217 code; without it, the app's."""

    currency: str | None = Option(None, pattern=r"^[A-Z]{3}$")

    @field_validator("currency")
    @classmethod
    def _is_currency(cls, currency: str | None) -> str | None:
        if currency is not None and currency not in CURRENCIES:
            meant = currency_meant(currency)
            raise OptionsError("currency", f"`{currency}` 不是货币代码", f"`{currency}` is not a currency code", meant)
        return currency


class MoneyField(NumberField):
    """Two decimal places; the currency's own signs may be typed, another currency's may not."""

    key = "money"
    title = Title("金额", "Money")
    Options = MoneyOptions
    call_key = "currency"
    widget = "money"

    @property
    def scale(self) -> int:
        return 2

    @property
    def currency(self) -> str:
        """ISO 4217."""
        currency: str = self.options.currency or self.context.currency
        return currency

    @property
    def marks(self) -> tuple[str, ...]:
        return MARKS.get(self.currency, (self.currency,))

    @property
    def type(self) -> Type:
        return Money(self.currency, 18, 2)

    def format(self, value: Any, reading: Reading) -> str:
        return "" if value is None else shown_amount(value, self.currency)


def shown_amount(value: Decimal, currency: str) -> str:
    """An amount with the sign of its currency: `¥1,234.50`."""
    sign = next((m for m in MARKS.get(currency, (currency,)) if not m.isalpha()), currency + " ")
    return f"{'-' if value < 0 else ''}{sign}{grouped(abs(value))}"
