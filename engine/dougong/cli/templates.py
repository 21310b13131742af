"""Where templates are: in the installed package, or at the root of a checkout."""

from pathlib import Path

from dougong_dsl.diagnostics import nearest

from dougong.cli.speech import Mistake
from dougong.compose.builtin import builtin

ENDINGS = {".yaml", ".yml"}


def find_template(name: str) -> Path:
    """The folder of a template by its name, or `name` itself when it is a folder with a definition in it. `Mistake` when there is none."""
    known = builtin()
    if name in known:
        return known[name]
    if Path(name).is_dir() and any(file.suffix in ENDINGS for file in Path(name).rglob("*")):
        return Path(name)
    near = nearest(name, known)
    names = ", ".join(known)
    raise Mistake(
        f"没有名为“{name}”的模板" + (f"，是不是“{near}”？" if near else f"，有：{names}"),
        f"There is no template “{name}”" + (f"; did you mean “{near}”?" if near else f"; there are: {names}"),
    )
