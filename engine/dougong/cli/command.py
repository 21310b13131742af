"""The command's door: puts the groups together, and turns whatever happens into words and an exit code.

0 fine · 1 a mistake of the author or user · 2 wrong usage · 3 the engine's own fault (one line, and where the trace is).
"""

import itertools
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from dougong import __version__
from dougong.cli import (
    check,
    demo,
    doctor,
    evaluate,
    explain,
    fmt,
    handover,
    imports,
    jobs,
    lsp,
    new,
    plan,
    schema,
    serve,
    test,
    users,
    worker,
)
from dougong.cli.speech import FAULT, FINE, MISTAKE, Format, Lang, Mistake, Speech
from dougong.refusals import Refusal, Refused

HELP = "斗拱：用声明搭出来的客户管理系统。 / Dougong: a CRM put together from definitions."


def main() -> None:
    """Run the command line of this process and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command line; the exit code."""
    speech = Speech.of(_language(arguments), Format.JSON if _given(arguments, "--format") == "json" else Format.TEXT)
    try:
        application()(list(arguments), prog_name="dougong")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FINE
    except Mistake as mistake:
        speech.note(mistake.zh, mistake.en)
        speech.give({"errors": [{"message": mistake.text(speech.language)}]})
        return mistake.exit_code
    except Refused as refused:
        for refusal in refused.refusals:
            place = f" ({refusal.clause})" if refusal.clause else ""
            speech.note(*(f"{refusal.code.code} {refusal.message(language)}{place}" for language in ("zh", "en")))
        speech.give({"errors": [_as_json(r, speech.language) for r in refused.refusals]})
        return MISTAKE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough
        return MISTAKE
    except Exception as failure:  # noqa: BLE001 - whatever it is, a person gets one line
        return _fault(failure, speech)
    return FINE


def application() -> typer.Typer:
    """All commands."""
    app = typer.Typer(name="dougong", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback(help=HELP)(_root)
    for group in (new, check, test, plan, serve, worker, doctor, demo, evaluate, explain, fmt, imports, handover, schema, lsp):
        group.register(app)
    app.add_typer(users.user(), name="user")
    app.add_typer(users.token(), name="token")
    app.add_typer(jobs.jobs(), name="jobs")
    return app


def _root(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=lambda asked: _version(asked), help="版本 / version")
    ] = False,
) -> None:
    """Options before the command."""


def _version(asked: bool) -> None:
    if asked:
        print(f"dougong {__version__}")
        raise typer.Exit


def _language(arguments: Sequence[str]) -> Lang | None:
    """What --lang says, for the words of a failure."""
    given = _given(arguments, "--lang")
    return Lang(given) if given in list(Lang) else None


def _given(arguments: Sequence[str], option: str) -> str | None:
    """The value of an option, looked up without the parser: the failure may be the parser's."""
    pairs = itertools.pairwise(arguments)
    values = [value for name, value in pairs if name == option]
    values += [a.partition("=")[2] for a in arguments if a.startswith(f"{option}=")]
    return values[-1] if values else None


def _as_json(refusal: Refusal, language: str) -> dict[str, str | None]:
    return {"code": refusal.code.code, "field": refusal.field, "message": refusal.message(language), "clause": refusal.clause}


def _fault(failure: Exception, speech: Speech) -> int:
    """One line for the person, the whole trace in a file for whoever mends it."""
    with tempfile.NamedTemporaryFile("w", prefix="dougong-", suffix=".trace", delete=False, encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(failure)))
    what = f"{type(failure).__name__}: {failure}".splitlines()[0]
    speech.note(f"程序内部出错：{what}。详细信息在 {file.name}", f"Something went wrong inside: {what}. The full trace is in {file.name}")
    return FAULT
