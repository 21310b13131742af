"""Names of the bundled files: `app.js` → `app-3F2A….js`, and which icons are in the sprite."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DIST = Path(__file__).parent.parent / "static" / "dist"


@dataclass(frozen=True, slots=True)
class Assets:
    """`files` maps a source name to its hashed name; `icons` are the symbols in the sprite."""

    files: dict[str, str]
    icons: frozenset[str]

    def url(self, name: str) -> str:
        """The path of a bundled file, below the root of the app."""
        return f"/static/dist/{self.files[name]}"

    def icon(self, name: str) -> str:
        """`name` when the sprite has it, else the icon for "some kind of record"."""
        return name if name in self.icons else "folder"


@lru_cache(maxsize=1)
def bundled() -> Assets:
    """What the last build made; read once per process."""
    manifest = DIST / "manifest.json"
    if not manifest.exists():
        raise FileNotFoundError(f"{manifest} is missing: run `make assets`")
    files: dict[str, str] = json.loads(manifest.read_text("utf-8"))
    sprite = (DIST / files["icons.svg"]).read_text("utf-8")
    return Assets(files, frozenset(re.findall(r'<symbol id="([^"]+)"', sprite)))
