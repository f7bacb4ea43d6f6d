"""The command `export`: decisions in one small file, for where PyMC is not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trust_router.cli import inputs as cli_inputs
from trust_router.cli.inputs import Files, check_folder, takes_files
from trust_router.cli.options import (
    AllowUnconverged,
    CostsFile,
    PosteriorFile,
)
from trust_router.cli.output import say

__all__ = ["export"]


@takes_files
def export(
    files: Files,
    out: Annotated[Path, typer.Option("--out", help="JSON file to write.", show_default=False)],
    posterior_file: PosteriorFile = None,
    costs_file: CostsFile = None,
    allow_unconverged: AllowUnconverged = False,
) -> None:
    """Write decisions to a small file that is read without PyMC, at once."""
    check_folder(out)
    from trust_router.decisions import exporting

    costs = cli_inputs.required_costs(costs_file, files.panel, posterior_file)
    posterior = cli_inputs.saved_or_solved(files, posterior_file)
    exporting.export(posterior, costs, out, allow_unconverged=allow_unconverged)
    say(f"wrote {out}")
