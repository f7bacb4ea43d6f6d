"""The commands `predict` and `route`: what to do with tickets."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from trust_router import defaults
from trust_router.basics.characters import escaped
from trust_router.cli import inputs as cli_inputs
from trust_router.cli.inputs import Files, check_folder, takes_files
from trust_router.cli.options import (
    AllowUnconverged,
    AsJson,
    BeliefColumns,
    CategoriesFile,
    CostsFile,
    HighMeans,
    PosteriorFile,
    RandomSeed,
    Scales,
)
from trust_router.cli.output import (
    describe_prediction,
    notes,
    predicted_table,
    print_json,
    say,
    show,
)
from trust_router.cli.tables import SpreadsheetSafe, as_csv, write_csv

__all__ = ["predict", "route"]


def predict(
    beliefs: Annotated[
        str,
        typer.Option(
            "--beliefs",
            help="Table of beliefs about the new tickets, long or wide.",
            show_default=False,
        ),
    ],
    posterior_file: Annotated[
        Path,
        typer.Option("--posterior", help="A posterior that `fit` saved.", show_default=False),
    ],
    belief_column: BeliefColumns = None,
    scale: Scales = None,
    high_means: HighMeans = None,
    categories_file: CategoriesFile = None,
    costs_file: Annotated[
        Path | None, typer.Option("--costs", help="TOML with a table [costs]; adds decisions.")
    ] = None,
    share: Annotated[
        float | None,
        typer.Option("--share", help="Share of tickets to escalate at most, 0 to 1."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="CSV to write.")] = None,
    spreadsheet_safe: SpreadsheetSafe = False,
    as_json: AsJson = False,
    allow_unconverged: AllowUnconverged = False,
) -> None:
    """Need of new tickets and what to do with them, as CSV."""
    check_folder(out)
    from trust_router.decisions.costs import read_costs
    from trust_router.learning.storage import load

    costs = None if costs_file is None else read_costs(costs_file)
    posterior = load(posterior_file)
    stated = cli_inputs.table_of_beliefs(
        beliefs, belief_column, posterior.panel, scale, high_means, categories_file
    )
    with notes():
        prediction = posterior.predict(stated, allow_unconverged=allow_unconverged)
    table = predicted_table(prediction, costs, share)
    say(describe_prediction(prediction, table))
    if costs is None and share is None:
        say("no costs are stated, so there is no decision; give --costs FILE or --share")
    # Printed first: a file that cannot be written then loses nothing.
    if as_json:
        print_json(table.to_dict("records"))
    elif out is None:
        typer.echo(as_csv(table, safe=spreadsheet_safe), nl=False)
    if out is not None:
        write_csv(table, out, safe=spreadsheet_safe)


@takes_files
def route(
    files: Files,
    category: Annotated[
        str | None, typer.Argument(help="Category of the ticket; may be left out if there is one.")
    ] = None,
    posterior_file: PosteriorFile = None,
    costs_file: CostsFile = None,
    tickets: Annotated[int, typer.Option("--tickets", min=1, help="How many to route.")] = 1,
    key: Annotated[
        str | None,
        typer.Option("--key", help="Of a conversation or user: the same key, the same draw."),
    ] = None,
    random_seed: RandomSeed = defaults.COMMAND_SEED,
    as_json: AsJson = False,
    allow_unconverged: AllowUnconverged = False,
) -> None:
    """Decide what to do with a ticket, and route it by Thompson sampling."""
    from trust_router.decisions import routing
    from trust_router.decisions.deciding import decide

    costs = cli_inputs.required_costs(costs_file, files.panel, posterior_file)
    posterior = cli_inputs.saved_or_solved(files, posterior_file)
    name = posterior.outcomes.meant(category)
    decision = decide(posterior, name, costs, allow_unconverged=allow_unconverged)
    routed = routing.route(
        posterior,
        name,
        costs,
        tickets=tickets,
        key=key,
        random_seed=random_seed,
        allow_unconverged=allow_unconverged,
    )
    if as_json:
        print_json({"decision": asdict(decision), "routed": [asdict(r) for r in routed]})
        return
    unit = costs.currency
    show(
        f"{escaped(name)}: {decision.action} "
        f"(certainty {decision.certainty:.1%}; need {decision.need:.1%}, "
        f"escalate above {decision.threshold:.1%}; "
        f"expected loss {decision.expected_loss:.4g} {unit})"
    )
    for i, ticket in enumerate(routed, start=1):
        model = "complex model" if ticket.escalate else "simple model first"
        router = escaped(ticket.router)
        show(f"Thompson {i}: {router} drawn, need {ticket.need:.1%} drawn -> {model}")
