"""The commands `solve` and `fit`: outcomes to trust."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trust_router import defaults
from trust_router.cli import inputs as cli_inputs
from trust_router.cli.changing import (
    describe_noisy,
    describe_traits,
    print_noisy,
    print_traits,
)
from trust_router.cli.codes import NOT_CONVERGED
from trust_router.cli.inputs import Files, check_folder, takes_files
from trust_router.cli.modelling import (
    Drift,
    FalseNeeded,
    FalseResolved,
    NoiseFlag,
    Traits,
    Zone,
)
from trust_router.cli.options import (
    AsJson,
    Category,
    Chains,
    Draws,
    ModelChoice,
    RandomSeed,
    Tune,
)
from trust_router.cli.origin import origin_of
from trust_router.cli.output import (
    describe_fit,
    describe_solved,
    notes,
    print_fit,
    print_json,
    print_solved,
    say,
    say_matches,
)
from trust_router.defaults import ModelName
from trust_router.inputs.matching import match
from trust_router.learning.exact import closed_form
from trust_router.learning.noise import Noise

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["fit", "fitted", "solve"]

Saved = Annotated[Path | None, typer.Option("--out", help="Save the posterior (netCDF).")]


@takes_files
def solve(
    files: Files,
    category: Category = None,
    noise: NoiseFlag = False,
    false_needed: FalseNeeded = None,
    false_resolved: FalseResolved = None,
    out: Saved = None,
    as_json: AsJson = False,
) -> None:
    """Trust, mixtures and evidence in closed form, at once.

    With --json: one object if there is one category (or --category), else {"categories": [...]}.
    """
    check_folder(out)
    traits = Traits.of(noise, false_needed, false_resolved)
    inputs = files.about_categories()
    names = cli_inputs.chosen_categories(inputs[2], category)
    if traits.noise is not None:
        _solve_noisy(files, inputs, traits.noise, names, out, as_json)
        return
    result = closed_form(*inputs)
    with notes():
        rows = match(*inputs)
    say_matches(rows.matches)
    described = [describe_solved(result, name) for name in names]
    if as_json:
        print_json(described[0] if len(described) == 1 else {"categories": described})
    else:
        for entry in described:
            print_solved(entry)
    if out is not None:
        from trust_router.learning.solving import solve_rows
        from trust_router.learning.storage import noted

        noted(solve_rows(inputs[0], rows), files=origin_of(files)).save(out)
        say(f"saved {out}")


def _solve_noisy(
    files: Files,
    inputs: tuple[Any, Any, Any],
    noise: Noise,
    names: Sequence[str],
    out: Path | None,
    js: bool,
) -> None:
    """Solve outcomes that may be wrong, and show it."""
    from trust_router.learning.solving import solve as solve_inputs

    with notes():
        posterior = solve_inputs(*inputs, noise=noise)
    say_matches(posterior.rows.matches)
    described = describe_noisy(posterior, names)
    if js:
        print_json(described)
    else:
        print_noisy(described, posterior)
    if out is not None:
        from trust_router.learning.storage import noted

        noted(posterior, files=origin_of(files)).save(out)
        say(f"saved {out}")


@takes_files
def fit(
    files: Files,
    model: ModelChoice = None,
    noise: NoiseFlag = False,
    false_needed: FalseNeeded = None,
    false_resolved: FalseResolved = None,
    drift: Drift = None,
    time_zone: Zone = None,
    out: Saved = None,
    random_seed: RandomSeed = defaults.COMMAND_SEED,
    draws: Draws = None,
    tune: Tune = None,
    chains: Chains = defaults.CHAINS,
    as_json: AsJson = False,
) -> None:
    """Fit a model with NUTS and show, and save, the posterior."""
    check_folder(out)
    traits = Traits.of(noise, false_needed, false_resolved, drift, time_zone)
    lengths = {"draws": draws, "tune": tune, "chains": chains}
    posterior = fitted(files, out, traits, model=model, random_seed=random_seed, **lengths)
    # Printed first: a file that cannot be written then loses nothing.
    if as_json:
        print_json(describe_fit(posterior) | describe_traits(posterior))
    else:
        print_fit(posterior)
        print_traits(posterior)
    if out is not None:
        posterior.save(out)
        say(f"saved {out}")


def fitted(
    files: Files, out: Path | None, traits: Traits, *, model: ModelName | None, **settings: Any
) -> Posterior:
    """Fit what the files hold; draws that have not converged end the command."""
    inputs = files.read()
    chosen = traits.model(model, inputs[1].about)
    interactive = sys.stderr.isatty()
    say("compiling and sampling; the first takes some 10 to 40 s")
    from trust_router.learning.diagnostics import ConvergenceError
    from trust_router.learning.fitting import fit as fit_model
    from trust_router.learning.storage import noted

    try:
        with notes():
            posterior = fit_model(*inputs, model=chosen, progressbar=interactive, **settings)
    except ConvergenceError as error:
        exactly = error.posterior.facts.closed_form
        instead = "; `trust-router solve` gives the same exactly" if exactly else ""
        say(f"error: {error.diagnostics.verdict}{instead}")
        if out is not None:
            kept = out.with_name(f"{out.stem}.unconverged{out.suffix}")
            error.posterior.save(kept)
            say(f"the draws are kept in {kept}")
        raise typer.Exit(NOT_CONVERGED) from None
    say_matches(posterior.rows.matches)
    return noted(posterior, files=origin_of(files))
