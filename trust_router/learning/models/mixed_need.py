"""Need of categories as a mixture of what seats state, drawn on the log-odds scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.random import Generator
from pymc.logprob.transforms import Transform
from scipy import special

from trust_router.basics.arrays import Array

__all__ = ["log_density", "need_of_seats"]

Tensor = Any  # symbolic


def need_of_seats(log_weight: Tensor, alpha: Tensor, beta: Tensor) -> Tensor:
    """Add the log odds of need of each category, a mixture of Betas (category, seat)."""
    return pm.CustomDist(
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


def log_density(log_odds: Array, alpha: Array, beta: Array) -> Array:
    """Log density of log odds under the Beta of each seat, Jacobian included, (..., seat)."""
    x = log_odds[..., None]
    spent = alpha * np.logaddexp(0, -x) + beta * np.logaddexp(0, x)
    return np.asarray(-spent - special.betaln(alpha, beta))


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
    return pm.math.logsumexp(log_weight + components, axis=-1, keepdims=False)


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
