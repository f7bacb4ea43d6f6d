"""Simulation-based calibration: whether posteriors are as wide as they should be."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr

from trust_router.basics.files import write_text, write_whole
from trust_router.evaluation.ranks import RankCheck, ranks_of
from trust_router.examples.simulation import SimulatedJudge, simulate_panel
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Router
from trust_router.inputs.rows import Rows
from trust_router.inputs.ticket_log import TicketLog
from trust_router.learning.chains import number_of_draws
from trust_router.learning.compiled import compile_model
from trust_router.learning.models.kind import Model
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.rates import Rates
from trust_router.learning.models.seed import Seed
from trust_router.learning.models.switch import Switch
from trust_router.learning.noise import Noise

__all__ = ["check_ranks", "main", "plot_ranks", "standard_cases"]

_SETTINGS: dict[str, Any] = {"chains": 2, "draws": 500, "tune": 500}
# Steps ten times as long as usual, or 80 tickets would say nothing of them.
_DRIFTING = Pool(drift="week", drift_scale=0.5)


def check_ranks(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    model: Model,
    *,
    simulations: int = 200,
    thin: int = 10,
    random_seed: int = 1,
) -> RankCheck:
    """Draw parameters from the prior and outcomes from them, fit these, and rank the parameters.

    Parameters
    ----------
    panel, beliefs
        Stay as they are.
    outcomes : Outcomes
        Say how many tickets there are; what happened to them is simulated.
    model : Seed, Switch or Pool
    simulations, thin : int
        How many fits (of 2 x 500 draws); every ``thin``-th draw counts.
    random_seed : int

    Notes
    -----
    If the sampler and the model are right, true parameters are one more draw of the posterior, so
    their ranks are uniform [1]_. So is the true need of tickets among its predictions: ``need`` is
    that of three rows, and last of one whose category was not seen. The model is compiled once.

    References
    ----------
    .. [1] S. Talts, M. Betancourt, D. Simpson, A. Vehtari and A. Gelman, "Validating Bayesian
       inference algorithms with simulation-based calibration", arXiv:1804.06788.
    """
    rows = match(panel, beliefs, outcomes, clock=model.clock()).known()
    compiled = compile_model(panel, beliefs, outcomes, model=model, **_SETTINGS)
    prior, simulated = _simulated(model, panel, rows, simulations, random_seed)
    rng = np.random.default_rng(random_seed)
    names, asked = _ranked(prior), _asked(rows)
    found, divergent = [], 0
    for i in range(simulations):
        seen = replace(rows, needs=simulated["needs"].values[0, i].astype(np.int64))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # short fits; divergences are counted
            posterior = compiled.fit_rows(seen, random_seed + i, on_failure="warn")
        divergent += bool(posterior.data["sample_stats"].to_dataset()["diverging"].any())
        truth = prior.isel(chain=0, draw=i)[names]
        draws = posterior.data["posterior"].to_dataset().isel(draw=slice(None, None, thin))
        compared = draws[names]
        if model.facts(rows).predicts:
            given = (model, panel, seen, asked)
            compared = compared.assign(need=_predicted(draws, *given))
            # Chance belongs to the place of a draw, so each truth takes a place of its own.
            place = number_of_draws(draws) + i
            again = prior.isel(chain=[0], draw=[i] * (place + 1))
            truth = truth.assign(need=_predicted(again, *given)[0, -1])
        found.append(ranks_of(truth, compared, rng))
    ranks = pd.DataFrame(found)
    return RankCheck(model.name, ranks.loc[:, ranks.std() > 0], divergent)


def _ranked(prior: xr.Dataset) -> list[str]:
    """Names of the quantities that are compared."""
    left_out = ("category_z", "bias_z", "slope_z", "sharpness_z", "need_logit")
    names = [str(name) for name in prior.data_vars]
    return [name for name in names if not (name in left_out or name.startswith("within_"))]


def _asked(rows: Rows) -> Rows:
    """Rows to predict: three of those that were fitted, and one of no category that was."""
    picked = rows.take(np.array([0, len(rows) // 2, len(rows) - 1, 0]))
    return replace(picked, category=np.append(picked.category[:-1], -1))


def _predicted(
    draws: xr.Dataset, model: Model, panel: Panel, seen: Rows, asked: Rows
) -> xr.DataArray:
    """Need of the rows that are asked about, under each draw."""
    own = draws.drop_vars(["trust", "seat_posterior", "need"], errors="ignore")
    need = model.need(own, panel, seen, asked)
    shape = (draws.sizes["chain"], draws.sizes["draw"], len(asked))
    return xr.DataArray(need.reshape(shape), dims=("chain", "draw", "asked"))


def _simulated(
    model: Model, panel: Panel, rows: Rows, number: int, random_seed: int
) -> tuple[xr.Dataset, xr.Dataset]:
    """Parameters and needs from the prior."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with model.build(panel, rows):
            tree = pm.sample_prior_predictive(number, random_seed=random_seed)
    return tree["prior"].to_dataset(), tree["prior_predictive"].to_dataset()


