"""`dougong lsp`: the language server, which an editor starts and talks to over standard input and output."""

import importlib.util

import typer

from dougong.cli.options import Packages, Tongue
from dougong.cli.speech import Mistake


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("lsp", help="给编辑器用的语言服务器 / the language server for editors")(lsp)


def lsp(packages: Packages = None, lang: Tongue = None) -> None:
    """Serve one editor. Its language, unless `--lang` says otherwise."""
    if importlib.util.find_spec("pygls") is None:
        raise Mistake(
            '语言服务器还没有安装，请运行 pip install "dougong[lsp]"', 'The language server is not installed: pip install "dougong[lsp]"'
        )
    from dougong.lsp.features import serve  # lazy: needs pygls, which is an extra

    serve(lang.value if lang else None, packages or ())
