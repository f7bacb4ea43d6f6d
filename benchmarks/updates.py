"""A stream of tickets, updated day by day beside full fits: `python benchmarks/updates.py FOLDER`.

FOLDER holds `mmlupro_judges`. Prints a line for each day of 100 tickets: how it was brought in, in
what time, and the held-out log loss; every fifth day beside those of a full fit. Half an hour.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

import trust_router as tr
from trust_router.examples.datasets import Dataset, load_mmlupro

DAY, UPTO, EVERY = 100, 5000, 5


def day_of(data: Dataset, at: np.ndarray) -> tuple[tr.Beliefs, tr.Outcomes]:
    """Beliefs and outcomes of some tickets."""
    log, names = data.outcomes.log, np.array(data.outcomes.categories)
    beliefs = data.beliefs.take(at)
    place = pd.Series(range(len(log)), log.tickets)[list(beliefs.labels)].to_numpy()
    table = {
        "ticket": beliefs.labels,
        "category": names[log.category[place]],
        "outcome": log.outcome[place],
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


if __name__ == "__main__":
    main(sys.argv[1])
