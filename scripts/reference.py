"""Writes docs/reference/ from the tables the engine itself runs on: field types, functions, diagnostics, refusals.

`python -m scripts.reference` writes; a test compares, so that a page can neither be forgotten nor edited by hand.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import dougong
from dougong.fields.base import FieldType, Word
from dougong.fields.registry import FIELD_TYPES
from dougong.refusals import RefusalCode
from dougong_dsl.codes import CATALOGUE
from dougong_dsl.diagnostics import Code
from dougong_dsl.expression.functions import FUNCTIONS

from scripts import reference_language
from scripts.wrong_and_right import examples, told

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Written by `python -m scripts.reference`; do not edit. -->\n"


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> Mapping[str, str]:
    """The text of every page by its file name."""
    return {
        "field-types.md": field_types(),
        "functions.md": functions(),
        "diagnostics.md": diagnostics(),
        "refusals.md": refusals(),
        "keys.md": f"{NOTE}\n{reference_language.keys(_table)}",
        "operators.md": f"{NOTE}\n{reference_language.operators(_table)}",
    }


def field_types() -> str:
    """One row per field type: how a line of it is written, what it takes, what it can be filtered by."""
    rows = [
        (
            f"`{_line(cls)}`",
            f"{cls.title.zh} / {cls.title.en}",
            _purpose(cls.Options),
            _operators(cls),
            _yes(cls.is_searchable),
            _yes(cls.is_sortable),
        )
        for cls in FIELD_TYPES.values()
    ]
    head = ("写法 / Written", "类型 / Type", "选项 / Options", "筛选 / Filters", "`searchable`", "排序 / Sorts")
    words = (
        '每个字段还可以带 `required`、`unique`、`indexed`、`searchable`、`masked`、`default 值`、`"中文标题" "English title"`、`= 公式`;'
        "长写法另有 `required_when`、`show_when`、`help`、`was`、`retired`。\n\n"
        'Every field may also carry `required`, `unique`, `indexed`, `searchable`, `masked`, `default value`, `"标题" "Title"`, `= formula`; '
        "the long form adds `required_when`, `show_when`, `help`, `was`, `retired`.\n"
    )
    return f"{NOTE}\n# 字段类型 / Field types\n\n{words}\n{_table(head, rows)}"


def functions() -> str:
    """One table per family of functions, with an example that is itself a test."""
    families: dict[str, list[tuple[str, ...]]] = {}
    for function in FUNCTIONS.values():
        examples = " <br> ".join(f"`{e.text}` → {e.value}" for e in function.examples)
        names = f"`{function.signature}`" + "".join(f" · `{a}`" for a in function.aliases)
        rows = families.setdefault(function.family, [])
        if (row := (names, f"{function.zh}<br>{function.en}", examples)) not in rows:
            rows.append(row)
    head = ("函数 / Function", "作用 / What it does", "例子 / Examples")
    parts = [f"## {family}\n\n{_table(head, rows)}" for family, rows in families.items()]
    return f"{NOTE}\n# 函数 / Functions\n\n大小写都行。Upper or lower case.\n\n" + "\n".join(parts)


def diagnostics() -> str:
    """What an author of a definition may be told: one table, then each with a definition that is told it and one that is not."""
    codes = sorted(CATALOGUE.values(), key=lambda c: c.code)
    rows = [(c.code, c.severity, c.zh, c.en) for c in codes]
    words = "检查定义时的提示,编号不会改变。 What `dougong check` says; a code keeps its meaning forever.\n"
    table = _table(("编号 / Code", "级别 / Severity", "中文", "English"), rows)
    shown = {is_right: {e.code: e for e in reversed(examples()) if e.is_right is is_right} for is_right in (False, True)}
    pairs = {each.code: ("yaml" if each.is_app else "text", each.wrong, each.right) for each in told()}
    pairs |= {code: ("yaml", wrong.shown, shown[True][code].shown) for code, wrong in shown[False].items()}
    parts = [_example(code, *pairs[code.code]) for code in codes if code.code in pairs]
    silence = (
        "警告可以在出现它的那一行忽略,但要写原因。 A warning can be silenced on its line, with a reason: "
        "`# dougong: ignore T701 because …` · `# dougong: ignore T701 因为 …`\n"
    )
    return f"{NOTE}\n# 诊断 / Diagnostics\n\n{words}\n{silence}\n{table}\n## 例子 / Examples\n\n" + "\n".join(parts)


def _example(code: Code, kind: str, wrong: str, right: str) -> str:
    hint = " ".join(part for part in (code.hint_zh, code.hint_en) if part and "{" not in part)
    blocks = "\n\n".join(f"{word}:\n\n```{kind}\n{text}\n```" for word, text in (("错 / Wrong", wrong), ("对 / Right", right)))
    return f"### {code.code}\n\n{hint}{chr(10) * 2 if hint else ''}{blocks}\n"


def refusals() -> str:
    """What a user of a running app may be told."""
    rows = [(c.code, str(c.status), c.zh, c.en) for c in refusal_codes()]
    words = "保存、查询、导入被拒绝时的提示。 What a refused write, question or import is told; the status is that of the HTTP API.\n"
    return f"{NOTE}\n# 拒绝 / Refusals\n\n{words}\n{_table(('编号 / Code', 'HTTP', '中文', 'English'), rows)}"


def refusal_codes() -> list[RefusalCode]:
    """Every refusal of the engine, by code."""
    modules = [m.name for m in pkgutil.walk_packages(dougong.__path__, "dougong.") if m.name.rpartition(".")[2] == "refusals"]
    found = {v for name in modules for v in vars(importlib.import_module(name)).values() if isinstance(v, RefusalCode)}
    return sorted(found, key=lambda c: c.code)


def _line(cls: type[FieldType]) -> str:
    """How a line of this type is written."""
    written = cls.key + (f"({cls.call_key})" if cls.call_key else "") + (f" {cls.after_key}" if cls.after_key else "")
    shapes = {Word.FLAG: "[{}]", Word.VALUE: "[{} …]", Word.LIST: "[{}(…)]"}
    return " ".join([written, *(shapes[word].format(name) for name, word in cls.words.items())])


def _purpose(options: type) -> str:
    text = " ".join((options.__doc__ or "").split())
    return "" if text.startswith("The type's own keys") else text


def _operators(cls: type[FieldType]) -> str:
    return "、".join(f"{o.title.zh}" for o in cls.operators)


def _yes(value: bool) -> str:
    return "✓" if value else ""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
