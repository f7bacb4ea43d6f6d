"""PyMC models: plain functions from (panel, beliefs, outcomes) to a `pm.Model`."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.random import Generator
from pymc.logprob.transforms import Transform
from pytensor.tensor.variable import TensorVariable

from trust_router.beliefs import Beliefs
from trust_router.beta import Array
from trust_router.outcomes import Outcomes
from trust_router.panel import Panel

__all__ = ["seed_model"]

Tensor = TensorVariable[Any, Any]


def seed_model(panel: Panel, beliefs: Beliefs, outcomes: Outcomes) -> pm.Model:
    r"""Build the seed model: one need per category with the whole panel as its prior.

    Parameters
    ----------
    panel : Panel
        Routers, their judges and weights.
    beliefs : Beliefs
        Beta beliefs that cover the panel's judges and the outcomes' categories.
    outcomes : Outcomes
        Counts per category.

    Returns
    -------
    pymc.Model
        Dims ``category`` and ``seat``; free variable ``need_logit``, deterministic ``need``,
        observed ``needs`` (all over ``category``).

    Raises
    ------
    ValueError
        If there is no belief of a judge or about a category.

    Notes
    -----
    Both switches, which router is right and which of its judges, are summed out:

    .. math:: \mathrm{need}_c \sim \sum_s \omega_s\,\mathrm{Beta}(\alpha_{cs}, \beta_{cs}), \qquad
              \mathrm{needs}_c \sim \mathrm{Binomial}(\mathrm{trials}_c, \mathrm{need}_c).

    The mixture lives on the log-odds scale. On (0, 1) a belief such as Beta(0.2, 0.05) has an
    eighth of its mass closer to 1 than a float64 can tell, and NUTS diverges. NUTS itself walks on
    asinh(need_logit): a belief with tiny shapes reaches hundreds of log odds far, a confident one
    spans less than one, and asinh brings both to the same size.
    """
    seats = panel.seats
    held = beliefs.select(outcomes.categories, panel.judge_names)
    coords = {"category": list(outcomes.categories), "seat": list(seats.labels)}
    with pm.Model(coords=coords) as model:
        trials = pm.Data("trials", outcomes.trials, dims="category")
        log_weight = pm.Data("log_weight", np.log(seats.weight), dims="seat")
        alpha = pm.Data("alpha", held.alpha[:, seats.judge], dims=("category", "seat"))
        beta = pm.Data("beta", held.beta[:, seats.judge], dims=("category", "seat"))
        need_logit = pm.CustomDist(
            "need_logit",
            log_weight,
            alpha,
            beta,
            logp=_mixture_logp,
            random=_mixture_random,
            signature="(s),(s),(s)->()",
            transform=_Asinh(),
            dims="category",
        )
        pm.Deterministic("need", pm.math.sigmoid(need_logit), dims="category")
        pm.Binomial("needs", n=trials, logit_p=need_logit, observed=outcomes.needs, dims="category")
    return model


class _Asinh(Transform):  # type: ignore[misc]  # pymc types it as Any
    """Compress the exponential tails of log odds, so that one step size fits all beliefs."""

    name = "asinh"

    def forward(self, value: Any, *_: Any) -> Any:
        return pt.arcsinh(value)

    def backward(self, value: Any, *_: Any) -> Any:
        return pt.sinh(value)

    def log_jac_det(self, value: Any, *_: Any) -> Any:
        return pt.log(pt.cosh(value))


def _mixture_logp(value: Tensor, log_weight: Tensor, alpha: Tensor, beta: Tensor) -> Tensor:
    """Log density of a mixture of Betas on the log-odds scale, Jacobian included."""
    x = value[..., None]
    log_norm = pt.gammaln(alpha) + pt.gammaln(beta) - pt.gammaln(alpha + beta)
    components = -alpha * pt.softplus(-x) - beta * pt.softplus(x) - log_norm
    return cast("Tensor", pm.math.logsumexp(log_weight + components, axis=-1, keepdims=False))


def _mixture_random(
    log_weight: Array, alpha: Array, beta: Array, rng: Generator, size: tuple[int, ...]
) -> Array:
    """Log odds of Beta draws from randomly picked components; never 0 or 1 along the way."""
    shape = np.broadcast_shapes(log_weight.shape, alpha.shape, beta.shape)
    shape = np.broadcast_shapes((*size, shape[-1]) if size else shape, shape)
    pick = (log_weight + rng.gumbel(size=shape)).argmax(axis=-1)[..., None]
    a, b = (
        np.take_along_axis(np.broadcast_to(x, shape), pick, axis=-1)[..., 0] for x in (alpha, beta)
    )
    return _log_gamma(a, rng) - _log_gamma(b, rng)


def _log_gamma(shape: Array, rng: Generator) -> Array:
    """Draw logs of Gammas, exact where the draw itself would underflow: G(a) = G(a+1) U^(1/a)."""
    return np.log(rng.gamma(shape + 1)) - rng.exponential(size=shape.shape) / shape
