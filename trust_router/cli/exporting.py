"""The command `export`: decisions in one small file, for where PyMC is not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trust_router.cli import inputs as cli_inputs
from trust_router.cli.inputs import Files, check_folder
from trust_router.cli.options import (
    AllowUnconverged,
    BeliefColumns,
    BeliefsFile,
    CategoriesFile,
    Columns,
    CostsFile,
    HighMeans,
    NeedValues,
    OutcomesFile,
    PanelFile,
    PosteriorFile,
    ResolvedValues,
    Scales,
)
from trust_router.cli.output import say

__all__ = ["export"]


def export(
    out: Annotated[Path, typer.Option("--out", help="JSON file to write.", show_default=False)],
    panel: PanelFile = None,
    outcomes: OutcomesFile = None,
    column: Columns = None,
    need: NeedValues = None,
    resolved: ResolvedValues = None,
    beliefs: BeliefsFile = None,
    belief_column: BeliefColumns = None,
    scale: Scales = None,
    high_means: HighMeans = None,
    categories_file: CategoriesFile = None,
    posterior_file: PosteriorFile = None,
    costs_file: CostsFile = None,
    allow_unconverged: AllowUnconverged = False,
) -> None:
    """Write decisions to a small file that is read without PyMC, at once."""
    check_folder(out)
    from trust_router.decisions import exporting

    costs = cli_inputs.required_costs(costs_file, panel, posterior_file)
    files = Files(
        panel,
        outcomes,
        column,
        beliefs,
        belief_column,
        need,
        resolved,
        scale,
        high_means,
        categories_file,
    )
    posterior = cli_inputs.saved_or_solved(files, posterior_file)
    exporting.export(posterior, costs, out, allow_unconverged=allow_unconverged)
    say(f"wrote {out}")
