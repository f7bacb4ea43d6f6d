"""The seed model: one need per category with the whole panel as its prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from numpy.random import Generator
from pymc.logprob.transforms import Transform
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.facts import SEED_FACTS, Facts
from trust_router.learning.models.kind import Model
from trust_router.learning.need import seat_shapes

__all__ = ["Seed"]

Tensor = Any  # symbolic


@dataclass(frozen=True)
class Seed(Model):
    r"""The seed model; it has no options. For beliefs about categories.

    Notes
    -----
    Both switches, which router is right and which of its judges, are summed out:

    .. math:: \mathrm{need}_c \sim \sum_s \omega_s\,\mathrm{Beta}(\alpha_{cs}, \beta_{cs}), \qquad
              \mathrm{needs}_c \sim \mathrm{Binomial}(\mathrm{trials}_c, \mathrm{need}_c).

    The mixture lives on the log-odds scale. On (0, 1) a belief such as Beta(0.2, 0.05) has an
    eighth of its mass closer to 1 than a float64 can tell, and NUTS diverges. NUTS itself walks on
    asinh(need_logit): a belief with tiny shapes reaches hundreds of log odds far, a confident one
    spans less than one, and asinh brings both to the same size.

    Trust is recovered by Rao-Blackwell [1]_: given need, the outcomes say nothing more about the
    switches, so :math:`P(s \mid \mathrm{need}) \propto \omega_s
    \mathrm{Beta}(\mathrm{need} \mid \alpha_s, \beta_s)` exactly. Averaging these has less Monte
    Carlo error than averaging sampled switches.

    Free variable ``need_logit``, deterministic ``need``, observed ``needs``, all over ``category``.

    References
    ----------
    .. [1] A. E. Gelfand and A. F. M. Smith, "Sampling-based approaches to calculating marginal
       densities", JASA 85, 1990.
    """

    name = "seed"

    def facts(self, rows: Rows) -> Facts:
        """State what the model is."""
        return SEED_FACTS

    def data(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Arrays that change between fits."""
        if rows.about != "category":
            raise ValueError(
                "the seed model takes beliefs about categories; "
                'for beliefs about tickets use model="pool" or "switch"'
            )
        judge = panel.seats.judge
        return {
            "trials": rows.trials,
            "alpha": rows.alpha[:, judge],
            "beta": rows.beta[:, judge],
            "observed": rows.needs,
        }

    def build(self, panel: Panel, rows: Rows) -> pm.Model:
        """Build the model of some rows."""
        values = self.data(panel, rows)
        shapes = ("category", "seat")
        with pm.Model(coords=self.coords(panel, rows)) as model:
            trials = pm.Data("trials", values["trials"], dims="category")
            observed = pm.Data("observed", values["observed"], dims="category")
            log_weight = pm.Data("log_weight", np.log(panel.seats.weight), dims="seat")
            alpha = pm.Data("alpha", values["alpha"], dims=shapes)
            beta = pm.Data("beta", values["beta"], dims=shapes)
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
            pm.Binomial("needs", n=trials, logit_p=need_logit, observed=observed, dims="category")
        return model

    def recover(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> xr.Dataset:
        """Add trust and the probability of each seat, exact per draw."""
        seats, judge = panel.seats, panel.seats.judge
        alpha, beta = rows.alpha[:, judge], rows.beta[:, judge]
        x = draws["need_logit"].values[..., None]
        log_density = (
            -alpha * np.logaddexp(0, -x) - beta * np.logaddexp(0, x) - special.betaln(alpha, beta)
        )
        seat_posterior = special.softmax(np.log(seats.weight) + log_density, axis=-1)
        dims = draws["need_logit"].dims
        return draws.assign(
            trust=((*dims, "router"), seats.sum_by_router(seat_posterior)),
            seat_posterior=((*dims, "seat"), seat_posterior),
        )

    def shapes(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> tuple[Array, Array]:
        """Shapes of need given the seat after the outcomes: the same under each draw."""
        alpha, beta = seat_shapes(panel, rows)
        return alpha[None], beta[None]


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