def plot_ranks(checks: Sequence[RankCheck], titles: Sequence[str]) -> Any:
    """Draw the ECDF of ranks minus that of uniform ones, with 99 % bands; returns the figure."""
    from matplotlib.figure import Figure

    columns = min(2, len(checks))
    lines = -(-len(checks) // columns)
    figure = Figure(figsize=(4.6 * columns, 3.2 * lines), layout="constrained")
    axes = figure.subplots(lines, columns, squeeze=False, sharey=True)
    for ax in axes.ravel()[len(checks) :]:
        ax.set_axis_off()
    for ax, check, title in zip(axes.ravel(), checks, titles, strict=False):
        x, low, high = check.band()
        ax.fill_between(x, low - x, high - x, color="0.85", label="99 % band")
        outside, curves = _outside(check), check.ecdf(x)
        for name in curves:
            style = {"color": "#0072B2", "lw": 0.7, "alpha": 0.7}
            if name in outside:
                style = {"color": "#D55E00", "lw": 1.5, "label": str(name)}
            ax.plot(x, curves[name] - x, **style)
        ax.set_title(f"{title}: {curves.shape[1]} quantities", fontsize=10)
        ax.set_xlabel("rank of the true value")
        ax.legend(fontsize=8, loc="lower left")
    for ax in axes[:, 0]:
        ax.set_ylabel("ECDF minus uniform")
    return figure


def _outside(check: RankCheck) -> set[str]:
    table = check.table()
    return set(table.index[~table["inside"].to_numpy()])


def standard_cases() -> dict[str, tuple[Panel, Beliefs, Outcomes, Model]]:
    """Small data on which each model is checked, by a title."""
    panel = Panel([Router("cheap", {"x": 0.6, "y": 0.4}), Router("big", {"z": 0.7, "x": 0.3})])
    names = [f"category {c + 1}" for c in range(6)]
    rng = np.random.default_rng(1)
    stated = Beliefs(names, panel.judge_names, *rng.uniform(0.5, 8, (2, 6, 3)))
    counted = Outcomes(names, [20] * 6, [5] * 6)
    judges = {
        "x": SimulatedJudge(noise=0.5, silent=0.2),
        "y": SimulatedJudge(bias=1.0, slope=0.6, noise=1.0),
        "z": SimulatedJudge(bias=-0.5, noise=1.0),
    }
    made = simulate_panel(judges, panel=panel, tickets=80, categories=3, random_seed=2)
    tickets = (panel, made.beliefs, made.outcomes)
    return {
        "seed": (panel, stated, counted, Seed()),
        "switch, categories": (panel, stated, counted, Switch()),
        "switch, tickets": (*tickets, Switch()),
        "pool": (*tickets, Pool()),
        "pool, categories": (panel, stated, counted, Pool()),
        "rates": (*tickets, Rates()),
        "pool, noise": (*tickets, Pool(noise=Noise())),
        "pool, drift": (panel, made.beliefs, _dated(made.outcomes, weeks=5), _DRIFTING),
    }


def _dated(outcomes: Outcomes, weeks: int) -> Outcomes:
    """Let tickets happen one week after the other, and begin again."""
    log: Any = outcomes.log
    week = np.arange(len(log)) % weeks
    time = np.datetime64("2026-01-05", "us") + np.timedelta64(7, "D") * week
    counts = outcomes.trials, outcomes.needs
    return Outcomes(
        outcomes.categories,
        *counts,
        log=TicketLog(log.tickets, log.category, log.outcome, time=time),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Check all models, write a picture and a summary, and print it."""
    cases = standard_cases()
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--simulations", type=int, default=200)
    parser.add_argument("--random-seed", "--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("sbc"))
    parser.add_argument("--case", action="append", choices=list(cases), help="default: all")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    checks, tables = [], {}
    for title in chosen.case or cases:
        check = check_ranks(
            *cases[title], simulations=chosen.simulations, random_seed=chosen.random_seed
        )
        checks.append(check)
        tables[title] = check.table()
        found = tables[title]
        print(
            f"{title}: {found['inside'].sum()} of {len(found)} quantities inside their 99 % band, "
            f"largest distance {found['distance'].max():.3f}, {check.divergent} of "
            f"{chosen.simulations} fits with divergences",
            flush=True,
        )
        together = pd.concat(tables, names=["case", "quantity"])
        write_text(chosen.out / "sbc.csv", together.to_csv())
    picture = plot_ranks(checks, list(tables))
    write_whole(chosen.out / "sbc.png", lambda file: picture.savefig(file, format="png", dpi=110))


if __name__ == "__main__":
    main()
