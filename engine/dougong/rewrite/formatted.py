"""A whole app formatted: each file rewritten, and only what still loads to the same model is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from dougong.compose.composed import own_files
from dougong.model.app import App
from dougong.pipeline import Built, read_app
from dougong.read.templates import is_template
from dougong.rewrite.expressions import Expressions, summary
from dougong.rewrite.rewrite import Form, rewrite


@dataclass(frozen=True, slots=True)
class Formatted:
    """The app's own files after formatting; `kept` are files left as they were, for their new text would have meant something else."""

    files: Mapping[str, str]
    kept: tuple[str, ...]


def format_app(built: Built, form: Form = Form.KEEP) -> Formatted:
    """Every file of a sound app in the form that is asked for."""
    assert built.app is not None
    expressions = Expressions(built.app)
    before = {name: text for name, text in own_files(built.files).items() if not is_template(name)}
    after = {name: rewrite(name, text, form, expressions) for name, text in before.items()}
    meaning = summary(built.app)
    if _means(built, after, meaning):
        return Formatted(after, ())
    kept = [name for name in after if not _means(built, {**before, name: after[name]}, meaning)]
    return Formatted({name: before[name] if name in kept else text for name, text in after.items()}, tuple(kept))


def _means(built: Built, files: Mapping[str, str], meaning: object) -> bool:
    app: App | None = read_app({**built.files, **files}).app
    return app is not None and summary(app) == meaning
