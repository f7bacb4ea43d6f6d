"""Updates a second of the exact model, beside bandit libraries: `python benchmarks/stream.py`.

Two Beta rates, which is what all three can keep. `bayesianbandits` and `MABWiser` (extra `bench`)
are left out where they are not installed. Processor time.

With FOLDER, which holds `mmlupro_judges`, also of the pool: fitted to 1,000 tickets, 4,000 more in
batches, and the log loss of all others beside that of a fit of all 5,000.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pandas as pd

import trust_router as tr
from trust_router.examples.datasets import load_mmlupro
from trust_router.learning.pool_streaming import PoolStream
from trust_router.learning.streaming import Stream

ONES, BATCH, ROUNDS = 2000, 100_000, 5
FIRST = 1000  # tickets that the pool is fitted to
NAMES = ["refund", "login"]


def rate(run: Callable[[], object], outcomes: int) -> float:
    """Outcomes a second, the best of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return outcomes / max(min(times), 1e-9)


def ours(place: np.ndarray, outcome: np.ndarray) -> dict[str, Callable[[], object]]:
    """Count for the closed form; with trust asked for after each, too."""
    panel = tr.Panel([tr.Router("r", {"x": 0.5, "y": 0.5}), tr.Router("s", {"z": 1.0})])
    beliefs = tr.Beliefs(NAMES, ["x", "y", "z"], np.full((2, 3), 2.0), np.full((2, 3), [3, 5, 9]))
    stream = Stream(panel, beliefs)
    single = [(NAMES[at], int(y)) for at, y in zip(place[:ONES], outcome[:ONES], strict=True)]

    def one() -> None:
        for name, y in single:
            stream.add(name, y)

    def asked() -> None:
        for name, y in single:
            stream.add(name, y)
            stream.now(name)

    return {"one": one, "one, trust asked": asked, "batch": lambda: stream.add_many(place, outcome)}


def bayesianbandits(place: np.ndarray, outcome: np.ndarray) -> dict[str, Callable[[], object]]:
    """Keep a Beta rate for each action."""
    import bayesianbandits as bb

    arms = [bb.Arm(i, learner=bb.DirichletClassifier({0: 1.0, 1: 1.0})) for i in range(2)]
    agent = bb.Agent(arms, bb.ThompsonSampling(), random_seed=1)

    def one() -> None:
        for at, y in zip(place[:ONES].tolist(), outcome[:ONES].tolist(), strict=True):
            agent.select_for_update(at).update(np.array([y]))

    def batch() -> None:
        for at in range(2):
            agent.select_for_update(at).update(outcome[place == at])

    return {"one": one, "batch": batch}


def mabwiser(place: np.ndarray, outcome: np.ndarray) -> dict[str, Callable[[], object]]:
    """Thompson sampling of two arms."""
    from mabwiser.mab import MAB, LearningPolicy

    mab = MAB([0, 1], LearningPolicy.ThompsonSampling(), seed=1)
    mab.fit(place[:10].tolist(), outcome[:10].tolist())

    def one() -> None:
        for at, y in zip(place[:ONES].tolist(), outcome[:ONES].tolist(), strict=True):
            mab.partial_fit([at], [y])

    return {"one": one, "batch": lambda: mab.partial_fit(place, outcome)}


def of_pool(folder: str) -> None:
    """Print outcomes a second of the pool, and how near it comes to a fit."""
    data, rng = load_mmlupro(folder), np.random.default_rng(3)
    order, log = rng.permutation(len(data.beliefs)), data.outcomes.log
    whole = data.beliefs.take(order)
    category = list(whole.category)
    outcome = pd.Series(log.outcome, log.tickets)[list(whole.labels)].to_numpy()

    def fitted(upto: int) -> tr.Posterior:
        table = {"ticket": whole.labels[:upto], "category": category[:upto]}
        seen = tr.read_outcomes(pd.DataFrame(table | {"outcome": outcome[:upto]}))
        return tr.fit(data.panel, whole.take(np.arange(upto)), seen, random_seed=1)

    first, last = FIRST, 5 * FIRST

    def part(at: slice) -> tuple[np.ndarray, np.ndarray, list[str]]:
        return whole.alpha[at], whole.beta[at], category[at]

    def loss(need: np.ndarray) -> float:
        return float(-np.log(np.where(outcome[last:] == 1, need, 1 - need)).mean())

    start = fitted(first)
    for size in (100, 1000, 4000):
        stream, times = PoolStream(start), []
        for at in range(first, last, size):
            batch = slice(at, at + size)
            begun = time.process_time()
            stream.add_many(*part(batch), outcome[batch])
            times.append(time.process_time() - begun)
        found = f"{size / np.median(times):14,.0f} outcomes a second"
        held = loss(stream.need(*part(slice(last, None))))
        print(f"pool, batches of {size:<14,} {found}, log loss {held:.4f}", flush=True)
    held = loss(fitted(last).predict(whole.take(np.arange(last, len(order)))).mean)
    print(f"a fit of all: log loss {held:.4f}")


def main() -> None:
    """Print outcomes a second, and that memory does not grow."""
    rng = np.random.default_rng(1)
    place, outcome = rng.integers(0, 2, BATCH), rng.integers(0, 2, BATCH)
    for made in (ours, bayesianbandits, mabwiser):
        try:
            runs = made(place, outcome)
        except ImportError as missing:
            print(f"{made.__name__:<16} left out: {missing}")
            continue
        for name, run in runs.items():
            found = rate(run, BATCH if name == "batch" else ONES)
            print(f"{made.__name__:<16} {name:<18} {found:14,.0f} outcomes a second", flush=True)
    runs = ours(place, outcome)
    tracemalloc.start()
    runs["batch"]()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(50):
        runs["batch"]()
    grown = tracemalloc.get_traced_memory()[0] - before
    print(f"memory after 50 more batches: {grown:+,} bytes")


if __name__ == "__main__":
    main()
    if sys.argv[1:]:
        of_pool(sys.argv[1])
