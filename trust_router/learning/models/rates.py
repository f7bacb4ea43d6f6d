"""The rates model: how often each category needs the complex model, without asking any judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import flat, number_of_draws
from trust_router.learning.facts import Facts
from trust_router.learning.models.counts import (
    counted,
    observed_needs,
    some_rows,
)
from trust_router.learning.models.effects import CATEGORY_SD, category_effects
from trust_router.learning.models.kind import Model
from trust_router.learning.models.logged import NOISE_PARAMETERS, log_chances, noise_rates
from trust_router.learning.models.looks import log_of_counts
from trust_router.learning.models.strangers import drawn_effects
from trust_router.learning.models.vector import Vector, rates_of
from trust_router.learning.models.whitening import normals
from trust_router.learning.noise import RATES, Noise

__all__ = ["Rates"]


@dataclass(frozen=True, repr=False)
class Rates(Model):
    r"""Options of the rates model, which tells whether judges are worth asking at all.

    Parameters
    ----------
    intercept_mean, intercept_sd, category_sd : float
        Priors, the same as those of `Pool`.
    noise : Noise, optional
        How often outcomes may be wrong; default: they are true.

    Notes
    -----
    .. math::

       \mathrm{logit}\,\mathrm{need}_i = a + u_{c(i)}, \quad a \sim N(-1/2, 1), \quad
       u_c \sim N(0, \tau)\ \left(\sum_c u_c = 0\right), \quad \tau \sim N^+(1/2):

    the pool without its judges. Trust stays what the panel states. Compare it with a pool by
    `trust_router.compare` or `trust_router.backtest`: what the pool foretells better is what the
    judges are worth.
    """

    intercept_mean: float = -0.5
    intercept_sd: float = 1.0
    category_sd: float = 0.5
    noise: Noise | None = None

    name = "rates"
    gaussian = True

    def facts(self, rows: Rows) -> Facts:
        """State what the model is."""
        return Facts(
            "rates",
            pooled=True,
            trust_varies=False,
            on_bias="This model does not listen to judges.",
            parameters={
                "intercept": "log odds of need in the average category",
                "category_sd": CATEGORY_SD,
            }
            | (NOISE_PARAMETERS if self.noise else {}),
        )

    def data(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Arrays that change between fits."""
        return counted(some_rows(rows), self.noise)

    def build(self, panel: Panel, rows: Rows) -> pm.Model:
        """Build the model of some rows."""
        values = self.data(panel, rows)
        with pm.Model(coords=self.coords(panel, rows)) as model:
            held = {name: pm.Data(name, value) for name, value in values.items()}
            eta = normals(self.vector(panel, rows))["intercept"]
            eta = eta + category_effects(rows, self.category_sd, held["row_category"])
            observed_needs(held, eta, noise_rates(self.noise, held))
        return model

    def recover(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> xr.Dataset:
        """Add trust and weights as stated, and the need of each category."""
        each = rows.take(np.zeros(len(rows.categories), dtype=np.intp))
        each = replace(each, category=np.arange(len(rows.categories)))
        need = self.need(draws, panel, rows, each)
        shape = (draws.sizes["chain"], draws.sizes["draw"])
        seats, sample = panel.seats, ("chain", "draw")

        def still(name: str, values: Array) -> tuple[tuple[str, ...], Array]:
            return (*sample, name), np.broadcast_to(values, (*shape, len(values)))

        return draws.assign(
            share=still("router", panel.share),
            within=still("seat", seats.within),
            trust=still("router", panel.share),
            seat_posterior=still("seat", panel.share[seats.router] * seats.within),
            need=((*sample, "category"), need.reshape(*shape, -1)),
        )

    def need(self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows) -> Array:
        """Need of rows under each draw: that of their category, shape (sample, row)."""
        return np.asarray(special.expit(_log_odds(draws)(rows)))

    def likelihood(self, panel: Panel, rows: Rows) -> Callable[[xr.Dataset], Array]:
        """Prepare the log probability of all outcomes under draws, (sample,)."""
        known = rows.known()

        def likelihood(draws: xr.Dataset) -> Array:
            log_odds = _log_odds(draws)
            rates = [flat(draws[name]) for name in RATES] if self.noise else None
            number = number_of_draws(draws)
            return log_of_counts(lambda at: log_odds(known.take(at)), known, number, rates)

        return likelihood

    def ticket_log_likelihood(
        self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows
    ) -> Array:
        """Log probability of outcomes 0 and 1 as the graph has it, (sample, row, 2)."""
        values = {str(name): flat(draws[name]) for name in draws.data_vars}
        return log_chances(_log_odds(draws)(rows), values, rows)

    def vector(self, panel: Panel, rows: Rows) -> Vector:
        """Give the free parameters as a vector."""
        several = len(rows.categories) > 1
        priors = {"intercept": (self.intercept_mean, self.intercept_sd, 0)}
        spread, rates = self.category_sd if several else None, rates_of(self.noise, rows)
        return Vector(priors, spread, len(rows.categories), rates)


def _log_odds(draws: xr.Dataset) -> Callable[[Rows], Array]:
    """Log odds of the need of rows under each draw."""
    values = {str(name): flat(draws[name]) for name in draws.data_vars}
    return lambda rows: np.asarray(values["intercept"][:, None] + drawn_effects(values, rows))
