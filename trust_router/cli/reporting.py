"""The command `report`: one HTML file."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trust_router import defaults
from trust_router.cli import inputs as cli_inputs
from trust_router.cli.inputs import Files, check_folder, takes_files
from trust_router.cli.learning import fitted
from trust_router.cli.modelling import (
    Drift,
    FalseNeeded,
    FalseResolved,
    NoiseFlag,
    Traits,
    Zone,
)
from trust_router.cli.options import (
    AllowUnconverged,
    Chains,
    CostsFile,
    Draws,
    ModelChoice,
    PosteriorFile,
    RandomSeed,
    Tune,
)
from trust_router.cli.origin import origin_of
from trust_router.cli.output import say
from trust_router.inputs.origin import stated_path
from trust_router.inputs.reading.places import without_secrets

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["report"]


@takes_files
def report(
    files: Files,
    posterior_file: PosteriorFile = None,
    costs_file: CostsFile = None,
    out: Annotated[Path, typer.Option("--out", help="HTML file to write.")] = Path("report.html"),
    volume: Annotated[
        float | None, typer.Option("--volume", help="Tickets a month; default: as dates have it.")
    ] = None,
    closed: Annotated[bool, typer.Option("--exact", help="Closed form, no sampling.")] = False,
    model: ModelChoice = None,
    noise: NoiseFlag = False,
    false_needed: FalseNeeded = None,
    false_resolved: FalseResolved = None,
    drift: Drift = None,
    time_zone: Zone = None,
    random_seed: RandomSeed = defaults.COMMAND_SEED,
    draws: Draws = None,
    tune: Tune = None,
    chains: Chains = defaults.CHAINS,
    allow_unconverged: AllowUnconverged = False,
) -> None:
    """Write one self-contained HTML file: what to do, what it saves, and all behind it."""
    from trust_router.show.reports.volume import check_volume

    check_folder(out)
    if volume is not None:
        check_volume(volume)
    traits = Traits.of(noise, false_needed, false_resolved, drift, time_zone)
    costs = cli_inputs.stated_costs(costs_file, files.panel, posterior_file)
    if closed or posterior_file is not None:
        if model is not None:
            given = "--exact" if closed else "--posterior"
            raise ValueError(f"give {given} or --model, not both; --model is for a new fit")
        posterior = _exactly(files, posterior_file, traits)
    else:
        lengths = {"draws": draws, "tune": tune, "chains": chains}
        posterior = fitted(files, None, traits, model=model, random_seed=random_seed, **lengths)
    from trust_router.show.reports.report import write_report

    command = shlex.join(["trust-router", *map(_told, sys.argv[1:])])
    write_report(
        posterior,
        out,
        costs=costs,
        volume=volume,
        command=command,
        allow_unconverged=allow_unconverged,
    )
    say(f"wrote {out}")


def _exactly(files: Files, saved: Path | None, traits: Traits) -> Posterior:
    """Load a posterior, or solve what the files hold and note which they were."""
    from trust_router.learning.storage import noted

    posterior = cli_inputs.saved_or_solved(files, saved, traits)
    return posterior if saved is not None else noted(posterior, files=origin_of(files))


def _told(part: str) -> str:
    """Give a part of the command as others may read it: no password, no folder of this machine."""
    return stated_path(part) if Path(part).is_absolute() else without_secrets(part)
