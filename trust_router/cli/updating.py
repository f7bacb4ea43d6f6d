"""The command `update`: a day's outcomes brought into a saved posterior."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trust_router import defaults
from trust_router.cli.codes import NOT_CONVERGED
from trust_router.cli.inputs import check_folder, column_names, counted, table_of_beliefs
from trust_router.cli.options import (
    AsJson,
    BeliefColumns,
    BeliefsFile,
    Columns,
    NeedValues,
    RandomSeed,
    ResolvedValues,
)
from trust_router.cli.output import describe_fit, notes, print_fit, print_json, say, say_matches
from trust_router.inputs.reading.outcomes import read_outcomes

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["update"]

_WAIT = 600  # seconds for another update of the same file


def update(
    posterior_file: Annotated[
        Path, typer.Option("--posterior", help="Saved posterior (netCDF).", show_default=False)
    ],
    outcomes: Annotated[
        Path | None, typer.Option("--outcomes", help="Table of the new outcomes.")
    ] = None,
    column: Columns = None,
    need: NeedValues = None,
    resolved: ResolvedValues = None,
    beliefs: BeliefsFile = None,
    belief_column: BeliefColumns = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Save here; by default the posterior is replaced."),
    ] = None,
    refit: Annotated[
        bool, typer.Option("--refit", help="Fit anew if the draws no longer hold.")
    ] = False,
    random_seed: RandomSeed = defaults.COMMAND_SEED,
    as_json: AsJson = False,
) -> None:
    """Bring new outcomes and beliefs into a saved posterior.

    Tickets are known by their identifiers: the same file twice changes nothing. The posterior is
    replaced whole or not at all, and two updates of one file wait for each other.
    """
    if outcomes is None and beliefs is None:
        raise ValueError("give --outcomes FILE, --beliefs FILE, or both")
    target = out or posterior_file
    check_folder(target)
    from filelock import FileLock, Timeout

    from trust_router.learning.storage import load

    lock = target.with_name(f".{target.name}.lock")
    try:
        with FileLock(lock, timeout=_WAIT):
            before = load(posterior_file)
            given: dict[str, Any] = {}
            if beliefs is not None:
                given["beliefs"] = table_of_beliefs(beliefs, belief_column, before.panel)
            elif belief_column:
                raise ValueError("--belief-column names columns of the table that --beliefs gives")
            if outcomes is not None:
                with notes():
                    given["outcomes"] = read_outcomes(
                        outcomes,
                        columns=column_names(column),
                        need=need or None,
                        resolved=resolved or None,
                    )
                say(counted(given["outcomes"]))
            updated = _updated(before, given, "auto" if refit else "never", random_seed)
            updated.save(target)
    except Timeout:
        raise OSError(f"another update of {target.name} has not ended for {_WAIT} s") from None
    if as_json:
        print_json(describe_fit(updated))
    else:
        print_fit(updated)
    say(f"saved {target}")


def _updated(before: Posterior, given: dict[str, Any], refit: str, random_seed: int) -> Posterior:
    """Update, and end the command where the draws no longer hold."""
    with notes():
        updated = before.update(**given, refit=refit, random_seed=random_seed)  # type: ignore[arg-type]
    last = updated.updates[-1]
    say(
        f"{last['added']:,} added, {last['corrected']:,} corrected, {last['same']:,} the same; "
        f"by {last['by']}"
    )
    say_matches(updated.rows.matches)
    if not updated.converged:
        say(f"error: {updated.diagnostics.verdict}; nothing was saved, use --refit")  # type: ignore[union-attr]
        raise typer.Exit(NOT_CONVERGED)
    return updated
