"""A stream of tickets, updated day by day beside full fits: `python benchmarks/updates.py FOLDER`.

FOLDER holds `mmlupro_judges`. Prints a line for each day of 100 tickets: how it was brought in, in
what time, and the held-out log loss; every fifth day beside those of a full fit. Half an hour.

With `noise` after it a fifth of the outcomes is wrong, a tenth is checked, and the pool learns how
often; with `drift` days are weeks of 140 tickets, and the pool drifts. Both beside a full fit each
time, ten minutes.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import pandas as pd

import trust_router as tr
from trust_router.examples.datasets import Dataset, load_mmlupro

DAY, UPTO, EVERY = 100, 5000, 5
WRONG, CHECKED, WEEK = 0.22, 0.1, 140


def day_of(data: Dataset, at: np.ndarray, **columns: Any) -> tuple[tr.Beliefs, tr.Outcomes]:
    """Beliefs and outcomes of some tickets, with columns of the log by its tickets."""
    log, names = data.outcomes.log, np.array(data.outcomes.categories)
    beliefs = data.beliefs.take(at)
    place = pd.Series(range(len(log)), log.tickets)[list(beliefs.labels)].to_numpy()
    table = {
        "ticket": beliefs.labels,
        "category": names[log.category[place]],
        "outcome": log.outcome[place],
        **{name: values[place] for name, values in columns.items()},
    }
    return beliefs, tr.read_outcomes(pd.DataFrame(table))


def loss(posterior: tr.Posterior, held: tr.Beliefs, outcome: np.ndarray) -> float:
    """Held-out log loss."""
    need = posterior.predict(held, allow_unconverged=True).mean
    return float(-np.log(np.where(outcome == 1, need, 1 - need)).mean())


def main(folder: str) -> None:
    """Run the stream."""
    data = load_mmlupro(folder)
    order = np.random.default_rng(3).permutation(len(data.beliefs))
    held, later = day_of(data, order[UPTO:])
    outcome = pd.Series(later.log.outcome, later.log.tickets)[list(held.labels)].to_numpy()
    compiled = tr.compile_model(data.panel, *day_of(data, order[:UPTO]), model="pool")
    posterior = compiled.fit(*day_of(data, order[:DAY]), random_seed=1, on_failure="warn")
    for upto in range(2 * DAY, UPTO + 1, DAY):
        start = time.process_time()
        today = day_of(data, order[upto - DAY : upto])
        posterior = posterior.update(*today, refit=compiled, random_seed=1)
        took, last = time.process_time() - start, posterior.updates[-1]
        line = {
            "tickets": upto,
            "by": last["by"],
            "k": last.get("pareto_k"),
            "seconds": round(took, 2),
            "log loss": round(loss(posterior, held, outcome), 4),
        }
        if upto % (EVERY * DAY) == 0:
            whole = compiled.fit(*day_of(data, order[:upto]), random_seed=2, on_failure="warn")
            ours, theirs = posterior.trust(), whole.trust()
            error = np.hypot(ours["mcse"], theirs["mcse"])
            line["full fit"] = round(loss(whole, held, outcome), 4)
            line["trust apart"] = round(
                float(((ours["mean"] - theirs["mean"]) / error).abs().max()), 1
            )
        print(line, flush=True)


def beside(folder: str, kind: str) -> None:
    """Run a short stream with noise or drift, each step beside a full fit."""
    data, rng = load_mmlupro(folder), np.random.default_rng(3)
    log = data.outcomes.log
    order, columns = rng.permutation(len(data.beliefs)), {}
    model: tr.models.Pool = tr.models.Pool(noise=tr.Noise())
    first, step, steps = 400, 100, 6
    if kind == "noise":
        wrong, checked = (rng.random(len(log)) < share for share in (WRONG, CHECKED))
        columns = {
            "outcome": np.where(wrong, 1 - log.outcome, log.outcome),
            "verified": np.where(checked, log.outcome.astype(object), None),
        }
    else:
        model, first, step, steps = tr.models.Pool(drift="week"), 8 * WEEK, WEEK, 4
        of_ticket = pd.Series(np.arange(len(order)), np.array(data.beliefs.labels)[order])
        week = of_ticket[list(log.tickets)].to_numpy() // WEEK
        columns = {"time": np.datetime64("2026-01-05") + 7 * week}
    last = first + steps * step
    held, later = day_of(data, order[last:])
    outcome = pd.Series(later.log.outcome, later.log.tickets)[list(held.labels)].to_numpy()

    def fitted(upto: int, seed: int) -> tr.Posterior:
        day = day_of(data, order[:upto], **columns)
        settings: dict[str, Any] = {"draws": 1000, "on_failure": "warn"}
        return tr.fit(data.panel, *day, model=model, random_seed=seed, **settings)

    posterior = fitted(first, 1)
    for upto in range(first + step, last + 1, step):
        start = time.process_time()
        today = day_of(data, order[upto - step : upto], **columns)
        posterior = posterior.update(*today, allow_unconverged=True)
        took, done = time.process_time() - start, posterior.updates[-1]
        whole = fitted(upto, 2)
        line = {"tickets": upto, **{n: done.get(n) for n in ("by", "pareto_k", "effective")}}
        line |= {"seconds": round(took, 2), "log loss": round(loss(posterior, held, outcome), 4)}
        line["full fit"] = round(loss(whole, held, outcome), 4)
        names = ["intercept", "gain"]
        names += ["false_needed", "false_resolved"] if kind == "noise" else ["level_scale"]
        for name in names:
            ours, theirs = posterior.parameter(name).iloc[0], whole.parameter(name).iloc[0]
            apart = abs(ours["mean"] - theirs["mean"]) / np.hypot(ours["mcse"], theirs["mcse"])
            line[f"{name} apart"] = round(float(apart), 1)
        print(line, flush=True)


if __name__ == "__main__":
    if sys.argv[2:]:
        beside(*sys.argv[1:3])
    else:
        main(sys.argv[1])
