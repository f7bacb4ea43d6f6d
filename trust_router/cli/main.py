"""The command line: parses, calls and prints."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trust_router import defaults
from trust_router.cli import inputs as cli_inputs
from trust_router.cli.ask import ask
from trust_router.cli.backtest import backtest
from trust_router.cli.inputs import Files, check_folder
from trust_router.cli.options import (
    AsJson,
    BeliefColumns,
    BeliefsFile,
    Category,
    Chains,
    Columns,
    CostsFile,
    Draws,
    ModelChoice,
    OutcomesFile,
    PanelFile,
    PosteriorFile,
    Seed,
    Tune,
)
from trust_router.cli.output import (
    describe_exact,
    describe_fit,
    describe_prediction,
    predicted_table,
    print_exact,
    print_fit,
    print_json,
    say,
)
from trust_router.learning.exact import closed_form

if TYPE_CHECKING:
    from trust_router.categories.categorizer import Categorizer
    from trust_router.learning.posterior import Posterior

BAD_INPUT, NOT_CONVERGED = 2, 3

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Teach LLM routers to learn from their mistakes. Without files the bundled example is "
    "used. Exit codes: 0 done, 2 bad input, 3 sampling has not converged, "
    "4 not all judges could be asked.",
)


@app.command()
def exact(
    panel: PanelFile = None,
    outcomes: OutcomesFile = None,
    column: Columns = None,
    beliefs: BeliefsFile = None,
    belief_column: BeliefColumns = None,
    category: Category = None,
    as_json: AsJson = False,
) -> None:
    """Trust, mixtures and evidence in closed form, at once.

    With --json: one object if there is one category (or --category), else {"categories": [...]}.
    """
    files = Files(panel, outcomes, column, beliefs, belief_column)
    result = closed_form(*files.about_categories())
    names = cli_inputs.chosen_categories(result.outcomes, category)
    described = [describe_exact(result, name) for name in names]
    if as_json:
        print_json(described[0] if len(described) == 1 else {"categories": described})
        return
    for entry in described:
        print_exact(entry)


@app.command()
def fit(
    panel: PanelFile = None,
    outcomes: OutcomesFile = None,
    column: Columns = None,
    beliefs: BeliefsFile = None,
    belief_column: BeliefColumns = None,
    model: ModelChoice = None,
    out: Annotated[Path | None, typer.Option("--out", help="Save the posterior (netCDF).")] = None,
    seed: Seed = defaults.COMMAND_SEED,
    draws: Draws = defaults.DRAWS,
    tune: Tune = defaults.TUNE,
    chains: Chains = defaults.CHAINS,
    as_json: AsJson = False,
) -> None:
    """Fit a model with NUTS and show, and save, the posterior."""
    check_folder(out)
    files = Files(panel, outcomes, column, beliefs, belief_column)
    lengths = {"draws": draws, "tune": tune, "chains": chains}
    posterior = _fit(files, out, model=model, random_seed=seed, **lengths)
    if out is not None:
        posterior.save(out)
        say(f"saved {out}")
    if as_json:
        print_json(describe_fit(posterior))
        return
    print_fit(posterior)


@app.command()
def predict(
    beliefs: Annotated[
        Path,
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
    costs_file: Annotated[
        Path | None, typer.Option("--costs", help="TOML with a table [costs]; adds decisions.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="CSV to write.")] = None,
    as_json: AsJson = False,
) -> None:
    """Need of new tickets and what to do with them, as CSV."""
    check_folder(out)
    from trust_router.decisions.costs import read_costs
    from trust_router.learning.posterior import load

    costs = None if costs_file is None else read_costs(costs_file)
    posterior = load(posterior_file)
    stated = cli_inputs.table_of_beliefs(beliefs, belief_column, posterior.panel)
    prediction = posterior.predict(stated)
    table = predicted_table(prediction, costs)
    say(describe_prediction(prediction, table))
    if costs is None:
        say("no costs are stated, so there is no decision; give --costs FILE")
    if out is not None:
        table.to_csv(out, index=False, float_format="%.6g")
        say(f"wrote {out}")
    if as_json:
        print_json(table.to_dict("records"))
    elif out is None:
        typer.echo(table.to_csv(index=False, float_format="%.6g"), nl=False)


@app.command()
def route(
    category: Annotated[
        str | None, typer.Argument(help="Category of the ticket; may be left out if there is one.")
    ] = None,
    panel: PanelFile = None,
    outcomes: OutcomesFile = None,
    column: Columns = None,
    beliefs: BeliefsFile = None,
    belief_column: BeliefColumns = None,
    posterior_file: PosteriorFile = None,
    costs_file: CostsFile = None,
    tickets: Annotated[int, typer.Option("--tickets", min=1, help="How many to route.")] = 1,
    seed: Seed = defaults.COMMAND_SEED,
    as_json: AsJson = False,
) -> None:
    """Decide what to do with a ticket, and route it by Thompson sampling."""
    from trust_router.decisions import routing
    from trust_router.decisions.deciding import decide

    costs = cli_inputs.required_costs(costs_file, panel, posterior_file)
    files = Files(panel, outcomes, column, beliefs, belief_column)
    posterior = cli_inputs.saved_or_solved(files, posterior_file)
    name = cli_inputs.category_of(posterior.outcomes, category)
    decision = decide(posterior, name, costs)
    routed = routing.route(posterior, name, costs, tickets=tickets, random_seed=seed)
    if as_json:
        print_json({"decision": asdict(decision), "routed": [asdict(r) for r in routed]})
        return
    unit = costs.currency
    typer.echo(
        f"{name}: {decision.action} (certainty {decision.certainty:.1%}; need {decision.need:.1%}, "
        f"escalate above {decision.threshold:.1%}; "
        f"expected loss {decision.expected_loss:.4g} {unit})"
    )
    for i, ticket in enumerate(routed, start=1):
        model = "complex model" if ticket.escalate else "simple model first"
        typer.echo(f"Thompson {i}: {ticket.router} drawn, need {ticket.need:.1%} drawn -> {model}")


@app.command()
def report(
    panel: PanelFile = None,
    outcomes: OutcomesFile = None,
    column: Columns = None,
    beliefs: BeliefsFile = None,
    belief_column: BeliefColumns = None,
    posterior_file: PosteriorFile = None,
    costs_file: CostsFile = None,
    out: Annotated[Path, typer.Option("--out", help="HTML file to write.")] = Path("report.html"),
    closed: Annotated[bool, typer.Option("--exact", help="Closed form, no sampling.")] = False,
    model: ModelChoice = None,
    seed: Seed = defaults.COMMAND_SEED,
    draws: Draws = defaults.DRAWS,
    tune: Tune = defaults.TUNE,
    chains: Chains = defaults.CHAINS,
) -> None:
    """Write one self-contained HTML file: trust, decision, diagnostics, provenance."""
    check_folder(out)
    costs = cli_inputs.stated_costs(costs_file, panel, posterior_file)
    files = Files(panel, outcomes, column, beliefs, belief_column)
    if closed or posterior_file is not None:
        if model is not None:
            given = "--exact" if closed else "--posterior"
            raise ValueError(f"give {given} or --model, not both; --model is for a new fit")
        posterior = cli_inputs.saved_or_solved(files, posterior_file)
    else:
        lengths = {"draws": draws, "tune": tune, "chains": chains}
        posterior = _fit(files, None, model=model, random_seed=seed, **lengths)
    from trust_router.show.reports.report import write_report

    command = shlex.join(["trust-router", *sys.argv[1:]])
    write_report(posterior, out, costs=costs, command=command)
    say(f"wrote {out}")


@app.command()
def categorize(
    tickets: Annotated[
        Path, typer.Argument(help="Tickets with the columns ticket and text.", show_default=False)
    ],
    column: Columns = None,
    categories: Annotated[
        int | None,
        typer.Option("--categories", min=1, help="How many.", show_default="suggested"),
    ] = None,
    embedding: Annotated[str, typer.Option(help="tfidf or wordllama.")] = defaults.EMBEDDING,
    save: Annotated[Path | None, typer.Option("--save", help="Save the categories.")] = None,
    using: Annotated[
        Path | None, typer.Option("--using", help="Assign to categories that --save wrote.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="CSV with ticket, category, confidence.")
    ] = None,
    seed: Seed = defaults.COMMAND_SEED,
    as_json: AsJson = False,
) -> None:
    """Find categories in the texts of tickets, or assign tickets to saved ones."""
    from trust_router.categories.assigned import assign_tickets, count_categories
    from trust_router.inputs.texts import read_texts

    for path, option in ((out, "--out"), (save, "--save")):
        check_folder(path, option)
    columns = cli_inputs.column_names(column)
    read = read_texts(tickets, columns=columns)
    categorizer = _categorizer(read.texts, categories, embedding, using, seed)
    assigned = assign_tickets(categorizer, read)
    if save is not None:
        categorizer.save(save)
        say(f"saved {save}")
    if out is not None:
        assigned.to_csv(out, index=False, float_format="%.4f")
        say(f"wrote {out}")
    counts = count_categories(categorizer, assigned)
    if as_json:
        held = {"categories": counts.reset_index(), "tickets": assigned}
        described = {name: table.to_dict("records") for name, table in held.items()}
        print_json(described | {"provenance": dict(categorizer.provenance)})
        return
    typer.echo(counts.to_string(float_format=lambda share: f"{share:.1%}"))


app.command()(ask)
app.command()(backtest)


def main() -> None:
    """Run the command line; expected errors are one sentence on standard error."""
    try:
        app()
    except (ValueError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(BAD_INPUT)


def _fit(files: Files, out: Path | None, **settings: Any) -> Posterior:
    inputs = files.read()
    interactive = sys.stderr.isatty()
    say("compiling and sampling; the first takes some 10 to 40 s")
    from trust_router.learning.diagnostics import ConvergenceError
    from trust_router.learning.fitting import fit as fit_model

    try:
        return fit_model(*inputs, progressbar=interactive, **settings)
    except ConvergenceError as error:
        typer.echo(f"error: {error.diagnostics.verdict}", err=True)
        if out is not None:
            kept = out.with_name(f"{out.stem}.unconverged{out.suffix}")
            error.posterior.save(kept)
            typer.echo(f"the draws are kept in {kept}", err=True)
        raise typer.Exit(NOT_CONVERGED) from None


def _categorizer(
    texts: list[str], number: int | None, embedding: str, using: Path | None, seed: int
) -> Categorizer:
    from trust_router.categories.categorizer import load_categories
    from trust_router.categories.embedding import check_embedding
    from trust_router.categories.finding import fit_categories
    from trust_router.categories.suggesting import suggest_categories

    try:
        if using is not None:
            if number is not None:
                raise ValueError("give --categories or --using, not both; a saved one has its own")
            return load_categories(using)
        name = check_embedding(embedding)
        if number is None:
            say("comparing numbers of categories")
            suggestion = suggest_categories(texts, embedding=name, random_seed=seed)
            say(suggestion.reason)
            number = suggestion.n_categories
        say(f"finding {number} categories in {len(texts)} tickets")
        return fit_categories(texts, number, embedding=name, random_seed=seed)
    except ModuleNotFoundError as error:
        raise ValueError(str(error)) from None


if __name__ == "__main__":
    main()
