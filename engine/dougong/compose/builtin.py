"""The templates and building blocks that come with Dougong: in the installed package, or at the root of a checkout."""

from pathlib import Path

FLAGSHIPS = ("manufacturing", "education", "pharma")


def builtin() -> dict[str, Path]:
    """Their folders by name."""
    package = Path(__file__).parent.parent
    root = package.parent.parent
    folders = sorted((package / "packs").glob("*")) or [
        *(root / name for name in FLAGSHIPS),
        *sorted((root / "builtin_templates").glob("*")),
        *sorted((root / "examples").glob("*")),
    ]
    return {folder.name: folder for folder in folders if (folder / "app.yaml").exists()}
