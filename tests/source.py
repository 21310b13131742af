"""The project's own Python files as the tests about the house see them: path, module name, text, syntax tree."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"dougong": ROOT / "engine", "dougong_dsl": ROOT / "dsl"}


@dataclass(frozen=True)
class Module:
    """One Python file; `name` is dotted, a package goes by its own name."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        """Its path, seen from the root of the repository."""
        return self.path.relative_to(ROOT).as_posix()


def modules_under(folder: Path, base: Path) -> list[Module]:
    """All modules under `folder`, named from `base` on."""
    found = []
    for path in sorted(p for p in folder.rglob("*.py") if "node_modules" not in p.parts):
        parts = path.relative_to(base).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text(encoding="utf-8")
        found.append(Module(name, path, text, ast.parse(text)))
    return found


@cache
def product() -> tuple[Module, ...]:
    """The modules that are installed: the engine and the language."""
    return tuple(m for package, base in PACKAGES.items() for m in modules_under(base / package, base))


@cache
def everything() -> tuple[Module, ...]:
    """The product, the tests, the benchmarks and the build."""
    around = [m for folder in ("tests", "bench", "scripts", "examples") for m in modules_under(ROOT / folder, ROOT)]
    build = ROOT / "hatch_build.py"
    text = build.read_text(encoding="utf-8")
    return (*product(), *around, Module("hatch_build", build, text, ast.parse(text)))
