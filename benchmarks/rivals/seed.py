"""The seed model in other languages: three routers, their judges, 22 outcomes.

As the source has it, each router has a rate of its own, a mixture of its judges' beliefs on (0, 1),
and a switch picks the router. NUTS cannot draw switches: PyMC has Gibbs do it, others sum them out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from scipy import special

import trust_router as tr
from rivals.running import RANDOM_SEED, Sampled, by_numpyro, by_nutpie, by_pymc, by_stan, labelled
from trust_router.basics.arrays import Array
from trust_router.inputs.matching import match

STAN = """
data {
  int trials; int needs; vector[3] share;
  matrix[3, 2] within; matrix[3, 2] alpha; matrix[3, 2] beta;
}
parameters { vector<lower=0, upper=1>[3] rate; }
transformed parameters {
  vector[3] log_router = log(share) + needs * log(rate) + (trials - needs) * log1m(rate);
}
model {
  for (r in 1:3)
    target += log_mix(within[r, 1], beta_lpdf(rate[r] | alpha[r, 1], beta[r, 1]),
                                    beta_lpdf(rate[r] | alpha[r, 2], beta[r, 2]));
  target += log_sum_exp(log_router);
}
generated quantities { vector[3] trust = softmax(log_router); }
"""


@dataclass(frozen=True, eq=False)
class SeedData:
    """What is stated and what happened; shapes (router,) and (router, judge of the router)."""

    share: Array
    within: Array
    alpha: Array
    beta: Array
    trials: int
    needs: int

    @property
    def outcomes(self) -> Array:
        """One for each ticket."""
        return np.repeat([1, 0], [self.needs, self.trials - self.needs])


def ways() -> dict[str, Callable[[int], Sampled]]:
    """Give all ways by name; each takes the number of draws and its draws hold ``trust``."""
    panel, beliefs, outcomes = tr.examples.load_seed()
    rows, seats = match(panel, beliefs, outcomes), panel.seats
    alpha, beta = (shapes[0, seats.judge].reshape(3, 2) for shapes in (rows.alpha, rows.beta))
    counts = int(rows.trials[0]), int(rows.needs[0])
    data = SeedData(panel.share, seats.within.reshape(3, 2), alpha, beta, *counts)

    def ours(draws: int) -> Sampled:
        found = by_nutpie(tr.models.build(panel, beliefs, outcomes, "seed"), draws)
        return _with(found, tr.Seed().recover(found.draws, panel, rows))

    return {
        "trust_router": ours,
        "PyMC, switch drawn": lambda draws: _picked(by_pymc(switch_drawn(data), draws)),
        "PyMC, summed out": lambda draws: by_pymc(summed_out(data), draws),
        "the same with nutpie": lambda draws: by_nutpie(summed_out(data), draws),
        "NumPyro, enumerated": lambda draws: _inferred(enumerated(data), draws),
        "NumPyro, by hand": lambda draws: by_numpyro(by_hand(data), draws),
        "PyStan": lambda draws: by_stan(STAN, vars(data), draws),
    }


def exact() -> Array:
    """Trust in closed form."""
    return np.asarray(tr.solve(*tr.examples.load_seed()).trust()["mean"])


def _rates(data: SeedData) -> list[pt.TensorVariable]:
    return [
        pm.Mixture(
            f"need_{r}", w=data.within[r], comp_dists=pm.Beta.dist(data.alpha[r], data.beta[r])
        )
        for r in range(3)
    ]


def switch_drawn(data: SeedData) -> pm.Model:
    """Translate the source as it is written."""
    with pm.Model() as model:
        router = pm.Categorical("router", data.share)
        pm.Bernoulli("y", pt.stack(_rates(data))[router], observed=data.outcomes)
    return model


def summed_out(data: SeedData) -> pm.Model:
    """Sum the switch out, as one must for NUTS."""
    with pm.Model(coords={"router": range(3)}) as model:
        each = [pm.logp(pm.Bernoulli.dist(rate), data.outcomes).sum() for rate in _rates(data)]
        log_router = pt.log(data.share) + pt.stack(each)
        pm.Potential("y", pt.logsumexp(log_router))
        pm.Deterministic("trust", pt.special.softmax(log_router), dims="router")
    return model


def enumerated(data: SeedData) -> Callable[[], None]:
    """Write the switches down and have NumPyro sum over them."""
    import numpyro
    from jax import numpy as jnp
    from numpyro import distributions as dist

    within, alpha, beta = (jnp.array(x) for x in (data.within, data.alpha, data.beta))

    def model() -> None:
        both = {"enumerate": "parallel"}
        router = numpyro.sample("router", dist.Categorical(jnp.array(data.share)), infer=both)
        judge = numpyro.sample("judge", dist.Categorical(within[router]), infer=both)
        need = numpyro.sample("need", dist.Beta(alpha[router, judge], beta[router, judge]))
        with numpyro.plate("ticket", data.trials):
            numpyro.sample("y", dist.Bernoulli(need), obs=jnp.array(data.outcomes))

    return model


def by_hand(data: SeedData) -> Callable[[], None]:
    """Write our density, one rate on the log-odds scale, in NumPyro."""
    import numpyro
    from jax import nn
    from jax import numpy as jnp
    from numpyro import distributions as dist

    log_weight = np.log(data.share[:, None] * data.within)
    alpha, beta, norm = data.alpha, data.beta, special.betaln(data.alpha, data.beta)

    def model() -> None:
        real = dist.ImproperUniform(dist.constraints.real, (), ())
        x = numpyro.sample("need_logit", real)
        log_seat = log_weight - alpha * nn.softplus(-x) - beta * nn.softplus(x) - norm
        numpyro.factor("prior", nn.logsumexp(log_seat))
        numpyro.sample("needs", dist.Binomial(data.trials, logits=x), obs=data.needs)
        numpyro.deterministic("trust", jnp.sum(nn.softmax(log_seat, (0, 1)), axis=1))

    return model


def _inferred(model: Callable[[], None], draws: int) -> Sampled:
    """Let NumPyro draw the switches given its draws of need."""
    from jax import random
    from numpyro.infer import Predictive

    found = by_numpyro(model, draws)
    needs = {"need": found.draws["need"].values}
    again = Predictive(model, needs, infer_discrete=True, batch_ndims=2)
    router = np.asarray(again(random.PRNGKey(RANDOM_SEED))["router"])
    return _picked(_with(found, labelled({"router": router})))


def _picked(found: Sampled) -> Sampled:
    """Trust where the router itself is drawn."""
    trust = found.draws["router"].values[..., None] == np.arange(3)
    return _with(found, labelled({"trust": trust.astype(float)}))


def _with(found: Sampled, draws: xr.Dataset) -> Sampled:
    return replace(found, draws=draws)
