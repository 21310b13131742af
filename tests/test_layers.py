"""Layers point one way: a module imports from its own layer and from those below, no import goes in a circle, and an import
inside a function says why (`# lazy: reason`). A lazy import is the one way up, so each is worth its reason.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from tests.source import Module, product

# From top to bottom; names in one row may import each other. docs/architecture.md draws the same picture.
LAYERS = (
    ("dougong.cli",),
    ("dougong.lsp", "dougong.web"),
    ("dougong",),  # the package itself: the names that Python programs import
    ("dougong.flow",),
    ("dougong.engine",),
    ("dougong.exchange", "dougong.rewrite"),
    ("dougong.pipeline",),
    ("dougong.runtime",),
    ("dougong.access",),
    ("dougong.plan",),
    ("dougong.derive",),
    ("dougong.check",),
    ("dougong.model",),
    ("dougong.compose",),
    ("dougong.names",),
    ("dougong.definition",),
    ("dougong.calendars", "dougong.fields"),
    ("dougong.database", "dougong.refusals"),
    ("dougong.read",),
    ("dougong_dsl",),
)
RANK = {name: rank for rank, row in enumerate(LAYERS) for name in row}


@dataclass(frozen=True)
class Import:
    """`module` (at `where`) imports `target`, at its top or inside a function."""

    module: str
    target: str
    where: str
    is_lazy: bool


def test_every_module_has_a_layer() -> None:
    assert {m.name for m in product() if layer(m.name) is None} == set()


def test_no_module_imports_upward() -> None:
    up = [f"{i.where} imports {i.target}" for i in imports() if not i.is_lazy and rank(i.target) < rank(i.module)]
    assert up == []


def test_no_import_goes_in_a_circle() -> None:
    graph: dict[str, set[str]] = {m.name: set() for m in product()}
    for found in imports():
        if not found.is_lazy:
            graph[found.module].add(found.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(reversed(error.args[1]))) from None


def test_an_import_inside_a_function_says_why() -> None:
    silent = []
    for module in product():
        lines = module.text.splitlines()
        silent += [f"{module.where}:{n.lineno}" for n in inner_imports(module) if "# lazy: " not in lines[n.lineno - 1]]
    assert silent == []


def layer(name: str) -> str | None:
    """The layer a module belongs to: the longest name in LAYERS it starts with; the root `dougong` only for itself."""
    fitting = [known for known in RANK if name == known or (known != "dougong" and name.startswith(f"{known}."))]
    return max(fitting, key=len, default=None)


def rank(name: str) -> int:
    found = layer(name)
    assert found is not None, f"{name} has no layer"
    return RANK[found]


def imports() -> Iterator[Import]:
    """Every import of a module of the product by another one."""
    names = {m.name for m in product()}
    for module in product():
        lazy = inner_imports(module)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for target in targets(node, names) - {module.name}:
                    yield Import(module.name, target, f"{module.where}:{node.lineno}", node in lazy)


def targets(node: ast.Import | ast.ImportFrom, names: set[str]) -> set[str]:
    """The modules of the product that an import statement names."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names if alias.name in names}
    assert node.level == 0, f"line {node.lineno}: imports are absolute"
    base = node.module or ""
    wanted = {f"{base}.{alias.name}" if f"{base}.{alias.name}" in names else base for alias in node.names}
    return wanted & names


def inner_imports(module: Module) -> set[ast.stmt]:
    """The import statements that stand inside a function."""
    functions = (f for f in ast.walk(module.tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef))
    return {n for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)}
