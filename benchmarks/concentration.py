"""Whether a stated concentration should weigh: `python benchmarks/concentration.py [RUNS]`.

No real judges at hand state how sure they are, so judges are simulated: six see the same difficulty
through noise that differs from ticket to ticket. Their scores, as the pool makes them, are taken as
they are or times nu / (nu + n), with n learned as one more parameter; coefficients are those of
greatest posterior density under the pool's priors. Prints by how much the weight lowers log loss on
held-out tickets (below 0: it raises it), mean and standard error.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy import optimize, special, stats

import trust_router as tr
from trust_router.basics.arrays import Array

JUDGES, HELD_OUT = 6, 4000
FEEDBACKS = (25, 100, 400, 1000)
SURE = np.array([2.0, 5.0, 10.0, 30.0])
WORLDS = {
    "shrinks where unsure, and says so": (True, True),
    "guesses where unsure, and says so": (False, True),
    "is as sure whatever it sees": (False, False),
}
# What scores are ranks of, and n; None: concentrations are not looked at, 0: it is learned.
WAYS = {
    "rank of expected log odds": ("log odds", None),
    "the same, n learned": ("log odds", 0),
    "rank of the mean": ("mean", None),
    "the same, n = 2": ("mean", 2),
    "n = 5": ("mean", 5),
    "n = 20": ("mean", 20),
    "n learned": ("mean", 0),
}


def simulate(
    shrinks: bool, tells: bool, rng: np.random.Generator
) -> tuple[dict[str, Array], Array, Array]:
    """Scores by their way and concentrations, each (ticket, judge), and outcomes (ticket,)."""
    tickets = HELD_OUT + max(FEEDBACKS)
    difficulty = rng.normal(-0.5, 1.3, tickets)
    nu = rng.choice(SURE, (tickets, JUDGES))
    variance = 10 / nu
    seen = difficulty[:, None] + rng.normal(0, np.sqrt(variance))
    if shrinks:
        seen = -0.5 + (seen + 0.5) * 1.3**2 / (1.3**2 + variance)
    if not tells:
        nu = rng.permuted(nu, axis=0)
    mean = special.expit(seen)
    outcome = rng.binomial(1, special.expit(difficulty))
    log_odds = special.digamma(nu * mean) - special.digamma(nu * (1 - mean))
    return {"log odds": ranked(log_odds), "mean": ranked(mean)}, nu, outcome


def ranked(said: Array) -> Array:
    """Where a judge's statements stand among its own, as the pool scores them."""
    share = stats.rankdata(said, axis=0) / (len(said) + 1)
    return np.asarray(special.logit(share) * np.sqrt(3) / np.pi)


def log_odds(at: Array, scores: Array, nu: Array, n: int | None) -> Array:
    """Of need: intercept, gain, bend, log of n, and deviations of judges."""
    if n is not None:
        share = nu / (nu + (n or np.exp(at[3])))
        scores = scores * share / (SURE / (SURE + (n or np.exp(at[3])))).mean()
    mean = scores.mean(axis=1)
    line = at[1] * mean + (scores - mean[:, None]) @ at[4:]
    return np.asarray(at[0] + line - at[2] * line**2)


def learn(scores: Array, nu: Array, outcome: Array, n: int | None) -> Array:
    """Coefficients of greatest posterior density."""
    pool = tr.Pool()
    mean = np.array([pool.intercept_mean, pool.gain_mean, pool.bend_mean, np.log(2), *[0] * JUDGES])
    sd = np.array([pool.intercept_sd, pool.gain_sd, pool.bend_sd, 2, *[pool.judge_sd] * JUDGES])

    def against(at: Array) -> float:
        eta = log_odds(at, scores, nu, n)
        loss = np.logaddexp(0, eta).sum() - outcome @ eta
        return float(loss + (((at - mean) / sd) ** 2).sum() / 2)

    return np.asarray(optimize.minimize(against, mean).x)


def losses(shrinks: bool, tells: bool, seed: int) -> list[list[float]]:
    """Held-out log loss, (number of outcomes, way)."""
    scores, nu, outcome = simulate(shrinks, tells, np.random.default_rng(seed))
    held, found = slice(max(FEEDBACKS), None), []
    for number in FEEDBACKS:
        found.append([])
        for by, n in WAYS.values():
            x = scores[by]
            at = learn(x[:number], nu[:number], outcome[:number], n)
            eta = log_odds(at, x[held], nu[held], n)
            found[-1].append(float(np.mean(np.logaddexp(0, eta) - outcome[held] * eta)))
    return found


def main(runs: str = "40") -> None:
    """Print a line for each kind of judge and way."""
    first, *others = WAYS
    for world, what in WORLDS.items():
        each = np.array([losses(*what, seed) for seed in range(int(runs))])
        print(world, f"{first}:", *each[..., 0].mean(axis=0).round(4))
        for place, way in enumerate(others, 1):
            less = each[..., 0] - each[..., place]
            error = less.std(axis=0, ddof=1) / np.sqrt(len(each))
            shown = [f"{m:+.4f} ± {e:.4f}" for m, e in zip(less.mean(axis=0), error, strict=True)]
            print("   ", way, *shown, sep=" | ", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
