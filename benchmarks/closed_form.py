"""The closed form of a million categories beside its own `betaln` calls.

`python benchmarks/closed_form.py`. Six seats. Beliefs are the same about all categories, as a panel
states them, or differ. Processor time, the least of three.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy import special

import trust_router as tr
from trust_router.learning.exact import closed_form

CATEGORIES = 1_000_000


def least(function: Callable[[], object]) -> float:
    """Seconds of the processor that a function takes."""
    took = []
    for _ in range(3):
        start = time.process_time()
        function()
        took.append(time.process_time() - start)
    return min(took)


def main() -> None:
    """Print a line for each kind of beliefs."""
    rng = np.random.default_rng(0)
    panel, _, _ = tr.examples.load_seed()
    trials = rng.poisson(20, CATEGORIES)
    needs = rng.binomial(trials, rng.beta(1, 3, CATEGORIES))
    outcomes = tr.Outcomes([str(i) for i in range(CATEGORIES)], trials, needs)
    stated = tr.stated_beliefs(panel, outcomes.categories)
    spread = rng.uniform(0.5, 2, stated.alpha.shape)
    differing = tr.Beliefs(
        stated.labels, stated.judges, stated.alpha * spread, stated.beta / spread
    )
    for name, beliefs in (("the same everywhere", stated), ("differing", differing)):
        judge = panel.seats.judge
        a, b = beliefs.alpha[:, judge], beliefs.beta[:, judge]
        k, m = needs[:, None], (trials - needs)[:, None]
        own = least(lambda a=a, b=b, k=k, m=m: special.betaln(a + k, b + m) - special.betaln(a, b))
        whole = least(lambda beliefs=beliefs: closed_form(panel, beliefs, outcomes))
        print(f"beliefs {name}: {whole:.2f} s, {whole / own:.1f} times the betaln of its seats")


if __name__ == "__main__":
    main()
