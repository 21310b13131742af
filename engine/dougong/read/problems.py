"""libyaml's complaints in words that help: what it found, and what an author usually did."""

import yaml
from dougong_dsl.codes import reading as codes
from dougong_dsl.diagnostics import Diagnostic

from dougong.read.scalars import Text

_Pair = tuple[str, str]
_QUOTE: _Pair = (
    "含有 `: `、`#`、`{`、`[` 或以 `*`、`&`、`@`、`%` 开头的文字要放在引号里。",
    "Put text with `: `, `#`, `{`, `[`, or starting with `*`, `&`, `@`, `%` in quotes.",
)
_COLON: _Pair = (
    "值里有 `: ` 时要放在引号里；否则检查这一行的缩进。",
    "Put a value with `: ` in quotes; otherwise check how this line is indented.",
)
_INDENT: _Pair = ("检查这一行和上一行的缩进是否对齐。", "Check that this line and the one above are indented alike.")
# a part of libyaml's text → what was found, how to mend it
_TEXTS: tuple[tuple[str, _Pair, _Pair], ...] = (
    ("mapping values are not allowed", ("这里不能再出现一个冒号", "another colon cannot stand here"), _COLON),
    (
        "could not find expected ':'",
        ("这一行缺少冒号", "a colon is missing on this line"),
        ("键后面要写 `: `。", "Write `: ` behind the key."),
    ),
    ("found unexpected end of stream", ("引号没有结束", "a quote is not closed"), ("补上结束的引号。", "Add the closing quote.")),
    (
        "expected ',' or ']'",
        ("方括号没有结束，或缺少逗号", "a square bracket is not closed, or a comma is missing"),
        ("补上 `]` 或 `,`。", "Add `]` or `,`."),
    ),
    (
        "expected ',' or '}'",
        ("花括号没有结束，或缺少逗号", "a brace is not closed, or a comma is missing"),
        ("补上 `}` 或 `,`；值里有逗号时要加引号。", "Add `}` or `,`; a value with a comma needs quotes."),
    ),
    (
        "expected node content",
        ("括号没有结束，或缺少一个值", "a bracket is not closed, or a value is missing"),
        ("补上 `]`、`}` 或缺少的值。", "Add `]`, `}` or the missing value."),
    ),
    ("expected '-' indicator", ("列表里有一行不是以 `- ` 开头", "a line of this list does not start with `- `"), _INDENT),
    ("block sequence entries are not allowed", ("列表不能从这里开始", "a list cannot start here"), _INDENT),
    ("did not find expected key", ("这里应该是一个键", "a key should stand here"), _INDENT),
    ("cannot start any token", ("文字不能以这个字符开头", "a text cannot start with this character"), _QUOTE),
    (
        "escape",
        ("双引号里的 `\\` 后面不能是这个字符", "this character cannot follow `\\` in double quotes"),
        ("要写反斜杠本身请写 `\\\\`，或改用单引号。", "Write `\\\\` for a backslash, or use single quotes."),
    ),
)
_OTHER: tuple[_Pair, _Pair] = (("读到这里就读不下去了", "it cannot be read past this point"), _INDENT)


def syntax_problem(text: Text, problem: yaml.MarkedYAMLError) -> Diagnostic:
    """The diagnostic for a break of YAML's syntax; points to the start of an unclosed quote or bracket."""
    words = str(problem.problem or "")
    mark = problem.problem_mark or problem.context_mark
    place = text.place(mark.line, mark.column) if mark else text.place(0, 0)
    line = text.text[text.starts[place.line - 1] :].split("\n", 1)[0] if place.line <= len(text.starts) else ""
    tab = line[: len(line) - len(line.lstrip())].find("\t")
    if "\\t" in words or "tab" in words or tab >= 0:
        return codes.TAB.at(text.place(place.line - 1, max(tab, 0)))
    found, remedy = next(((found, remedy) for part, found, remedy in _TEXTS if part in words), _OTHER)
    if problem.context_mark and ("quote" in found[1] or "not closed" in found[1]):
        place = text.place(problem.context_mark.line, problem.context_mark.column)
    return codes.SYNTAX.at(place, problem=found, remedy=remedy)
