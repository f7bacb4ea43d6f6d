"""The command line: parses, calls and prints."""

from __future__ import annotations

import json
import math
import os
import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trust_router import defaults
from trust_router.beliefs import stated_beliefs
from trust_router.exact import ClosedForm, closed_form
from trust_router.examples import example_path
from trust_router.outcomes import read_outcomes
from trust_router.panel import read_panel

if TYPE_CHECKING:
    from trust_router.beliefs import Beliefs
    from trust_router.categorizer import Categorizer
    from trust_router.outcomes import Outcomes
    from trust_router.panel import Panel
    from trust_router.posterior import Posterior

BAD_INPUT, NOT_CONVERGED = 2, 3

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Teach LLM routers to learn from their mistakes. Without files the bundled example is "
    "used. Exit codes: 0 done, 2 bad input, 3 sampling has not converged.",
)

PanelFile = Annotated[
    Path | None, typer.Option("--panel", help="Panel (TOML).", show_default="bundled example")
]
OutcomesFile = Annotated[
    Path | None,
    typer.Option(
        "--outcomes",
        help="Outcomes (.csv, .csv.gz, .jsonl, .ndjson, .parquet).",
        show_default="bundled example",
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", help="Name of a column where it differs, as outcome=escalated."),
]
Category = Annotated[str | None, typer.Option("--category", help="Only this category.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Random seed.")]
Draws = Annotated[int, typer.Option("--draws", min=1, help="Draws per chain.")]
Tune = Annotated[int, typer.Option("--tune", min=1, help="Tuning steps per chain.")]
Chains = Annotated[int, typer.Option("--chains", min=1, help="Number of chains.")]
PosteriorFile = Annotated[
    Path | None, typer.Option("--posterior", help="A posterior that `fit` saved.")
]
CostsFile = Annotated[
    Path | None, typer.Option("--costs", help="TOML with a table [costs]; default: the panel.")
]


@app.command()
def exact(
    panel: PanelFile = None,
    outcomes: OutcomesFile = None,
    column: Columns = None,
    category: Category = None,
    as_json: AsJson = False,
) -> None:
    """Trust, mixtures and evidence in closed form, at once.

    With --json: one object if there is one category (or --category), else {"categories": [...]}.
    """
    inputs = _read_inputs(panel, outcomes, column)
    result = closed_form(*inputs)
    names = _chosen(result.outcomes, category)
    described = [_describe(result, name) for name in names]
    if as_json:
        _print_json(described[0] if len(described) == 1 else {"categories": described})
        return
    for entry in described:
        _print_exact(entry)


@app.command()
def fit(
    panel: PanelFile = None,
    outcomes: OutcomesFile = None,
    column: Columns = None,
    out: Annotated[Path | None, typer.Option("--out", help="Save the posterior (netCDF).")] = None,
    seed: Seed = defaults.COMMAND_SEED,
    draws: Draws = defaults.DRAWS,
    tune: Tune = defaults.TUNE,
    chains: Chains = defaults.CHAINS,
    as_json: AsJson = False,
) -> None:
    """Fit the model with NUTS and show, and save, the posterior."""
    _check_folder(out)
    inputs = _read_inputs(panel, outcomes, column)
    posterior = _fit(inputs, out, random_seed=seed, draws=draws, tune=tune, chains=chains)
    if out is not None:
        posterior.save(out)
        _say(f"saved {out}")
    if as_json:
        _print_json(_describe_fit(posterior))
        return
    typer.echo(posterior.trust()[["initial", "mean", "mcse", "ess_bulk", "r_hat"]].to_string())
    typer.echo(f"\n{posterior.diagnostics.verdict if posterior.diagnostics else ''}")


@app.command()
def route(
    category: Annotated[
        str | None, typer.Argument(help="Category of the ticket; may be left out if there is one.")
    ] = None,
    panel: PanelFile = None,
    outcomes: OutcomesFile = None,
    column: Columns = None,
    posterior_file: PosteriorFile = None,
    costs_file: CostsFile = None,
    tickets: Annotated[int, typer.Option("--tickets", min=1, help="How many to route.")] = 1,
    seed: Seed = defaults.COMMAND_SEED,
    as_json: AsJson = False,
) -> None:
    """Decide what to do with a ticket, and route it by Thompson sampling."""
    from trust_router import decisions

    costs = _read_costs(costs_file, panel, posterior_file)
    posterior = _posterior(panel, outcomes, column, posterior_file)
    name = _one_category(posterior.outcomes, category)
    decision = decisions.decide(posterior, name, costs)
    routed = decisions.route(posterior, name, costs, tickets=tickets, random_seed=seed)
    if as_json:
        _print_json({"decision": asdict(decision), "routed": [asdict(r) for r in routed]})
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
    posterior_file: PosteriorFile = None,
    costs_file: CostsFile = None,
    out: Annotated[Path, typer.Option("--out", help="HTML file to write.")] = Path("report.html"),
    closed: Annotated[bool, typer.Option("--exact", help="Closed form, no sampling.")] = False,
    seed: Seed = defaults.COMMAND_SEED,
    draws: Draws = defaults.DRAWS,
    tune: Tune = defaults.TUNE,
    chains: Chains = defaults.CHAINS,
) -> None:
    """Write one self-contained HTML file: trust, decision, diagnostics, provenance."""
    _check_folder(out)
    costs = _read_costs(costs_file, panel, posterior_file, required=False)
    if closed or posterior_file is not None:
        posterior = _posterior(panel, outcomes, column, posterior_file)
    else:
        inputs = _read_inputs(panel, outcomes, column)
        posterior = _fit(inputs, None, random_seed=seed, draws=draws, tune=tune, chains=chains)
    from trust_router.report import write_report

    command = shlex.join(["trust-router", *sys.argv[1:]])
    write_report(posterior, out, costs=costs, command=command)
    _say(f"wrote {out}")


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
    from trust_router import ticket_texts

    for path, option in ((out, "--out"), (save, "--save")):
        _check_folder(path, option)
    columns = dict(_pair(text) for text in column or [])
    read = ticket_texts.read_texts(tickets, columns=columns)
    categorizer = _categorizer(read.texts, categories, embedding, using, seed)
    assigned = ticket_texts.assign_tickets(categorizer, read)
    if save is not None:
        categorizer.save(save)
        _say(f"saved {save}")
    if out is not None:
        assigned.to_csv(out, index=False, float_format="%.4f")
        _say(f"wrote {out}")
    counts = ticket_texts.count_categories(categorizer, assigned)
    if as_json:
        held = {"categories": counts.reset_index(), "tickets": assigned}
        described = {name: table.to_dict("records") for name, table in held.items()}
        _print_json(described | {"provenance": dict(categorizer.provenance)})
        return
    typer.echo(counts.to_string(float_format=lambda share: f"{share:.1%}"))


