"""The kinds of values in a definition, as annotations for pydantic: text, flag, whole number, title, names, one of several
words, collections that leave a wrong entry out, and mappings that may be written as one line."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from dougong_dsl.codes import names as codes
from dougong_dsl.diagnostics import Diagnostic, nearest
from dougong_dsl.sentences.written import Entries, Items, Word, Written
from dougong_dsl.titles import Title
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError, ValidationInfo
from pydantic_core import core_schema

from dougong.definition.mistakes import UNKNOWN, Mistake, Spoken, collector, wrong_kind, wrong_value
from dougong.definition.torn import torn

Schema = dict[str, Any]
_TEXT: Schema = {"type": ["string", "number", "boolean"]}  # 2024 or true where a name stands is read as text


class Scalar:
    """A leaf of the definition: `read` makes the value of what was written, `schema` is its JSON Schema."""

    def __init__(self, read: Callable[[Written], Any], schema: Schema) -> None:
        self.read = read
        self.schema = schema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        return dict(self.schema)


def read_text(value: Written) -> Word:
    """Any scalar but nothing, as the text that stands there."""
    if not isinstance(value, Word) or value.value is None:
        raise wrong_kind(value, ("一段文字", "a text"))
    return value


def read_expression(value: Written) -> Word:
    """The text of an expression; unlike elsewhere, a written null means something."""
    return value if isinstance(value, Word) and value else read_text(value)


def read_flag(value: Written) -> bool:
    """true or false."""
    if not isinstance(value, Word) or value.value is None:
        raise wrong_kind(value, (" true 或 false", "true or false"))
    if not isinstance(value.value, bool):
        raise wrong_value(value, (" true 或 false", "true or false"))
    return value.value


def read_whole(value: Written) -> int:
    """A whole number."""
    if not isinstance(value, Word) or not isinstance(value.value, int) or isinstance(value.value, bool):
        raise wrong_kind(value, ("整数", "a whole number"))
    return value.value


def read_title(value: Written) -> Title:
    """One text for both languages, or `{zh, en}`; a missing one falls back to the other."""
    if isinstance(value, Word):
        return Title.same(str(read_text(value)))
    if not isinstance(value, Entries) or not value:
        raise wrong_kind(value, ("一段文字，或 {zh: …, en: …}", "a text, or {zh: …, en: …}"))
    wrong = [codes.TITLE_LANGUAGE.at(key.place, key=str(key)) for key in value if key not in ("zh", "en")]
    if wrong:
        raise Mistake(*wrong)
    texts = {str(key): str(read_text(text)) for key, text in value.items()}
    first = next(iter(texts.values()))
    return Title(texts.get("zh", first), texts.get("en", first))


def read_message(value: Written) -> tuple[Word, Word]:
    """A text with `{{ … }}` in it, in Chinese and English; one text serves both."""
    if isinstance(value, Entries):
        read_title(value)
        first = next(iter(value.values()))
        texts = {str(key): text for key, text in value.items()}
        return texts.get("zh", first), texts.get("en", first)
    return read_text(value), read_text(value)


def read_names(value: Written) -> tuple[Word, ...]:
    """A list of texts; a single one may stand without brackets."""
    if isinstance(value, Word):
        return (read_text(value),)
    if not isinstance(value, Items):
        raise wrong_kind(value, ("一个列表", "a list"))
    return tuple(read_text(each) for each in value)


Text = Annotated[Word, Scalar(read_text, _TEXT)]
Formula = Annotated[Word, Scalar(read_expression, {"type": ["string", "number", "boolean", "null"]})]
Flag = Annotated[bool, Scalar(read_flag, {"type": "boolean"})]
Whole = Annotated[int, Scalar(read_whole, {"type": "integer"})]
_TITLE: Schema = {
    "anyOf": [_TEXT, {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": {"zh": _TEXT, "en": _TEXT}}]
}
TitleText = Annotated[Title, Scalar(read_title, _TITLE)]
Message = Annotated[tuple[Word, Word], Scalar(read_message, _TITLE)]
Names = Annotated[tuple[Word, ...], Scalar(read_names, {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]})]


def read_some_names(value: Written) -> tuple[Word, ...]:
    """The same, at least one."""
    found = read_names(value)
    if not found:
        raise Mistake(codes.EMPTY_LIST.at(value.place, key=UNKNOWN))
    return found


SomeNames = Annotated[tuple[Word, ...], Scalar(read_some_names, {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]})]


def one_of(*words: str) -> Scalar:
    """A leaf that is one of some words."""

    def read(value: Written) -> Word:
        word = read_text(value)
        if word not in words:
            expected = (f" {'、'.join(words)} 之一", f"one of {', '.join(words)}")
            raise wrong_value(word, expected, nearest(word, words))
        return word

    return Scalar(read, {"enum": list(words)})


def names_given(value: Written) -> set[str]:
    """The names that a part gives to the other ends of its links: they are missing when the part is left out."""
    if isinstance(value, Entries):
        inner = set().union(*(names_given(each) for each in value.values()))
        return inner | {str(each) for key, each in value.items() if key == "as" and isinstance(each, Word)}
    if isinstance(value, Items):
        return set().union(*(names_given(each) for each in value))
    return set(re.findall(r"\bas (\w+)", value))


class Each:
    """On a `dict` or `tuple`: every entry is read by itself, a wrong one is reported and left out; an empty one is refused
    unless it `may_be_empty`."""

    def __init__(self, part: Spoken, *, may_be_empty: bool = False) -> None:
        self.part = part
        self.may_be_empty = may_be_empty

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        inner = handler(source)
        read = self._entries if inner["type"] == "dict" else self._items
        return core_schema.with_info_wrap_validator_function(read, inner)

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        inner = handler(schema)
        is_list = inner.get("type") == "array"
        if not self.may_be_empty:
            inner = {**inner, "minItems" if is_list else "minProperties": 1}
        return {"anyOf": [inner, inner["items"]]} if is_list else inner  # one may stand without brackets

    def _entries(self, value: Written, handler: core_schema.ValidatorFunctionWrapHandler, info: ValidationInfo) -> dict[Word, Any]:
        if not isinstance(value, Entries):
            raise wrong_kind(
                value, ("一组“名称: 内容”，每个名称一行，后面有冒号", "a mapping: each name on a line of its own, with a colon")
            )
        self._refuse_nothing(value)
        found: dict[Word, Any] = {}
        context = collector(info)
        pieces = torn(value)
        for key, entry in value.items():
            if key in pieces:
                context.diagnostics += [said] if (said := pieces[key]) is not None else []
                context.broken.add(str(key))
                continue
            own = (id(entry), str(key), self.part[1])
            if own in context.known:
                context.kept[own] = context.known[own]
                found[key] = context.kept[own][1]
                continue
            before = len(context.diagnostics)
            try:
                part = handler({key: entry})
            except ValidationError as error:
                context.note(error, Entries(value.place, {key: entry}), self.part)
                context.broken.update((str(key), *names_given(entry)))
                continue
            found.update(part)
            if len(context.diagnostics) == before:
                context.kept[own] = (entry, part[key])  # with the entry, so that its id stays its own
        return found

    def _refuse_nothing(self, value: Entries | Items) -> None:
        if not value and not self.may_be_empty:
            raise Mistake(codes.EMPTY_LIST.at(value.place, key=UNKNOWN))

    def _items(self, value: Written, handler: core_schema.ValidatorFunctionWrapHandler, info: ValidationInfo) -> tuple[Any, ...]:
        if not isinstance(value, Items):
            value = Items(value.place, [value])
        self._refuse_nothing(value)
        found: list[Any] = []
        for item in value:
            try:
                found.extend(handler((item,)))
            except ValidationError as error:
                collector(info).note(error, Items(value.place, [item]), self.part)
        return tuple(found)


LineReader = Callable[[Word], tuple[Entries | None, list[Diagnostic]]]


class OrLine:
    """On a mapping that may be written as one line: `read` gives the line's long form."""

    def __init__(self, read: LineReader, example: str) -> None:
        self.read = read
        self.example = example

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_before_validator_function(self._expand, handler(source))

    def _expand(self, value: Written, info: ValidationInfo) -> Written:
        if not isinstance(value, Word) or value.value is None:
            return value
        long, diagnostics = self.read(value)
        if long is None:
            raise Mistake(*diagnostics)
        collector(info).diagnostics.extend(diagnostics)
        return long

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        return {"anyOf": [{"type": "string", "examples": [self.example]}, handler(schema)]}
