"""What a served decision takes: from an export, beside loading the posterior that it came from."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROUNDS = 5
TICKETS = 150
LEAST = 4  # times faster an export must be read, beside its posterior
MOST_MEGABYTES = 60
POSTERIOR, EXPORT = "posterior.nc", "export.json"

MEDIAN = """
def median(decide, number):
    times = []
    for _ in range(number):
        begin = time.process_time()
        decide()
        times.append(time.process_time() - begin)
    return sorted(times)[number // 2]
"""
FROM_EXPORT = """
import json, resource, sys, time
start = time.perf_counter()
import trust_router as tr
held = tr.decisions.read_export(sys.argv[1])
loaded = time.perf_counter() - start

ticket = {name: 0.3 for name in held.tickets.panel.judge_names}
category = next(iter(held.decisions))
print(json.dumps({
    "load": loaded,
    "category": median(lambda: held.decide(category), 300),
    "ticket": median(lambda: held.decide_ticket(ticket, category=category), 300),
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""
FROM_POSTERIOR = """
import json, resource, sys, time
start = time.perf_counter()
import trust_router as tr
posterior = tr.load(sys.argv[1])
costs = tr.Costs(0.03, 3.0, failure=5.0)
judges = posterior.panel.judge_names
category = posterior.outcomes.categories[0]
mean = [[0.3] * len(judges)]
shapes = [[10 * m for m in row] for row in mean], [[10 * (1 - m) for m in row] for row in mean]
beliefs = tr.Beliefs(["t"], judges, *shapes, about="ticket", category=[category])
tr.decide_tickets(posterior.predict(beliefs), costs)
loaded = time.perf_counter() - start

print(json.dumps({
    "load": loaded,
    "category": median(lambda: tr.decide(posterior, category, costs), 20),
    "ticket": median(lambda: tr.decide_tickets(posterior.predict(beliefs), costs), 20),
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


def make(folder: Path) -> None:
    """Fit a pool to tickets of two judges; save and export it."""
    import numpy as np
    import pandas as pd

    import trust_router as tr

    rng = np.random.default_rng(1)
    names = [f"t{i}" for i in range(TICKETS)]
    log_odds = rng.normal(-1, 1, TICKETS)
    need = 1 / (1 + np.exp(-log_odds))
    stated = 1 / (1 + np.exp(-(log_odds[:, None] + rng.normal(0, [0.5, 1.5], (TICKETS, 2)))))
    category = [("login", "refund", "other")[i % 3] for i in range(TICKETS)]
    panel = tr.Panel([tr.Router("simple", {"a": 1.0}), tr.Router("complex", {"b": 1.0})])
    beliefs = tr.Beliefs(
        names, ["a", "b"], 10 * stated, 10 * (1 - stated), about="ticket", category=category
    )
    happened = (rng.random(TICKETS) < need).astype(int)
    table = pd.DataFrame({"ticket": names, "category": category, "outcome": happened})
    posterior = tr.fit(panel, beliefs, tr.read_outcomes(table), random_seed=1)
    posterior.save(folder / POSTERIOR)
    tr.decisions.export(posterior, tr.Costs(0.03, 3.0, failure=5.0), folder / EXPORT)


def measured(code: str, path: Path) -> dict[str, float]:
    """Run code about a file in an interpreter of its own."""
    command = [sys.executable, "-W", "ignore", "-c", MEDIAN + code, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Measure both in turn, so that a busy machine slows them alike, and print medians."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        # A process has the memory of the one that it was forked from: this one stays small.
        subprocess.run([sys.executable, "-W", "ignore", __file__, name], check=True)
        rounds = [
            (measured(FROM_EXPORT, folder / EXPORT), measured(FROM_POSTERIOR, folder / POSTERIOR))
            for _ in range(ROUNDS)
        ]
        sizes = [folder.joinpath(file).stat().st_size / 1000 for file in (EXPORT, POSTERIOR)]
    print(f"{'':16} {'export':>12} {'posterior':>12} {'ratio':>8}")
    found = {}
    for what, unit in (("load", "s"), ("category", "ms"), ("ticket", "ms"), ("megabytes", "")):
        both = [statistics.median(each[i][what] for each in rounds) for i in range(2)]
        found[what] = both
        one, other = (value * (1000 if unit == "ms" else 1) for value in both)
        print(f"{f'{what} {unit}':16} {one:12.3f} {other:12.3f} {other / one:8.1f}")
    print(f"{'kilobytes':16} {sizes[0]:12.0f} {sizes[1]:12.0f} {sizes[1] / sizes[0]:8.1f}")
    assert found["load"][1] > LEAST * found["load"][0]
    assert found["megabytes"][0] < MOST_MEGABYTES


if __name__ == "__main__":
    make(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
