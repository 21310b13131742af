"""What the scripts of the pages must not do."""

from pathlib import Path

import dougong.web

SOURCES = Path(dougong.web.__file__).parent / "assets" / "src"


def test_scripts_ask_no_form_for_what_a_field_may_be_called() -> None:
    """`form.action` is the input of a field named action, where an app has one."""
    used = [f"{path.name}: {name}" for path in SOURCES.rglob("*.ts") for name in ("action", "method") if f"form.{name}" in _code(path)]
    assert used == []


def _code(path: Path) -> str:
    return "\n".join(line.partition("//")[0] for line in path.read_text("utf-8").splitlines() if not line.lstrip().startswith("/**"))
