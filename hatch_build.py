"""What the build adds to the Python files: the bundled front end, and the templates as `dougong/packs/<name>/`.

A source distribution carries the finished bundle, so a wheel made from it needs no Node. An editable install takes neither: it finds
the templates at the root of the checkout, and the Makefile keeps the bundle up to date.
"""

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = Path("engine/dougong/web/assets")
BUNDLE = Path("engine/dougong/web/static/dist/manifest.json")
RUNTIME = Path("dsl/dougong_dsl/expression/runtime.js")
FLAGSHIPS = ("manufacturing", "education", "pharma")
BLOCKS = "builtin_templates"


class CustomBuildHook(BuildHookInterface[Any]):
    """Called by hatchling before each target is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundle when it is older than its sources; name the files of the templates."""
        root = Path(self.root)
        if version == "editable":
            return
        if not (root / "PKG-INFO").exists() and not bundle_is_fresh(root):
            bundle(root)
        if self.target_name == "wheel":
            build_data["force_include"].update({str(source): target for source, target in packs(root)})


def packs(root: Path) -> list[tuple[Path, str]]:
    """Each file of each template under `root`, with its place in the wheel."""
    blocks = sorted(p for p in (root / BLOCKS).glob("*") if p.is_dir())
    folders = [root / name for name in FLAGSHIPS] + blocks
    files = [(folder, file) for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    own = [(folder, file) for folder, file in files if not any(p.startswith((".", "__")) for p in file.relative_to(folder).parts)]
    return [(file, f"dougong/packs/{folder.name}/{file.relative_to(folder).as_posix()}") for folder, file in own]


def bundle_is_fresh(root: Path) -> bool:
    """Whether the bundle exists and is younger than everything it is made of."""
    manifest = root / BUNDLE
    made_of = [root / RUNTIME, *(root / ASSETS).glob("*.*"), *(root / ASSETS / "src").rglob("*")]
    return manifest.exists() and all(p.stat().st_mtime <= manifest.stat().st_mtime for p in made_of if p.is_file())


def bundle(root: Path) -> None:
    """Fetch the locked packages and bundle the front end."""
    for command in (["npm", "ci", "--ignore-scripts"], ["npm", "run", "build"]):
        subprocess.run(command, cwd=root / ASSETS, check=True)
