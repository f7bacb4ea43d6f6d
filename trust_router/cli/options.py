"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trust_router.defaults import ModelName

__all__ = [
    "AsJson",
    "BeliefColumns",
    "BeliefsFile",
    "CategoriesFile",
    "Category",
    "Chains",
    "Columns",
    "CostsFile",
    "Draws",
    "HighMeans",
    "ModelChoice",
    "NeedValues",
    "OutcomesFile",
    "PanelFile",
    "PosteriorFile",
    "RandomSeed",
    "ResolvedValues",
    "Scales",
    "Tune",
]

_TABLES = (
    "CSV, TSV, JSON, JSON Lines, Parquet, Excel, a DuckDB or SQLite file or Postgres URL (#TABLE "
    "after it), or a SELECT"
)
PanelFile = Annotated[
    Path | None, typer.Option("--panel", help="Panel (TOML).", show_default="bundled example")
]
OutcomesFile = Annotated[
    str | None,
    typer.Option(
        "--outcomes",
        help=f"Outcomes: {_TABLES}.",
        show_default="bundled example",
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", help="Name of a column where it differs, as outcome=needed_complex."),
]
NeedValues = Annotated[
    list[str] | None,
    typer.Option(
        "--need",
        help="Value of an outcome that means that the complex model was needed; may be repeated.",
        show_default="1, true",
    ),
]
ResolvedValues = Annotated[
    list[str] | None,
    typer.Option(
        "--resolved",
        help="Value of an outcome that means that the simple model resolved the ticket.",
        show_default="0, false",
    ),
]
BeliefsFile = Annotated[
    str | None,
    typer.Option(
        "--beliefs",
        help="Table of beliefs about tickets or categories, long or wide (as --outcomes).",
        show_default="those of the panel",
    ),
]
BeliefColumns = Annotated[
    list[str] | None,
    typer.Option("--belief-column", help="As --column, in the table of beliefs: ticket=id."),
]
Scales = Annotated[
    list[str] | None,
    typer.Option(
        "--scale",
        help="Of scores in that table: lowest..highest, as 1..5, or percent, or log odds; of one "
        "judge as haiku=1..5. For words their probabilities of need, as "
        "verdict=pass:0.1,fail:0.9.",
        show_default="probabilities",
    ),
]
HighMeans = Annotated[
    list[str] | None,
    typer.Option(
        "--high-means",
        help="What a high score says: need, or resolved by the simple model; or of one judge, as "
        "haiku=resolved.",
        show_default="need",
    ),
]
CategoriesFile = Annotated[
    Path | None,
    typer.Option(
        "--categories",
        help="Table with ticket and category, as `categorize --out` writes it; joined to tickets.",
        show_default="those of the tables",
    ),
]
ModelChoice = Annotated[
    ModelName | None,
    typer.Option(
        "--model",
        help="Model.",
        show_default="pool for beliefs about tickets, else seed",
    ),
]
Category = Annotated[str | None, typer.Option("--category", help="Only this category.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ALLOW = "--allow-unconverged"
AllowUnconverged = Annotated[
    bool, typer.Option(ALLOW, help="Go on with draws that have not converged.")
]
RandomSeed = Annotated[int, typer.Option("--random-seed", "--seed", min=0, help="Random seed.")]
Draws = Annotated[
    int | None,
    typer.Option("--draws", min=1, help="Draws per chain; else 2,000, or as many as are enough."),
]
Tune = Annotated[
    int | None, typer.Option("--tune", min=1, help="Tuning steps per chain; else 1,000 or 400.")
]
Chains = Annotated[int, typer.Option("--chains", min=1, help="Number of chains.")]
PosteriorFile = Annotated[
    Path | None, typer.Option("--posterior", help="A posterior that `fit` saved.")
]
CostsFile = Annotated[
    Path | None, typer.Option("--costs", help="TOML with a table [costs]; default: the panel.")
]
