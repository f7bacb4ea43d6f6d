"""Held-out figures on the two real data sets: `python benchmarks/real_judges.py FOLDER [OUT]`.

FOLDER holds `mmlupro_judges` and `routellm_mmlu`. Prints the tables of docs/evaluation.md; with OUT
also writes them there as CSV, with the pictures. Takes twenty minutes on two idle cores.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from trust_router import Costs, backtest, plots
from trust_router.evaluation import Backtest, TicketFacts
from trust_router.examples.datasets import Dataset, load_mmlupro, load_routellm

COSTS = Costs(simple=0.03, complex=3.0, failure=5.0)
METRICS = ("log_loss", "brier", "ece", "apgr", "cpt50", "cpt80", "aurc", "regret_constant")


def main(folder: str, out: str | None = None) -> None:
    """Run everything."""
    fails, routellm = load_mmlupro(folder), load_routellm(folder)
    needs = load_mmlupro(folder, target="needs")
    maths = np.array(routellm.beliefs.category) == "high_school_mathematics"
    runs = {
        "mmlupro_fails": (fails, {"feedbacks": [25, 100, 400, 1000], "held_out": 6000}),
        "mmlupro_needs_all": (needs, {"feedbacks": [1000, 5743], "held_out": 1436}),
        "routellm": (routellm, {"feedbacks": [200, 1500, 5000], "held_out": 9000, "splits": 5}),
        "routellm_without_maths": (
            _without(routellm, maths),
            {"feedbacks": [200, 1500, 5000], "held_out": 8700, "splits": 5},
        ),
    }
    for name, (data, how) in runs.items():
        start = time.perf_counter()
        result = backtest(*data, facts=data.facts, costs=COSTS, progressbar=True, **how)
        print(f"\n== {name}: {result}, {time.perf_counter() - start:.0f} s")
        _print(result)
        if out:
            _write(result, Path(out), name)
    for name, data in (("fails", fails), ("needs", needs)):
        _coverage(name, data, None if out is None else Path(out))


def _coverage(name: str, data: Dataset, out: Path | None) -> None:
    """Print how often intervals hold what happened, and which groups are foretold wrong."""
    how = {"feedbacks": [25, 100, 400, 1000], "held_out": 4000, "splits": 20, "baselines": []}
    result = backtest(*data, progressbar=True, **how)
    coverage, groups = result.coverage(), result.groups
    print(f"\n== coverage, {name}: {result}")
    at = ["groups", "nominal"]
    wide = coverage.pivot_table(["covered", "se"], at, "feedbacks", sort=False)
    print(wide.round(3).to_string())
    off = groups.assign(residual=groups["observed"] - groups["predicted"])
    wide = off.pivot_table("residual", ["groups", "group"], "feedbacks", sort=False)
    print(f"-- happened minus predicted, mean over splits\n{wide.round(3).to_string()}", flush=True)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        coverage.to_csv(out / f"mmlupro_{name}_coverage.csv", index=False)
        groups.to_csv(out / f"mmlupro_{name}_groups.csv", index=False)


def _without(data: Dataset, dropped: np.ndarray) -> Dataset:
    keep = np.flatnonzero(~dropped)
    beliefs, facts, log = data.beliefs.take(keep), data.facts, data.outcomes.log
    kept = {
        key: np.asarray(getattr(facts, key))[keep]
        for key in ("simple_quality", "complex_quality", "length")
    }
    frame = pd.DataFrame(
        {"ticket": beliefs.labels, "category": beliefs.category, "outcome": log.outcome[keep]}
    )
    from trust_router import read_outcomes

    return Dataset(data.panel, beliefs, read_outcomes(frame), TicketFacts(beliefs.labels, **kept))


def _print(result: Backtest) -> None:
    pd.set_option("display.width", 250)
    table = result.table()
    shown = table[table["metric"].isin(METRICS)]
    for value in ("mean", "lower", "upper"):
        wide = shown.pivot_table(index=["metric", "method"], columns="feedbacks", values=value)
        order = [(metric, method) for metric in METRICS for method in result.methods]
        print(f"-- {value}\n{wide.loc[order].round(4).to_string()}")
    print(table.loc[table["metric"] == "brier", ["method", "feedbacks", "converged"]].dropna())
    rest = result.differences()
    rest = rest[rest["metric"].isin(("log_loss", "brier", "apgr"))]
    rest = rest.pivot_table(
        index=["metric", "method"], columns="feedbacks", values=["difference", "lower", "upper"]
    )
    print(f"-- method minus {result.methods[0]}\n{rest.round(4).to_string()}", flush=True)


def _write(result: Backtest, out: Path, name: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    result.table().to_csv(out / f"{name}.csv", index=False)
    result.differences().to_csv(out / f"{name}_differences.csv", index=False)
    plots.learning(result)[0].figure.savefig(out / f"{name}_learning.png", dpi=120)
    plots.held_out(result)[0].figure.savefig(out / f"{name}_held_out.png", dpi=120)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(*sys.argv[1:])
    else:
        print("real_judges: skipped, give the folder of the two data sets")
