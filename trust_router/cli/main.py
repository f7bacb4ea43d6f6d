"""The command line: its commands, and how it ends."""

from __future__ import annotations

import sys
import warnings
from typing import Annotated, Any, TextIO

import typer
from typer.core import TyperGroup

from trust_router.basics.warned import JudgeWarning
from trust_router.cli.ask import ask
from trust_router.cli.backtest import backtest
from trust_router.cli.categorizing import categorize
from trust_router.cli.checking import check
from trust_router.cli.codes import BAD_INPUT, INTERRUPTED, NOT_CONVERGED
from trust_router.cli.config import Configured
from trust_router.cli.deciding import predict, route
from trust_router.cli.exporting import export
from trust_router.cli.help import epilog
from trust_router.cli.judging import judges, savings
from trust_router.cli.learning import fit, solve
from trust_router.cli.logs import logs
from trust_router.cli.options import ALLOW
from trust_router.cli.output import say
from trust_router.cli.reporting import report
from trust_router.cli.starting import init
from trust_router.cli.updating import update
from trust_router.cli.verifying import verify
from trust_router.cli.watching import alarm

__all__ = ["app", "main"]


class _Commands(TyperGroup):
    """Commands that say so when they are interrupted; Typer ends without a word."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            say(f"interrupted{interrupt}")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Teach LLM routers to learn from their mistakes. Begin with `trust-router init DIR`. In a "
    "folder with a file trust_router.toml commands read what it names; without files the bundled "
    "example is used. Exit codes: 0 done, 2 bad input, 3 sampling has not converged, "
    "4 not all judges could be asked, 5 alarm: something has changed, 6 verified numbers differ, "
    "130 interrupted.",
)

for command in (
    init,
    check,
    solve,
    fit,
    update,
    alarm,
    judges,
    predict,
    savings,
    route,
    export,
    report,
    verify,
    categorize,
    logs,
    ask,
    backtest,
):
    # What the settings name is read by the others; `init` and `logs` write such files, and what
    # `verify` reads is said by what is verified.
    cls = None if command in (init, logs, verify) else Configured
    app.command(cls=cls, epilog=epilog(command.__name__))(command)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"trust-router {version('trust_router')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Options of the command itself."""


def main() -> None:
    """Run the command line; expected errors are one sentence on standard error."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("always", category=JudgeWarning)
            warnings.showwarning = _tell
            app()
    except (ValueError, OSError) as error:
        say(f"error: {error}")
        sys.exit(BAD_INPUT)
    except ModuleNotFoundError as error:
        if "pip install" not in str(error):  # an extra
            raise
        say(f"error: {error}")
        sys.exit(BAD_INPUT)
    except RuntimeError as error:
        # Its class is learned here: to import it would slow every other command down.
        if type(error).__name__ != "ConvergenceError":
            raise
        say(f"error: {error}".replace("`allow_unconverged=True`", ALLOW))
        sys.exit(NOT_CONVERGED)


def _tell(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001  # as the hook is called
    line: str | None = None,
) -> None:
    """Say a warning to users as a sentence, and any other as Python does."""
    if issubclass(category, UserWarning):
        say(f"warning: {message}")
    else:
        say(warnings.formatwarning(message, category, filename, lineno, line))


if __name__ == "__main__":
    main()
