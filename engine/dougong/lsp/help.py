"""What an editor shows beside a word: names with their titles and types, functions, keys, field types."""

from collections.abc import Iterator
from typing import Literal

from dougong_dsl.expression.functions import ALIASES

from dougong.definition.key_help import key_help
from dougong.fields.registry import FIELD_TYPES
from dougong.lsp.functions import described
from dougong.lsp.offers import part_at
from dougong.lsp.spot import ITEM, spot
from dougong.names.declarations import shown
from dougong.names.index import Index
from dougong.names.symbols import Kind, Symbol

Language = Literal["zh", "en"]
KINDS: dict[Kind, tuple[str, str]] = {
    "object": ("对象", "object"),
    "field": ("字段", "field"),
    "reverse": ("反向列表", "list at the other end of a link"),
    "option": ("选项", "option"),
    "stage": ("阶段", "stage"),
    "pipeline": ("流程", "pipeline"),
    "role": ("角色", "role"),
    "list": ("选项列表", "list of options"),
    "form": ("表单", "form"),
    "view": ("视图", "view"),
    "trigger": ("触发器", "trigger"),
    "approval": ("审批", "approval"),
    "calendar": ("工作日历", "working calendar"),
    "pool": ("公海", "pool"),
    "table": ("决策表", "decision table"),
    "channel": ("渠道", "channel"),
    "webhook": ("webhook", "webhook"),
    "connector": ("连接器", "connector"),
    "document": ("文档", "document"),
    "scenario": ("场景", "scenario"),
    "record": ("场景里的记录", "record of a scenario"),
    "person": ("场景里的人", "person of a scenario"),
}


def about(index: Index, symbol: Symbol, language: Language) -> str:
    """A name: its kind, titles, how it is written, where it is defined, as Markdown."""
    en = language == "en"
    found = index.world.declared.get(symbol)
    member = index.world.members.get(symbol.owner, {}).get(symbol.name) if symbol.kind in ("field", "reverse") else None
    owner = f"{symbol.owner}." if symbol.kind in ("field", "reverse", "stage") else ""
    of = index.world.objects_of.get(symbol, "") if symbol.kind == "record" else ""
    titles = found.titles if found is not None and found.titles else member.titles if member is not None else ()
    lines = [f"**{owner}{symbol.name}** · {KINDS[symbol.kind][en]}"]
    if of:
        lines.append(of)
    if titles:
        lines.append(" / ".join(dict.fromkeys(titles)))
    if member is not None and member.type:
        lines.append(f"```yaml\n{member.type}\n```")
    elif symbol.kind in ("option", "stage") and found is not None and found.long:
        lines.append(f"```yaml\n{shown(found.long)}\n```")
    if found is not None:
        lines.append(f"{'Defined in' if en else '定义在'} {found.word.place.file}:{found.word.place.line}")
    elif symbol.kind == "field":
        lines.append("Built in" if en else "系统自带")
    return "\n\n".join(lines)


def about_word(word: str, before: str, after: str, lines: list[str], at: tuple[int, int], language: Language) -> str | None:
    """A word that is no name: a function, a key or a field type. `before` and `after` are the line around it, `at` where it begins."""
    en = language == "en"
    function = ALIASES.get(word.upper())
    if function is not None and after.lstrip().startswith(("(", "(")):
        return described(function, language)
    if after.lstrip().startswith((":", ":")):
        return next(_key(word, lines, at, en), None)
    cls = FIELD_TYPES.get(word)
    if cls is not None and before.rstrip().endswith(":"):
        return f"**{word}** · {cls.title.en if en else cls.title.zh}"
    return next(_key(word, lines, at, en), None) if function is None else described(function, language)


def _key(word: str, lines: list[str], at: tuple[int, int], en: bool) -> Iterator[str]:
    there = spot(lines, *at)
    path = there.path if there.is_key or there.path[-1:] == (ITEM,) else there.path[:-1]
    part = part_at(path) or part_at(there.path)
    words = key_help(part.__name__, word) if part is not None else None
    if words is not None:
        yield f"**{word}** · {words[en]}"
