"""The command line: its commands, and how it ends."""

from __future__ import annotations

import sys

import typer

from trust_router.cli.ask import ask
from trust_router.cli.backtest import backtest
from trust_router.cli.categorizing import categorize
from trust_router.cli.deciding import predict, route
from trust_router.cli.learning import NOT_CONVERGED, fit, solve
from trust_router.cli.options import ALLOW
from trust_router.cli.reporting import report

__all__ = ["app", "main"]

BAD_INPUT = 2

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Teach LLM routers to learn from their mistakes. Without files the bundled example is "
    "used. Exit codes: 0 done, 2 bad input, 3 sampling has not converged, "
    "4 not all judges could be asked.",
)

for command in (solve, fit, predict, route, report, categorize, ask, backtest):
    app.command()(command)


def main() -> None:
    """Run the command line; expected errors are one sentence on standard error."""
    try:
        app()
    except (ValueError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(BAD_INPUT)
    except RuntimeError as error:
        # Its class is learned here: to import it would slow every other command down.
        if type(error).__name__ != "ConvergenceError":
            raise
        typer.echo(f"error: {error}".replace("`allow_unconverged=True`", ALLOW), err=True)
        sys.exit(NOT_CONVERGED)


if __name__ == "__main__":
    main()
