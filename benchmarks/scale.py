"""Time and memory of fits by number of tickets: `python benchmarks/scale.py [TICKETS ...]`.

Judges state probabilities on a grid of 0.05. Every size runs in a process of its own, so that its
peak memory is its own. For the largest size, a fit of a random 20,000 tickets stands beside it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd
from scipy import special

import trust_router as tr
from trust_router.inputs.matching import match

SIZES = (7_000, 100_000, 1_000_000)
SUBSAMPLE = 20_000
JUDGES = ("haiku", "mini", "sonnet", "gpt", "grok", "reason")
BIAS = np.array([-2.3, -2.6, -2.0, -2.3, -2.2, -2.9])
SLOPE = np.array([0.4, 0.3, 0.5, 0.5, 0.6, 0.7])


def simulate(tickets: int, random_seed: int = 1) -> pd.DataFrame:
    """Biased judges that see the same difficulty through noise of their own."""
    rng = np.random.default_rng(random_seed)
    category = rng.choice(14, tickets, p=rng.dirichlet(np.full(14, 3.0)))
    difficulty = rng.normal(-0.5, 1.3, tickets) + rng.normal(0, 0.5, 14)[category]
    seen = difficulty[:, None] + rng.normal(0, 1.2, (tickets, 6))
    said = (special.expit(BIAS + SLOPE * seen) / 0.05).round() * 0.05
    table = pd.DataFrame(said, columns=list(JUDGES))
    table.insert(0, "ticket", np.arange(tickets).astype(str))
    table.insert(1, "category", np.char.add("kind ", category.astype(str)))
    return table.assign(outcome=rng.binomial(1, special.expit(difficulty)))


def panel() -> tr.Panel:
    """Three routers of two judges."""
    pairs = zip(
        ("simple", "medium", "complex"), zip(JUDGES[::2], JUDGES[1::2], strict=True), strict=True
    )
    return tr.Panel([tr.Router(name, dict.fromkeys(judges, 0.5)) for name, judges in pairs])


def measure(tickets: int, used: int) -> dict[str, float]:
    """Fit ``used`` of the tickets and say what each step took, in seconds."""
    table = simulate(tickets).sample(used, random_state=1)
    clock = [time.perf_counter()]
    beliefs = tr.read_beliefs(table, judges=JUDGES)
    outcomes = tr.read_outcomes(table)
    clock.append(time.perf_counter())
    rows = match(panel(), beliefs, outcomes)
    clock.append(time.perf_counter())
    posterior = tr.fit(panel(), beliefs, outcomes, random_seed=1, on_failure="warn")
    clock.append(time.perf_counter())
    trust = posterior.trust()["mean"].to_numpy()
    took = np.diff(clock).round(1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {
        "tickets": used,
        "rows": len(rows),
        "read": took[0],
        "match": took[1],
        "fit": took[2],
        "peak GiB": round(peak, 2),
        "converged": posterior.diagnostics.converged,
        "trust": trust.round(3).tolist(),
        "sd": posterior.trust()["sd"].round(3).tolist(),
    }


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    runs = [(size, size) for size in sizes] + [(max(sizes), min(SUBSAMPLE, max(sizes)))]
    for size, used in runs:
        command = [sys.executable, __file__, "--one", str(size), str(used)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        print(json.loads(done.stdout.splitlines()[-1]), flush=True)


if __name__ == "__main__":
    if "--one" in sys.argv:
        print(json.dumps(measure(*map(int, sys.argv[2:]))))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
