"""The app folders under test, with the samples that show each of their checks failing and passing."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from dougong.model.app import App
from dougong.pipeline import read_app

from tests.source import ROOT

SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Pack:
    """One app folder; `samples` says how to make a valid record of each object and how to break each check."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.relative_to(ROOT).as_posix()

    @property
    def samples(self) -> dict[str, Any]:
        """`records`: object → a valid record, in the order in which they can be made; `checks`: one row per check."""
        path = SAMPLES / f"{self.folder.name}.yaml"
        assert path.exists(), f"{self.name} has checks but no {path.relative_to(ROOT)}"
        loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return loaded

    @property
    def app(self) -> App:
        """The app, which must load."""
        found = _load(self.folder).app
        assert found is not None, f"{self.name} does not load"
        return found


_load = cache(read_app)


def _is_app(folder: Path) -> bool:
    return any("\napp:" in f"\n{f.read_text(encoding='utf-8')}" for f in folder.glob("*.yaml"))


_BASES = [
    *(ROOT / n for n in ("manufacturing", "education", "pharma")),
    *(ROOT / "builtin_templates").glob("*"),
    *(ROOT / "examples").glob("*"),
]
PACKS = tuple(Pack(f) for f in sorted(_BASES) if f.is_dir() and _is_app(f))
