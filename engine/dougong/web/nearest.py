"""The tail of a refusal that names the nearest right word."""

from collections.abc import Iterable

from dougong_dsl.diagnostics import nearest


def nearest_words(name: str, names: Iterable[str]) -> tuple[str, str]:
    """The tail of a sentence that names the nearest right name, in both languages; empty when nothing is near."""
    near = nearest(name, names)
    return (f"，是不是“{near}”？", f"; did you mean `{near}`?") if near else ("", "")
