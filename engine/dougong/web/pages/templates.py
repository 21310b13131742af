"""Jinja2: one environment per language, so that a text is looked up in one place and macros need no context."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dougong.web.pages import texts
from dougong.web.pages.assets import bundled
from dougong.web.pages.reader import icon


@lru_cache(maxsize=len(texts.LANGUAGES))
def environment(language: str) -> Environment:
    """The environment of one language; templates are compiled once and kept."""
    made = Environment(
        loader=PackageLoader("dougong.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = texts.catalogue(language)
    install: Any = made
    install.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)
    made.globals.update(language=language, asset=bundled().url, icon=_icon, island_texts=lambda: _island_texts(language))
    return made


@pass_context
def _icon(context: Context, name: str, extra: str = "") -> Markup:
    return icon(str(context["root"]), name, extra)


@lru_cache(maxsize=len(texts.LANGUAGES))
def _island_texts(language: str) -> Markup:
    """The texts that scripts need, as JSON that cannot end its script element."""
    return Markup(orjson.dumps({key: texts.text(language, key) for key in texts.ISLANDS}).decode().replace("<", "\\u003c"))


@lru_cache(maxsize=256)
def macro(language: str, template: str, name: str) -> Callable[..., Markup]:
    """A macro of a template as a Python function: what the hot loops of lists call per cell."""
    found: Callable[..., Markup] = getattr(environment(language).get_template(template).module, name)
    return found


def render(template: str, shell: Any, page: Any) -> str:
    """The text of a page: `shell` is the frame around it, `page` its own dataclass."""
    return environment(shell.language).get_template(template).render(shell=shell, page=page, root=shell.root)


def respond(request: Request, template: str, shell: Any, page: Any, status: int = 200) -> HTMLResponse:
    """A page as a response."""
    del request
    return HTMLResponse(render(template, shell, page), status)
