"""What bad judges do to the pool: `python benchmarks/bad_judges.py FOLDER [OUT]`.

FOLDER holds `mmlupro_judges`. Prints held-out log loss, APGR and calibration error of the pool, the
category rates and the regressions for panels with bad judges; with OUT also writes them as CSV.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from trust_router import Beliefs, Panel, Pool, Rates, Router, backtest
from trust_router.examples.datasets import Dataset, load_mmlupro

WEAKER = {
    "simple": ("Meta-Llama-3.1-8B-Instruct-Turbo", "claude-3-haiku-20240307"),
    "medium": ("claude-3-7-sonnet-20250219", "gpt-4.1-mini"),
    "complex": ("grok-3-beta", "o4-mini-2025-04-16"),
}
SMALLER = {
    "simple": ("claude-3-haiku-20240307", "Meta-Llama-3.1-8B-Instruct-Turbo"),
    "medium": ("gpt-4o-mini-2024-07-18", "gpt-4.1-nano"),
    "complex": ("claude-3-7-sonnet-20250219", "gpt-4.1-mini"),
}
BASELINES = ["random", "category rate", "logistic regression + category", "ridge + category"]
FEEDBACKS = [25, 100, 400, 1000]


def main(folder: str, out: str | None = None, splits: str = "10", *names: str) -> None:
    """Run every panel, or those named."""
    parts = []
    for name, data in panels(folder).items():
        if names and name not in names:
            continue
        result = backtest(
            *data,
            facts=data.facts,
            models={"pool": Pool(), "rates": Rates()},
            baselines=BASELINES,
            feedbacks=FEEDBACKS,
            held_out=4000,
            splits=int(splits),
        )
        table = result.table().query("metric in ('log_loss', 'ece', 'apgr')")
        wide = table.pivot_table(index=["metric", "method"], columns="feedbacks", values="mean")
        print(f"\n== {name}\n{wide.round(4).to_string()}", flush=True)
        parts.append(table.assign(panel=name))
        if out:
            Path(out).mkdir(parents=True, exist_ok=True)
            pd.concat(parts).to_csv(Path(out) / "bad_judges.csv", index=False)


def panels(folder: str) -> dict[str, Dataset]:
    """Give panels by name; the first one is clean."""
    clean = load_mmlupro(folder)
    rng = np.random.default_rng(0)
    best, poor = "grok-3-beta", ["gpt-4o-mini-2024-07-18", "grok-3-beta"]
    judges = clean.beliefs.judges
    mixed = rng.permutation(len(clean.beliefs.labels))
    coin = rng.random(len(mixed))
    length = pd.Series(np.asarray(clean.facts.length)).rank(pct=True).to_numpy()
    llama, haiku = WEAKER["simple"][0], SMALLER["simple"][0]
    return {
        "clean": clean,
        "llama-3.1-8b to gpt-4o-mini, needs": load_mmlupro(
            folder,
            target="needs",
            simple=llama,
            complex="gpt-4o-mini-2024-07-18",
            line_up=WEAKER,
        ),
        "claude-3-haiku to claude-3-5-haiku, needs": load_mmlupro(
            folder,
            target="needs",
            simple=haiku,
            complex="claude-3-5-haiku-20241022",
            line_up=SMALLER,
        ),
        "one reversed, alone": _alone(_turned(clean, best), best),
        "a coin, alone": _alone(_said(clean, best, coin), best),
        "length of the prompt, alone": _alone(_said(clean, best, length), best),
        "one of six reversed": _turned(clean, best),
        "two of six noise": _mixed(clean, poor, mixed),
        "one listed twice": _twice(clean, judges[0]),
    }


def _columns(data: Dataset, names: list[str]) -> list[int]:
    return [data.beliefs.judges.index(name) for name in names]


def _with(data: Dataset, alpha: np.ndarray, beta: np.ndarray) -> Dataset:
    return replace(data, beliefs=replace(data.beliefs, alpha=alpha, beta=beta))


def _turned(data: Dataset, name: str) -> Dataset:
    at = _columns(data, [name])
    alpha, beta = data.beliefs.alpha.copy(), data.beliefs.beta.copy()
    alpha[:, at], beta[:, at] = data.beliefs.beta[:, at], data.beliefs.alpha[:, at]
    return _with(data, alpha, beta)


def _mixed(data: Dataset, names: list[str], order: np.ndarray) -> Dataset:
    at = _columns(data, names)
    alpha, beta = data.beliefs.alpha.copy(), data.beliefs.beta.copy()
    alpha[:, at], beta[:, at] = alpha[order][:, at], beta[order][:, at]
    return _with(data, alpha, beta)


def _said(data: Dataset, name: str, mean: np.ndarray) -> Dataset:
    at = _columns(data, [name])
    alpha, beta = data.beliefs.alpha.copy(), data.beliefs.beta.copy()
    alpha[:, at], beta[:, at] = 10 * mean[:, None], 10 * (1 - mean[:, None]) + 1e-6
    return _with(data, alpha, beta)


def _alone(data: Dataset, name: str) -> Dataset:
    at = _columns(data, [name])
    beliefs = data.beliefs
    one = Beliefs(
        beliefs.labels,
        [name],
        beliefs.alpha[:, at],
        beliefs.beta[:, at],
        about="ticket",
        category=beliefs.category,
    )
    return replace(data, panel=Panel([Router("alone", {name: 1.0})]), beliefs=one)


def _twice(data: Dataset, name: str) -> Dataset:
    beliefs, again = data.beliefs, f"{name} again"
    at = _columns(data, [name])
    more = Beliefs(
        beliefs.labels,
        [*beliefs.judges, again],
        np.hstack([beliefs.alpha, beliefs.alpha[:, at]]),
        np.hstack([beliefs.beta, beliefs.beta[:, at]]),
        about="ticket",
        category=beliefs.category,
    )
    routers = [
        Router(router.name, dict.fromkeys([*router.judges, again], 1 / (len(router.judges) + 1)))
        if name in router.judges
        else router
        for router in data.panel.routers
    ]
    return replace(data, panel=Panel(routers), beliefs=more)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(*sys.argv[1:])
    else:
        print("bad_judges: skipped, give the folder that holds mmlupro_judges")
