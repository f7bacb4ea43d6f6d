"""The seed model: one need per category with the whole panel as its prior."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import flat
from trust_router.learning.facts import NOISY_SEED_FACTS, SEED_FACTS, Facts
from trust_router.learning.models.counts import counted, observed_needs
from trust_router.learning.models.kind import Model
from trust_router.learning.models.logged import NOISE_PARAMETERS, log_chances, noise_rates
from trust_router.learning.models.mixed_need import log_density, need_of_seats
from trust_router.learning.need import seat_shapes
from trust_router.learning.noise import Noise

__all__ = ["Seed"]

_SHAPES = ("alpha", "beta")  # of what judges state


@dataclass(frozen=True, repr=False)
class Seed(Model):
    r"""The seed model, for beliefs about categories.

    Parameters
    ----------
    noise : Noise, optional
        How often outcomes may be wrong; default: they are true.

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
    With noise also ``false_needed`` and ``false_resolved``, see `Noise`; `trust_router.solve` does
    that by quadrature.

    References
    ----------
    .. [1] A. E. Gelfand and A. F. M. Smith, "Sampling-based approaches to calculating marginal
       densities", JASA 85, 1990.
    """

    noise: Noise | None = None

    name = "seed"

    def facts(self, rows: Rows) -> Facts:
        """State what the model is."""
        if self.noise is None:
            return SEED_FACTS
        # Draws of need, given noise, are of no mixture of Betas with a seat for each component.
        return replace(NOISY_SEED_FACTS, has_mixtures=False, parameters=NOISE_PARAMETERS)

    def data(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Arrays that change between fits."""
        if rows.about != "category":
            raise ValueError(
                "the seed model takes beliefs about categories; "
                'for beliefs about tickets use model="pool" or "switch"'
            )
        judge = panel.seats.judge
        shapes = {"alpha": rows.alpha[:, judge], "beta": rows.beta[:, judge]}
        if self.noise is not None:
            return shapes | counted(rows, self.noise)
        return shapes | {"trials": rows.trials, "observed": rows.needs}

    def build(self, panel: Panel, rows: Rows) -> pm.Model:
        """Build the model of some rows."""
        values = self.data(panel, rows)
        shapes = ("category", "seat")
        with pm.Model(coords=self.coords(panel, rows)) as model:
            held = {
                name: pm.Data(name, x, dims="category" if x.ndim == 1 else None)
                for name, x in values.items()
                if name not in _SHAPES
            }
            log_weight = pm.Data("log_weight", np.log(panel.seats.weight), dims="seat")
            alpha = pm.Data("alpha", values["alpha"], dims=shapes)
            beta = pm.Data("beta", values["beta"], dims=shapes)
            need_logit = need_of_seats(log_weight, alpha, beta)
            pm.Deterministic("need", pm.math.sigmoid(need_logit), dims="category")
            rates = noise_rates(self.noise, held)
            if rates is not None:
                observed_needs(held, need_logit, rates)
            else:
                pm.Binomial(
                    "needs", held["trials"], logit_p=need_logit, observed=held["observed"],
                    dims="category",
                )  # fmt: skip
        return model

    def recover(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> xr.Dataset:
        """Add trust and the probability of each seat, exact per draw."""
        seats, judge = panel.seats, panel.seats.judge
        alpha, beta = rows.alpha[:, judge], rows.beta[:, judge]
        density = log_density(draws["need_logit"].values, alpha, beta)
        seat_posterior = special.softmax(np.log(seats.weight) + density, axis=-1)
        dims = draws["need_logit"].dims
        return draws.assign(
            trust=((*dims, "router"), seats.sum_by_router(seat_posterior)),
            seat_posterior=((*dims, "seat"), seat_posterior),
        )

    def shapes(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> tuple[Array, Array]:
        """Shapes of need given the seat after the outcomes: the same under each draw."""
        alpha, beta = seat_shapes(panel, rows)
        return alpha[None], beta[None]

    def ticket_log_likelihood(
        self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows
    ) -> Array:
        """Log probability of outcomes 0 and 1 given need and noise, (sample, row, 2)."""
        values = {str(name): flat(draws[name]) for name in draws.data_vars}
        return log_chances(values["need_logit"][:, rows.category], values, rows)
