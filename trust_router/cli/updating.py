"""The command `update`: a day's outcomes brought into a saved posterior."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trust_router import defaults
from trust_router.basics.checks import shown_path
from trust_router.cli.changing import describe_traits, print_traits
from trust_router.cli.codes import NOT_CONVERGED
from trust_router.cli.inputs import (
    check_folder,
    check_no_table,
    column_names,
    counted,
    table_of_beliefs,
)
from trust_router.cli.options import (
    AsJson,
    BeliefColumns,
    BeliefsFile,
    CategoriesFile,
    Columns,
    HighMeans,
    NeedValues,
    RandomSeed,
    ResolvedValues,
    Scales,
)
from trust_router.cli.output import describe_fit, notes, print_fit, print_json, say, say_matches
from trust_router.inputs.reading.empty import NoRowsError
from trust_router.inputs.reading.outcomes import read_outcomes

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["update"]

_WAIT = 600  # seconds for another update of the same file
_NAME = 60  # characters of its name in that of its lock: names have at most 255 bytes


def update(
    posterior_file: Annotated[
        Path, typer.Option("--posterior", help="Saved posterior (netCDF).", show_default=False)
    ],
    outcomes: Annotated[
        str | None, typer.Option("--outcomes", help="Table of the new outcomes.")
    ] = None,
    column: Columns = None,
    need: NeedValues = None,
    resolved: ResolvedValues = None,
    beliefs: BeliefsFile = None,
    belief_column: BeliefColumns = None,
    scale: Scales = None,
    high_means: HighMeans = None,
    categories_file: CategoriesFile = None,
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
    if beliefs is None:
        check_no_table(belief_column, scale, high_means)
    target = out or posterior_file
    check_folder(target, "--out" if out else "--posterior")
    from trust_router.learning.storage import load

    with _alone(target):
        before = load(posterior_file)
        given: dict[str, Any] = {}
        if beliefs is not None:
            with _quiet_day("beliefs"):
                given["beliefs"] = table_of_beliefs(
                    beliefs, belief_column, before.panel, scale, high_means, categories_file
                )
        if outcomes is not None:
            with _quiet_day("outcomes"), notes():
                given["outcomes"] = read_outcomes(
                    outcomes,
                    columns=column_names(column),
                    need=need or None,
                    resolved=resolved or None,
                    categories=categories_file,
                )
                say(counted(given["outcomes"]))
        updated = before
        if given:
            updated = _updated(before, given, "auto" if refit else "never", random_seed)
        if given or out:
            updated.save(target)
    if as_json:
        print_json(describe_fit(updated) | describe_traits(updated))
    else:
        print_fit(updated)
        print_traits(updated)
    say(f"saved {target}" if given or out else "nothing was changed")


@contextmanager
def _quiet_day(what: str) -> Iterator[None]:
    """Say of a table without a row that nothing is new; a schedule need not know such days."""
    try:
        yield
    except NoRowsError:
        say(f"no new {what}")


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Wait until no other update writes the same file, by whatever name."""
    from filelock import FileLock, Timeout

    file = Path(os.path.realpath(target))
    lock = FileLock(file.with_name(f".{file.name[-_NAME:]}.lock"), timeout=_WAIT)
    try:
        lock.acquire()
    except Timeout:
        raise OSError(f"another update of {target.name} has not ended for {_WAIT} s") from None
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or "this file system has no locks"
        name = shown_path(Path(lock.lock_file))
        raise OSError(
            f"{name}, which keeps two updates apart, cannot be locked: {reason}"
        ) from None
    try:
        yield
    finally:
        lock.release()


def _updated(before: Posterior, given: dict[str, Any], refit: str, random_seed: int) -> Posterior:
    """Update, and end the command where the draws do not hold, or no longer."""
    if refit == "never":
        _end_unless_converged(before, "use --refit")
    with notes():
        updated = before.update(**given, refit=refit, random_seed=random_seed)  # type: ignore[arg-type]
    last = updated.updates[-1]
    say(
        f"{last['added']:,} added, {last['corrected']:,} corrected, {last['same']:,} the same; "
        f"by {last['by']}"
    )
    say_matches(updated.rows.matches)
    longer = "fit again with more --draws" if last["by"] == "nuts" else "use --refit"
    _end_unless_converged(updated, longer)
    return updated


def _end_unless_converged(posterior: Posterior, then: str) -> None:
    if not posterior.converged:
        say(f"error: {posterior.diagnostics.verdict}; nothing was saved, {then}")  # type: ignore[union-attr]
        raise typer.Exit(NOT_CONVERGED)
