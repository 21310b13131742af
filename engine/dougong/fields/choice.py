"""`choice`: one, or several, of declared options."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.types import Choice, ListOf, Type
from dougong_dsl.titles import Title
from pydantic import Field as Option
from sqlalchemy import types as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from dougong.fields import base
from dougong.fields.base import BuildContext, Dialect, FieldType, OptionsError, Reading, Word
from dougong.fields.operators import MANY_CHOICES, ONE_CHOICE
from dougong.fields.plain_text import read_text, shown
from dougong.fields.refusals import ONE_OPTION, UNKNOWN_OPTION
from dougong.fields.text import text_column
from dougong.refusals import Refusal

MAX_OPTIONS = 2000
MAX_NAME = 100
SEPARATORS = str.maketrans(dict.fromkeys(",\uff0c;\uff1b\u3001", "\n"))


class ChoiceOptions(base.Options):
    """`options`: names, or a mapping of names to titles; `from`: a named list of the app instead; `many`: several may be chosen."""

    options: list[str | int] | dict[str | int, str | None | dict[str, str]] | None = None
    many: bool = False
    from_: str | None = Option(None, alias="from")


class ChoiceField(FieldType):
    """The value is the option's name (several: names in declared order, each once)."""

    key = "choice"
    title = Title("选项", "Choice")
    Options = ChoiceOptions
    call_key = "options"
    words: ClassVar = {"many": Word.FLAG, "from": Word.VALUE}
    family = "text"
    widget = "choice"
    options: ChoiceOptions

    def __init__(self, options: Any, context: BuildContext) -> None:
        super().__init__(options, context)
        self._choices = read_choices(self._declared())
        self._position = {name: i for i, name in enumerate(self._choices)}
        # What people see; a title that two options share names neither
        titles = [(text, name) for name, title in self._choices.items() for text in {title.zh, title.en}]
        counts = Counter(text for text, _ in titles)
        self._by_title = {text: name for text, name in titles if counts[text] == 1}
        self.operators = MANY_CHOICES if self.is_many else ONE_CHOICE
        self.is_sortable = not self.is_many

    def _declared(self) -> Any:
        named, own = self.options.from_, self.options.options
        if named is None:
            if not own:
                raise OptionsError("options", "选项字段要写出选项，例如 choice(甲, 乙)", "a choice needs options, as in choice(a, b)")
            return own
        if own:
            raise OptionsError("from", "选项要么写在字段里，要么来自清单，不能两样都写", "give options or a named list, not both")
        if named not in self.context.lists:
            raise OptionsError("from", f"没有名为 `{named}` 的清单", f"there is no list `{named}`", nearest(named, self.context.lists))
        return self.context.lists[named]

    @property
    def is_many(self) -> bool:
        return self.options.many

    @property
    def choices(self) -> Mapping[str, Title]:
        return self._choices

    @property
    def type(self) -> Type:
        one = Choice(tuple(self._choices))
        return ListOf(one) if self.is_many else one

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        if self.is_many and dialect == "postgresql":
            return ARRAY(sql.Text(collation="C"))
        return text_column(dialect)

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        return self._parse(raw, {})

    def parse_options(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        return self._parse(raw, self._by_title)

    def _parse(self, raw: Any, titles: Mapping[str, str]) -> tuple[Any, Refusal | None]:
        if isinstance(raw, str) and raw in self._choices:
            return ((raw,) if self.is_many else raw), None
        names: list[str] = []
        for piece in raw if isinstance(raw, list | tuple | set | frozenset) else (raw,):
            text, refusal = read_text(piece, 10_000, lines=True)
            if refusal is not None:
                return None, refusal
            found, refusal = self._names(text, titles)
            if refusal is not None:
                return None, refusal
            names += found
        if self.is_many:
            return tuple(sorted(set(names), key=self._position.__getitem__)) or None, None
        if len(names) > 1:
            return None, Refusal(ONE_OPTION, {"count": len(names)})
        return (names[0] if names else None), None

    def _names(self, text: str | None, titles: Mapping[str, str]) -> tuple[list[str], Refusal | None]:
        """The options that a text names: one per line; in a line with none, split at commas when several may be chosen."""
        names: list[str] = []
        for line in (text or "").splitlines():
            known = self._known(line, titles)
            pieces = [line] if known or not self.is_many else line.translate(SEPARATORS).splitlines()
            for piece in (p.strip() for p in pieces if p.strip()):
                name = self._known(piece, titles)
                if name is None:
                    return [], self._unknown(piece, titles)
                names.append(name)
        return names, None

    def _known(self, text: str, titles: Mapping[str, str]) -> str | None:
        text = text.strip()
        return text if text in self._choices else titles.get(text)

    def _unknown(self, text: str, titles: Mapping[str, str]) -> Refusal:
        near = nearest(text, [*titles, *self._choices])
        hint = (f"是不是“{near}”？", f" Did you mean “{near}”?") if near else ("", "")
        return Refusal(UNKNOWN_OPTION, {"found": shown(text), "nearest": hint})

    def to_db(self, value: Any, dialect: Dialect) -> Any:
        if not self.is_many or value is None:
            return value
        return json.dumps(value, ensure_ascii=False) if dialect == "sqlite" else list(value)

    def from_db(self, value: Any, dialect: Dialect) -> Any:
        if not self.is_many or value is None:
            return value
        return tuple(json.loads(value)) if dialect == "sqlite" else tuple(value)

    def is_plain(self, dialect: Dialect) -> bool:
        return not self.is_many

    def to_json(self, value: Any) -> Any:
        return list(value) if self.is_many and value is not None else value

    def from_json(self, value: Any) -> Any:
        return tuple(value) if self.is_many and value is not None else value

    def format(self, value: Any, reading: Reading) -> str:
        names = value if self.is_many else (value,)
        # A value may be older than the definition: an option that is gone still shows its name
        shown_names = [t.text(reading.language) if (t := self._choices.get(n)) else n for n in names or () if n]
        return ("、" if reading.language == "zh" else ", ").join(shown_names)

    def form_text(self, value: Any, reading: Reading) -> str:
        return "\n".join(value or ()) if self.is_many else value or ""

    def json_schema(self) -> dict[str, Any]:
        one: dict[str, Any] = {"type": "string", "enum": list(self._choices)}
        return {"type": "array", "items": one, "minItems": 1, "uniqueItems": True} if self.is_many else one

    def samples(self) -> Sequence[Any]:
        names = tuple(self._choices)
        return (names, names[:1], names[-1:]) if self.is_many else names[:20]

    def wrong_samples(self) -> Sequence[Any]:
        two = list(self._choices)[:2]
        return ("没有这个选项", ["?"], "a\x00", True, {"a": 1}, *([two] if not self.is_many and len(two) == 2 else []))


def read_choices(declared: Any) -> dict[str, Title]:
    """Options of a field or a named list: names, or names and titles; a name without a title is its own title."""
    pairs = declared.items() if isinstance(declared, Mapping) else [(name, None) for name in declared]
    choices: dict[str, Title] = {}
    for raw, title in pairs:
        name, refusal = read_text(raw, MAX_NAME)
        if name is None or refusal is not None:
            raise OptionsError("options", f"“{shown(raw)}”不能作选项名", f"“{shown(raw)}” cannot be the name of an option")
        if name in choices:
            raise OptionsError("options", f"选项 `{name}` 写了两次", f"the option `{name}` is there twice")
        choices[name] = read_title(title, name)
    if len(choices) > MAX_OPTIONS:
        raise OptionsError("options", f"选项最多 {MAX_OPTIONS} 个", f"at most {MAX_OPTIONS} options")
    return choices


def read_title(raw: Any, name: str) -> Title:
    """A title as it is written: nothing, one text, or `{zh, en}` of which one may be missing."""
    if isinstance(raw, Title):
        return raw
    if isinstance(raw, Mapping):
        unknown = set(raw) - {"zh", "en"}
        if unknown or not raw:
            raise OptionsError("options", f"选项 `{name}` 的名称要写 zh 或 en", f"the title of `{name}` takes zh and en")
        return Title(raw.get("zh") or raw["en"], raw.get("en") or raw["zh"])
    return Title.same(str(raw) if raw else name)
