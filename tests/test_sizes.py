"""A budget for the tail: what makes a codebase tiring is not its median file but its longest ones."""

import ast

from tests.source import everything

MODULE_LINES = 500
FUNCTION_LINES = 60
# path → why it may be longer; path:function likewise
EXCEPTIONS: dict[str, str] = {}


def test_no_module_is_too_long() -> None:
    too_long = {m.where: len(m.text.splitlines()) for m in everything() if len(m.text.splitlines()) > MODULE_LINES}
    assert {where: lines for where, lines in too_long.items() if where not in EXCEPTIONS} == {}


def test_no_function_is_too_long() -> None:
    assert {where: lines for where, lines in function_lines().items() if lines > FUNCTION_LINES and where not in EXCEPTIONS} == {}


def test_every_exception_is_still_needed() -> None:
    sizes = function_lines()
    modules = {m.where: len(m.text.splitlines()) for m in everything()}
    needed = {w for w, n in sizes.items() if n > FUNCTION_LINES} | {w for w, n in modules.items() if n > MODULE_LINES}
    assert set(EXCEPTIONS) - needed == set()


def function_lines() -> dict[str, int]:
    """Length of every function and method, by `path:name`; the docstring counts."""
    lengths: dict[str, int] = {}
    for module in everything():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                where = f"{module.where}:{node.name}"
                lengths[where] = max(length, lengths.get(where, 0))
    return lengths
