"""What wrong outcomes cost, and what noise wins back: `python benchmarks/noisy_outcomes.py FOLDER`.

FOLDER holds `mmlupro_judges`. In every split the pool learns from tickets whose outcomes are wrong
at random, and predicts others, whose outcomes are the true ones. `--needed` and `--resolved` are
how often a 0 is logged as 1, and a 1 as 0: .22 and .22 mean that 78 % of the outcomes agree with
what happened. With `--proxy MODEL` they are those of another simple model instead: wrong in ways
that depend on the ticket, which noise does not know. Prints the tables of docs/outcomes.md; ten
splits take six minutes on an idle core.
"""

from __future__ import annotations

import argparse
import time
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd

from trust_router import Noise, Pool, compile_model
from trust_router.examples.datasets import load_mmlupro
from trust_router.inputs.matching import single_tickets
from trust_router.inputs.rows import Rows

SIZES, CHECKED, HELD_OUT = (100, 400, 1000), 50, 4000
WAYS = ("true outcomes", "as if true", "noise, 50 checked", "noise, none checked")
LEVELS = (0.5, 0.8, 0.95)


def main() -> None:
    """Run all splits of a target and print means over them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--target", choices=("needs", "fails"), default="needs")
    parser.add_argument("--needed", type=float, default=0.22)
    parser.add_argument("--resolved", type=float, default=0.22)
    parser.add_argument("--proxy")
    parser.add_argument("--splits", type=int, default=10)
    chosen = parser.parse_args()
    data = load_mmlupro(chosen.folder, target=chosen.target)
    rows, _ = single_tickets(*data)
    logged = None
    if chosen.proxy:
        other = load_mmlupro(chosen.folder, target=chosen.target, simple=chosen.proxy)
        logged = single_tickets(*other)[0].needs
        print(f"{(logged == rows.needs).mean():.1%} of the outcomes agree with what happened")
    how = {"draws": 600, "tune": 400, "chains": 2, "cores": 1}
    compiled = {
        "true": compile_model(*data, model=Pool(), **how),
        "noise": compile_model(*data, model=Pool(noise=Noise()), **how),
    }
    found = []
    for split in range(chosen.splits):
        start = time.perf_counter()
        rates = np.where(rows.needs == 1, chosen.resolved, chosen.needed)
        flipped = np.random.default_rng(split + 1000).random(len(rows)) < rates
        wrong = np.where(flipped, 1 - rows.needs, rows.needs) if logged is None else logged
        found += _split(rows, compiled, wrong, split)
        print(f"split {split}: {time.perf_counter() - start:.0f} s", flush=True)
    table = pd.DataFrame(found)
    pd.set_option("display.width", 250)
    for value in [c for c in table if c not in ("way", "outcomes", "split")]:
        wide = table.pivot_table(value, "way", "outcomes", sort=False)
        print(f"-- {value}\n{wide.loc[[w for w in WAYS if w in wide.index]].round(4).to_string()}")
    losses = table.pivot_table("log_loss", ["outcomes", "split"], "way")
    for way in WAYS[2:]:
        apart = (losses["as if true"] - losses[way]).groupby("outcomes")
        print(f"-- as if true minus {way}: mean and se over splits")
        print(pd.DataFrame({"mean": apart.mean(), "se": apart.sem()}).round(4).to_string())


def _split(rows: Rows, compiled: dict, logged: np.ndarray, split: int) -> list[dict]:
    rng = np.random.default_rng(split)
    order = rng.permutation(np.flatnonzero(rows.trials > 0))
    test, rest = order[:HELD_OUT], order[HELD_OUT:]
    found = []
    for size in SIZES:
        learned = rest[:size]
        hidden = np.ones(len(rows), dtype=bool)
        hidden[learned] = False
        hidden_test = np.delete(np.arange(len(rows)), test)
        true = rows.take(hidden_test).hiding(hidden[hidden_test])
        noisy = replace(rows, needs=logged).take(hidden_test).hiding(hidden[hidden_test])
        checked = _checked(rows, logged, learned[:CHECKED]).take(hidden_test)
        checked = checked.hiding(hidden[hidden_test])
        given = {
            "true outcomes": ("true", true),
            "as if true": ("true", noisy),
            "noise, 50 checked": ("noise", checked),
            "noise, none checked": ("noise", noisy),
        }
        for way, (kind, seen) in given.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                posterior = compiled[kind].fit_rows(seen.merged(), split, on_failure="warn")
            scores = _scores(posterior, rows.take(test), rng)
            found.append({"way": way, "outcomes": size, "split": split, **scores})
    return found


def _checked(rows: Rows, logged: np.ndarray, at: np.ndarray) -> Rows:
    """Outcomes as logged, but for some that were checked."""
    counts = np.zeros((len(rows), 2, 3), dtype=np.int64)
    counts[at, rows.needs[at], logged[at]] = 1
    needs = logged.copy()
    needs[at] = rows.needs[at]
    return replace(rows, needs=needs, checked=counts)


def _scores(posterior: object, test: Rows, rng: np.random.Generator) -> dict[str, float]:
    need = posterior.need_draws(test, 1000)
    mean = need.mean(axis=0)
    chance = np.where(test.needs == 1, mean, 1 - mean)
    scores = {
        "log_loss": -np.log(chance).mean(),
        "brier": ((test.needs - mean) ** 2).mean(),
        "converged": float(posterior.converged),
    }
    inside, widths = [], []
    for c in np.unique(test.category):
        at = np.flatnonzero(test.category == c)
        of_category = need[:, at].mean(axis=1)
        again = rng.binomial(len(at), of_category) / len(at)
        happened = test.needs[at].mean()
        ends = [np.quantile(again, [(1 - p) / 2, (1 + p) / 2]) for p in LEVELS]
        inside.append([low <= happened <= high for low, high in ends])
        widths.append(np.subtract(*np.quantile(of_category, [0.9, 0.1])))
    scores |= dict(zip([f"covered {p:.0%}" for p in LEVELS], np.mean(inside, axis=0), strict=True))
    scores["width of 80 %"] = float(np.mean(widths))
    draws = posterior.data["posterior"].to_dataset()
    for name in ("false_needed", "false_resolved"):
        scores[name] = float(draws[name].mean()) if name in draws else np.nan
        scores[f"{name} sd"] = float(draws[name].std()) if name in draws else np.nan
    return scores


if __name__ == "__main__":
    main()
