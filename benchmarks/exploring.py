"""What exploring costs and brings in a stream: `python benchmarks/exploring.py [KIND]`.

Tickets come in batches; what is tried with the simple model has an outcome, what is escalated has
none, and after each batch the posterior is anew. Prints the true expected cost per 100 tickets of
policies, and its difference from the rule of least expected cost with standard errors over streams.
Without an argument beliefs are about categories (closed form), with `pool` about tickets. With
`bandit` it prints in how many categories Beta(a, b) that the rule escalates a try pays: by the
exact one-armed bandit, by the best number of tries at once, by the worth of one outcome alone.
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd

import trust_router as tr
from trust_router.basics.mixture import BetaMixture
from trust_router.decisions.bandit import trying
from trust_router.decisions.worth import value_of_outcome
from trust_router.examples import SimulatedJudge, simulate_panel
from trust_router.inputs.outcomes import TicketLog

COSTS = tr.Costs(0.03, 3.0, failure=5.0)
FLAT = 0.05
CATEGORIES, BATCH, BATCHES, STREAMS = 12, 60, 20, 16
POOL_CATEGORIES, POOL_BATCH, POOL_BATCHES, POOL_STREAMS = 6, 100, 6, 8
JUDGES = {
    "a": SimulatedJudge(noise=0.8),
    "b": SimulatedJudge(bias=0.5, noise=1.2),
    "c": SimulatedJudge(noise=3.0),
}

POLICIES = ("rule", "flat 5 %", "Thompson", "explore")


def main(what: str = "categories") -> None:
    """Run streams of one kind."""
    warnings.simplefilter("ignore", tr.JudgeWarning)
    if what == "bandit":
        print(bandit().to_string())
    elif what == "pool":
        report({"as simulated": [pool_stream(i) for i in range(POOL_STREAMS)]})
    else:
        report(
            {
                name: [category_stream(i, true=name) for i in range(STREAMS)]
                for name in ("as judges believe", "unlike what they believe", "all needy")
            }
        )


def bandit() -> pd.DataFrame:
    """Count where a try pays."""
    counts = {}
    shapes = [(a, b) for a in range(1, 21) for b in range(1, 21) if a > COSTS.threshold * (a + b)]
    for horizon in (10, 100, 1000, 10_000):
        said = []
        for a, b in shapes:
            need = BetaMixture([1.0], [a], [b])
            found = trying(need, COSTS, horizon)
            one = horizon * value_of_outcome(need.given(COSTS.threshold), COSTS).item()
            said.append((found.worth > found.cost, found.at_once > 0, one > found.cost))
        counts[horizon] = np.sum(said, axis=0)
    columns = ["bandit", "at once", "one outcome"]
    table = pd.DataFrame(counts, index=columns).T.rename_axis("horizon")
    return table.assign(escalated=len(shapes))


def report(streams: dict[str, list[dict[str, float]]]) -> None:
    """Print means over streams and differences from the rule."""
    for name, results in streams.items():
        table = pd.DataFrame(results)
        off = table.sub(table["rule"], axis=0)
        shown = pd.DataFrame(
            {
                "cost per 100": table.mean(),
                "more than the rule": off.mean(),
                "se": off.std(ddof=1) / np.sqrt(len(table)),
            }
        )
        print(f"\n== {name} ({len(table)} streams)\n{shown.round(2).to_string()}", flush=True)


def category_stream(seed: int, true: str) -> dict[str, float]:
    """Cost per 100 tickets of each policy, on the same needs and tickets."""
    rng = np.random.default_rng([seed, 1])
    names = [f"c{i}" for i in range(CATEGORIES)]
    mean = rng.uniform(0.15, 0.75, (CATEGORIES, 3))
    beliefs = tr.Beliefs(names, ["a", "b", "c"], 4 * mean, 4 * (1 - mean))
    panel = tr.Panel([tr.Router(x, {x: 1.0}) for x in "abc"])
    right = mean[np.arange(CATEGORIES), rng.integers(3, size=CATEGORIES)]
    need = {
        "as judges believe": rng.beta(4 * right, 4 * (1 - right)),
        "unlike what they believe": rng.beta(2, 2, CATEGORIES),
        "all needy": rng.beta(12, 6, CATEGORIES),
    }[true]
    tickets = rng.integers(CATEGORIES, size=(BATCHES, BATCH))
    luck = rng.random((BATCHES, BATCH))

    def cost(policy: str) -> float:
        trials, needs = np.zeros((2, CATEGORIES), dtype=int)
        dice, paid = np.random.default_rng([seed, 2]), []
        for batch, (at, chance) in enumerate(zip(tickets, luck, strict=True)):
            posterior = tr.solve(panel, beliefs, tr.Outcomes(names, trials, needs))
            left = BATCH * (BATCHES - batch - 1)
            tried = chosen(policy, posterior, at, left, dice)
            paid.append(np.where(tried, COSTS.simple_first(need[at]), COSTS.escalate(need[at])))
            trials += np.bincount(at[tried], minlength=CATEGORIES)
            needs += np.bincount(at[tried & (chance < need[at])], minlength=CATEGORIES)
        return 100 * float(np.mean(paid))

    return {policy: cost(policy) for policy in POLICIES}


def chosen(
    policy: str, posterior: tr.Posterior, at: np.ndarray, left: int, dice: np.random.Generator
) -> np.ndarray:
    """Tell which tickets of a batch a policy tries; ``at`` are their categories."""
    need = posterior.need_distribution()
    if policy == "Thompson":
        return dice.random(len(at)) < need.cdf(COSTS.threshold)[at]
    tried = ~COSTS.escalates(need.mean)[at]
    if policy == "flat 5 %":
        return tried | (dice.random(len(at)) < FLAT)
    if policy == "explore" and left:
        volume = np.ones(CATEGORIES)
        table = tr.decisions.explore(posterior, COSTS, horizon=left, volume=volume).table()
        before = pd.Series(at).groupby(at).cumcount().to_numpy()
        return tried | (before < table["at_once"].to_numpy()[at])
    return tried


def pool_stream(seed: int) -> dict[str, float]:
    """Cost per 100 tickets of each policy, on the same tickets, of which nothing is known."""
    number = POOL_BATCH * POOL_BATCHES
    base = float(np.random.default_rng([seed, 3]).normal())  # streams differ in how needy they are
    sim = simulate_panel(
        JUDGES, tickets=number, categories=POOL_CATEGORIES, base=base, random_seed=seed
    )
    compiled = tr.compile_model(sim.panel, sim.beliefs, sim.outcomes, model="pool")
    truth = sim.outcomes.log

    def cost(policy: str) -> float:
        dice, outcome = np.random.default_rng([seed, 2]), np.full(number, -1)
        tried = np.zeros(number, dtype=bool)
        for start in range(0, number, POOL_BATCH):
            seen = slice(0, start + POOL_BATCH)
            posterior = compiled.fit(
                some(sim.beliefs, seen),
                known(truth, outcome, sim.outcomes.categories, seen),
                random_seed=seed,
                on_failure="warn",
            )
            batch = slice(start, start + POOL_BATCH)
            new = some(sim.beliefs, batch)
            first = ~COSTS.escalates(posterior.predict(new, allow_unconverged=True).mean)
            if policy == "flat 5 %":
                first |= dice.random(POOL_BATCH) < FLAT
            left = number - start - POOL_BATCH
            if policy == "explore" and left:
                found = tr.decisions.explore(
                    posterior, COSTS, horizon=left, beliefs=new, allow_unconverged=True
                )
                first = (found.table()["action"] == "simple first").to_numpy()
            tried[batch] = first
            outcome[batch] = np.where(first, truth.outcome[batch], -1)
        paid = np.where(tried, COSTS.simple_first(sim.need), COSTS.escalate(sim.need))
        return 100 * float(paid.mean())

    return {policy: cost(policy) for policy in ("rule", "flat 5 %", "explore")}


def some(beliefs: tr.Beliefs, at: slice) -> tr.Beliefs:
    """Beliefs about some tickets."""
    return tr.Beliefs(
        beliefs.labels[at],
        beliefs.judges,
        beliefs.alpha[at],
        beliefs.beta[at],
        about="ticket",
        category=beliefs.category[at],
    )


def known(truth: TicketLog, outcome: np.ndarray, names: tuple[str, ...], at: slice) -> tr.Outcomes:
    """Outcomes of some tickets, as far as they are known."""
    code, result = truth.category[at], outcome[at]
    counts = [
        np.bincount(code[which], minlength=len(names))
        for which in (result >= 0, result == 1, result < 0)
    ]
    return tr.Outcomes(names, *counts, log=TicketLog(truth.tickets[at], code, result))


if __name__ == "__main__":
    main(*sys.argv[1:])
