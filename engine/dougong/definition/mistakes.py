"""The author's mistakes met while a definition is read: pydantic's errors become diagnostics at their place.

A part that is wrong is reported and left out, the rest goes on; `broken` remembers the names that were left out, so that
nobody complains later that they are missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dougong_dsl.codes import names as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Entries, Items, Word, Written
from pydantic import ValidationError, ValidationInfo

from dougong.fields.base import OptionsError
from dougong.read.yaml import kind_of

Spoken = tuple[str, str]  # Chinese, English
UNKNOWN = object()  # a key that is filled in later


class Mistake(ValueError):
    """Raised inside a pydantic validator: carries diagnostics out of it."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("a mistake in the definition")
        self.diagnostics = diagnostics


class Collector:
    """What has been found wrong so far; passed to the validators as their context.

    `known` holds the parts that an earlier reading made of the same written values, `kept` those that this one used.
    """

    def __init__(self, known: Mapping[tuple[int, str, str], tuple[Written, Any]] | None = None) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.broken: set[str] = set()
        self.known = dict(known or {})
        self.kept: dict[tuple[int, str, str], tuple[Written, Any]] = {}

    def note(self, error: ValidationError, data: Written, part: Spoken) -> None:
        """Keep the diagnostics of a failed validation of `data`, which is `part` (for messages)."""
        for each in error.errors(include_url=False, include_input=False):
            cause = each.get("ctx", {}).get("error")
            if isinstance(cause, Mistake):
                self.diagnostics.extend(_with_key(d, each["loc"], part) for d in cause.diagnostics)
            else:
                self.diagnostics.append(_diagnostic(each, data, part))


def collector(info: ValidationInfo) -> Collector:
    """The collector of this validation."""
    context = info.context
    assert isinstance(context, Collector)
    return context


def wrong_kind(value: Written, expected: Spoken) -> Mistake:
    """`value` is not of the kind that belongs there; `Collector.note` adds the key."""
    return Mistake(codes.WRONG_KIND.at(value.place, expected=expected, found=kind_of(value), key=UNKNOWN))


def wrong_value(word: Word, expected: Spoken, near: str | None = None) -> Mistake:
    """`word` is not one of the values that belong there; `Collector.note` adds the key."""
    return Mistake(codes.WRONG_VALUE.at(word.place, expected=expected, value=str(word), key=UNKNOWN, nearest=near))


def _with_key(found: Diagnostic, loc: tuple[int | str, ...], part: Spoken) -> Diagnostic:
    """A diagnostic with the key it is about, which the place that made it did not know."""
    if found.params.get("key") is not UNKNOWN:
        return found
    return replace(found, params={**found.params, "key": _key(loc, part)})


def _key(loc: tuple[int | str, ...], part: Spoken) -> str | Spoken:
    """The innermost key that `loc` leads through; without any, what the whole is."""
    return next((f"`{k}`" for k in reversed(loc) if isinstance(k, str) and k != "[key]"), part)


# pydantic's error type → what was expected; `{…}` is filled from the error's context
_EXPECTED: dict[str, Spoken] = {
    "int_parsing": ("整数", "a whole number"),
    "int_type": ("整数", "a whole number"),
    "int_from_float": ("整数", "a whole number"),
    "bool_parsing": (" true 或 false", "true or false"),
    "bool_type": (" true 或 false", "true or false"),
    "decimal_parsing": ("数字", "a number"),
    "decimal_type": ("数字", "a number"),
    "string_type": ("一段文字", "a text"),
    "list_type": ("一个列表", "a list"),
    "tuple_type": ("一个列表", "a list"),
    "dict_type": ("一组“键: 值”", "a mapping"),
    "greater_than_equal": ("不小于 {ge} 的数", "a number not below {ge}"),
    "less_than_equal": ("不大于 {le} 的数", "a number not above {le}"),
    "greater_than": ("大于 {gt} 的数", "a number above {gt}"),
    "less_than": ("小于 {lt} 的数", "a number below {lt}"),
    "string_too_long": ("最多 {max_length} 个字符", "at most {max_length} characters"),
    "string_too_short": ("至少 {min_length} 个字符", "at least {min_length} characters"),
    "string_pattern_mismatch": ("符合格式 {pattern} 的文字", "a text of the form {pattern}"),
    "literal_error": ("{expected}", "{expected}"),
}
_SOMETHING: Spoken = ("别的写法", "something else")


def _diagnostic(error: Any, data: Written, part: Spoken) -> Diagnostic:
    """A diagnostic for one of pydantic's own errors."""
    loc = error["loc"]
    where, value = place_of(data, loc)
    key = _key(loc, part)
    context = error.get("ctx", {})
    if error["type"] == "missing":
        return codes.MISSING_KEY.at(where, part=part, key=str(loc[-1]))
    cause = context.get("error")
    if isinstance(cause, OptionsError):
        return codes.WRONG_OPTION.at(where, key=f"`{cause.key}`", problem=(cause.zh, cause.en), nearest=cause.nearest)
    if error["type"] == "value_error":
        return codes.WRONG_OPTION.at(where, key=key, problem=(f"“{cause}”", str(cause)))
    zh, en = _EXPECTED.get(error["type"], _SOMETHING)
    expected = (zh.format_map(context), en.format_map(context))
    if isinstance(value, Word) and value.value is not None:
        return codes.WRONG_VALUE.at(where, key=key, value=str(value), expected=expected, nearest=None)
    return codes.WRONG_KIND.at(where, key=key, expected=expected, found=kind_of(value))


def place_of(data: Written, loc: Iterable[int | str]) -> tuple[Place, Written]:
    """The place of the value that `loc` leads to, as far as it leads into `data`."""
    value = data
    for step in loc:
        if isinstance(value, Entries) and isinstance(step, str) and step in value:
            value = value[Word.inserted(step, value.place)]
        elif isinstance(value, Items) and isinstance(step, int) and step < len(value):
            value = value[step]
    return value.place, value