def main() -> None:
    """Run the command line; expected errors are one sentence on standard error."""
    try:
        app()
    except (ValueError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(BAD_INPUT)


def _read_inputs(
    panel: Path | None, outcomes: Path | None, column: list[str] | None
) -> tuple[Panel, Beliefs, Outcomes]:
    bundled = [name for name, path in (("panel", panel), ("outcomes", outcomes)) if path is None]
    if bundled:
        _say(f"using the bundled {' and '.join(bundled)}")
    declared = read_panel(panel or example_path("panel.toml"))
    columns = dict(_pair(text) for text in column or [])
    counted = read_outcomes(outcomes or example_path("outcomes.csv"), columns=columns)
    _say(_counted(counted))
    return declared, stated_beliefs(declared, counted.categories), counted


def _counted(outcomes: Outcomes) -> str:
    known, missing = int(outcomes.trials.sum()), int(outcomes.missing.sum())
    categories = len(outcomes.categories)
    text = (
        f"{known} ticket{'s' * (known != 1)} with a known outcome in {categories} "
        f"categor{'y' if categories == 1 else 'ies'}"
    )
    if not missing:
        return text
    return f"{text}; {missing} more with an unknown one, left out"


def _pair(text: str) -> tuple[str, str]:
    key, equals, name = text.partition("=")
    if not equals:
        raise ValueError(f"--column must read ours=theirs, as outcome=escalated; got {text!r}")
    return key, name


def _read_costs(
    costs: Path | None, panel: Path | None, posterior: Path | None, *, required: bool = True
) -> Any:
    from trust_router.decisions import read_costs
    from trust_router.panel import read_toml

    if costs is not None:
        return read_costs(costs)
    if panel is None and posterior is None:
        return read_costs(example_path("panel.toml"))
    if panel is not None and (required or "costs" in read_toml(panel)):
        return read_costs(panel)
    if required:
        raise ValueError("no costs are stated; give --costs FILE, a TOML file with a table [costs]")
    return None


def _posterior(
    panel: Path | None, outcomes: Path | None, column: list[str] | None, saved: Path | None
) -> Posterior:
    from trust_router.posterior import load, solve

    if saved is None:
        return solve(*_read_inputs(panel, outcomes, column))
    if outcomes is not None:
        raise ValueError("give --posterior or --outcomes, not both; a posterior holds its outcomes")
    return load(saved)


def _fit(inputs: tuple[Panel, Beliefs, Outcomes], out: Path | None, **settings: Any) -> Posterior:
    interactive = sys.stderr.isatty()
    _say("compiling and sampling; the first takes some 10 to 40 s")
    from trust_router.convergence import ConvergenceError
    from trust_router.sampling import fit as fit_model

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
    from trust_router.categories import fit_categories, load_categories
    from trust_router.embedding import check_embedding
    from trust_router.suggestions import suggest_categories

    try:
        if using is not None:
            if number is not None:
                raise ValueError("give --categories or --using, not both; a saved one has its own")
            return load_categories(using)
        name = check_embedding(embedding)
        if number is None:
            _say("comparing numbers of categories")
            suggestion = suggest_categories(texts, embedding=name, random_seed=seed)
            _say(suggestion.reason)
            number = suggestion.n_categories
        _say(f"finding {number} categories in {len(texts)} tickets")
        return fit_categories(texts, number, embedding=name, random_seed=seed)
    except ModuleNotFoundError as error:
        raise ValueError(str(error)) from None


def _check_folder(out: Path | None, option: str = "--out") -> None:
    if out is None:
        return
    if out.is_dir():
        raise ValueError(f"{option} must name a file; {str(out)!r} is a folder")
    if not out.parent.is_dir():
        raise ValueError(f"{option}: there is no folder {str(out.parent)!r}")
    for path in (out.parent, out):
        if path.exists() and not os.access(path, os.W_OK):
            raise ValueError(f"{option}: {str(path)!r} may not be written to")


def _chosen(outcomes: Outcomes, category: str | None) -> tuple[str, ...]:
    if category is None:
        return outcomes.categories
    return (outcomes.categories[outcomes.position(category)],)


def _one_category(outcomes: Outcomes, category: str | None) -> str:
    if category is None and len(outcomes.categories) > 1:
        raise ValueError(
            f"name the ticket's category, there are {len(outcomes.categories)}: "
            + ", ".join(repr(name) for name in outcomes.categories[:10])
        )
    return _chosen(outcomes, category)[0]


def _describe(result: ClosedForm, category: str) -> dict[str, Any]:
    at = result.outcomes.position(category)
    panel, seats, need = result.panel, result.panel.seats, result.mixture
    mixtures: dict[str, Any] = {}
    for name in panel.router_names:
        mixture = result.router_mixture(name)
        columns = (mixture.weights[at], mixture.alpha[at], mixture.beta[at])
        judges = [panel.judge_names[seats.judge[s]] for s in panel.router_seats(name)]
        mixtures[name] = [
            {"judge": judge, "weight": float(w), "alpha": float(a), "beta": float(b)}
            for judge, w, a, b in zip(judges, *columns, strict=True)
        ]
    factors = result.log_bayes_factors[at]
    return {
        "category": category,
        "trials": int(result.outcomes.trials[at]),
        "needs": int(result.outcomes.needs[at]),
        "missing": int(result.outcomes.missing[at]),
        "trust": dict(zip(panel.router_names, result.trust[at].tolist(), strict=True)),
        "mixtures": mixtures,
        "need": {"mean": float(need.mean[at]), "sd": float(need.sd[at])},
        "log_evidence": float(result.log_evidence[at]),
        "log_bayes_factors": {
            a: dict(zip(panel.router_names, row, strict=True))
            for a, row in zip(panel.router_names, factors.tolist(), strict=True)
        },
    }


def _print_exact(entry: dict[str, Any]) -> None:
    missing = f", {entry['missing']} unknown" if entry["missing"] else ""
    typer.echo(
        f"{entry['category']}: {entry['needs']} of {entry['trials']} tickets needed the complex "
        f"model{missing}"
    )
    width = max(len(name) for name in entry["trust"])
    for name, trust in entry["trust"].items():
        mixture = " + ".join(
            f"{part['weight']:.3f} Beta({part['alpha']:.6g}, {part['beta']:.6g})"
            for part in entry["mixtures"][name]
        )
        typer.echo(f"  {name:<{width}}  trust {trust:6.1%}  need ~ {mixture}")
    typer.echo(
        f"  need {entry['need']['mean']:.1%} (sd {entry['need']['sd']:.1%}), "
        f"log evidence {entry['log_evidence']:.6f}"
    )


def _describe_fit(posterior: Posterior) -> dict[str, Any]:
    tables = {"trust": posterior.trust(), "need": posterior.need(), "mixtures": posterior.seats()}
    diagnostics = posterior.diagnostics
    return {name: t.reset_index().to_dict("records") for name, t in tables.items()} | {
        "diagnostics": None if diagnostics is None else diagnostics.to_dict(),
        "provenance": posterior.provenance,
    }


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(_finite(value), indent=2, ensure_ascii=False))


def _finite(value: Any) -> Any:
    """Replace what JSON cannot hold: NaN and infinities become null, NumPy scalars numbers."""
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _say(message: str) -> None:
    typer.echo(message, err=True)
