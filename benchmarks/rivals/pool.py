"""The pool in other languages: one Bernoulli a ticket, everything else as `Pool` states it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
import pymc as pm

import trust_router as tr
from rivals.running import Sampled, by_numpyro, by_nutpie, by_pymc, by_stan
from trust_router.basics.arrays import Array
from trust_router.inputs.matching import match
from trust_router.learning.models.pooling import Pooling

TICKETS, CATEGORIES = 1000, 6
JUDGES = {
    "haiku": tr.examples.SimulatedJudge(noise=1.5),
    "mini": tr.examples.SimulatedJudge(noise=2.5),
    "sonnet": tr.examples.SimulatedJudge(noise=1.0),
    "gpt": tr.examples.SimulatedJudge(noise=1.5),
    "grok": tr.examples.SimulatedJudge(noise=1.0),
    "reason": tr.examples.SimulatedJudge(noise=2.0),
}
STAN = """
data {
  int n; int R; int J; int C;
  vector[n] mean; vector[n] apart; matrix[n, R] router; matrix[n, J] judge;
  array[n] int category; array[n] int y;
}
parameters {
  real intercept; real gain; real bend; real discord; real damping;
  vector[R] router_gain; vector[J] judge_gain;
  real<lower=0> category_sd; sum_to_zero_vector[C] category_z;
}
model {
  vector[n] line = gain * mean + router * router_gain + judge * judge_gain;
  intercept ~ normal(-0.5, 1);  gain ~ normal(1.2, 1.4);  bend ~ normal(0.12, 0.2);
  discord ~ normal(0, 0.35);  damping ~ normal(0, 0.1);
  router_gain ~ normal(0, 0.2);  judge_gain ~ normal(0, 0.4);
  category_sd ~ normal(0, 0.5);  category_z ~ normal(0, 1);
  y ~ bernoulli_logit(intercept + line - bend * square(line) + apart .* (discord - damping * line)
                      + category_sd * category_z[category]);
}
"""


@dataclass(frozen=True, eq=False)
class PoolData:
    """What judges say of each ticket, as `Pooling` brings it together, and its outcome."""

    mean: Array
    apart: Array
    router: Array
    judge: Array
    category: Array
    y: Array


def ways() -> dict[str, Callable[[int], Sampled]]:
    """Give all ways by name; each takes the number of draws and its draws hold ``trust``."""
    panel = tr.Panel(
        [
            tr.Router("simple", {"haiku": 0.6, "mini": 0.4}),
            tr.Router("medium", {"sonnet": 0.7, "gpt": 0.3}),
            tr.Router("complex", {"grok": 0.2, "reason": 0.8}),
        ]
    )
    about = {"panel": panel, "tickets": TICKETS, "categories": CATEGORIES, "random_seed": 1}
    made = tr.examples.simulate_panel(JUDGES, **about)
    rows = match(panel, made.beliefs, made.outcomes)
    pooled = Pooling.of(panel, rows, "rank").pooled(rows)
    # A row of several tickets becomes that many again, those with need first.
    each = np.repeat(np.arange(len(rows)), rows.trials)
    y = np.concatenate(
        [np.repeat([1, 0], [k, n - k]) for k, n in zip(rows.needs, rows.trials, strict=True)]
    )
    data = PoolData(
        pooled.mean[each],
        pooled.discord[each],
        pooled.router[each],
        pooled.judge[each],
        rows.category[each],
        y,
    )

    def trusted(sample: Callable[[int], Sampled]) -> Callable[[int], Sampled]:
        def run(draws: int) -> Sampled:
            found = sample(draws)
            return replace(found, draws=tr.Pool().recover(found.draws, panel, rows))

        return run

    def ours(draws: int) -> Sampled:
        # From 500 rows on `fit` takes this metric.
        model = tr.models.build(panel, made.beliefs, made.outcomes, "pool")
        return by_nutpie(model, draws, "low_rank")

    sampled = {
        "trust_router": ours,
        "PyMC": lambda draws: by_pymc(straight(data), draws),
        "the same with nutpie": lambda draws: by_nutpie(straight(data), draws),
        "NumPyro, by hand": lambda draws: by_numpyro(by_hand(data), draws),
        "PyStan": lambda draws: by_stan(STAN, _for_stan(data), draws),
    }
    return {name: trusted(sample) for name, sample in sampled.items()}


def straight(data: PoolData) -> pm.Model:
    """Write the equations down, ticket by ticket."""
    coords = {"router": range(3), "judge": range(len(JUDGES)), "category": range(CATEGORIES)}
    with pm.Model(coords=coords) as model:
        intercept, gain = pm.Normal("intercept", -0.5, 1), pm.Normal("gain", 1.2, 1.4)
        bend = pm.Normal("bend", 0.12, 0.2)
        discord, damping = pm.Normal("discord", 0, 0.35), pm.Normal("damping", 0, 0.1)
        router_gain = pm.Normal("router_gain", 0, 0.2, dims="router")
        judge_gain = pm.Normal("judge_gain", 0, 0.4, dims="judge")
        effect = pm.HalfNormal("category_sd", 0.5) * pm.ZeroSumNormal("category_z", dims="category")
        line = gain * data.mean + data.router @ router_gain + data.judge @ judge_gain
        bent = intercept + line - bend * line**2 + data.apart * (discord - damping * line)
        pm.Bernoulli("y", logit_p=bent + effect[data.category], observed=data.y)
    return model


def by_hand(data: PoolData) -> Callable[[], None]:
    """Write the same in NumPyro."""
    import numpyro
    from numpyro import distributions as dist

    def model() -> None:
        def normal(name: str, mean: float, sd: float, size: tuple[int, ...] = ()) -> Array:
            return numpyro.sample(name, dist.Normal(mean, sd).expand(size).to_event(len(size)))

        intercept, gain = normal("intercept", -0.5, 1), normal("gain", 1.2, 1.4)
        bend = normal("bend", 0.12, 0.2)
        discord, damping = normal("discord", 0, 0.35), normal("damping", 0, 0.1)
        router_gain = normal("router_gain", 0, 0.2, (3,))
        judge_gain = normal("judge_gain", 0, 0.4, (len(JUDGES),))
        spread = numpyro.sample("category_sd", dist.HalfNormal(0.5))
        effect = spread * numpyro.sample("category_z", dist.ZeroSumNormal(1.0, (CATEGORIES,)))
        line = gain * data.mean + data.router @ router_gain + data.judge @ judge_gain
        bent = intercept + line - bend * line**2 + data.apart * (discord - damping * line)
        numpyro.sample("y", dist.Bernoulli(logits=bent + effect[data.category]), obs=data.y)

    return model


def _for_stan(data: PoolData) -> dict[str, Array | int]:
    values = {field.name: getattr(data, field.name) for field in fields(data)}
    sizes = {"n": len(data.y), "R": 3, "J": len(JUDGES), "C": CATEGORIES}
    return values | {"category": data.category + 1} | sizes
