"""Dougong: a CRM that ops staff put together without code. `Engine.open` is the door for Python programs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dougong.engine import Engine

__version__ = "0.1.0"
__all__ = ["Engine", "__version__"]


def __getattr__(name: str) -> Any:
    """`Engine`, loaded when somebody asks for it: the command line answers `--help` without it."""
    if name == "Engine":
        from dougong.engine import Engine  # lazy: see above

        return Engine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
