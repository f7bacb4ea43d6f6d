"""The pool model: judges' scores combined with trust as weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.facts import Facts
from trust_router.learning.models.counts import log_binomial, observed_needs, some_rows
from trust_router.learning.models.kind import Model, log_chances
from trust_router.learning.models.pool_draws import PARAMETERS, PoolDraws
from trust_router.learning.models.scores import ScaleKind, judge_scale
from trust_router.learning.models.weights import CATEGORY_SD, Weights, dirichlet_weights

__all__ = ["Pool"]


@dataclass(frozen=True)
class Pool(Model):
    r"""Options of the pool model; the defaults serve 25 outcomes as well as 100,000.

    Parameters
    ----------
    scale : {"rank", "log odds"}
        What is pooled: where a belief stands among all that its judge said, or its expected log
        odds as they are.
    category_effects : bool
        Whether categories differ beyond what the judges say, with partial pooling.
    trust_by_category : bool
        Whether trust may differ between categories, with partial pooling.
    bend : bool
        Whether need may fall again among the hardest tickets, which defeat the complex model too.
    lapses : bool
        Whether even the easiest ticket may need the complex model, and even the hardest may not.
        With thousands of outcomes this predicts slightly better, and takes longer draws.
    concentration : float
        Strength of the stated initial trust and weights; 1 is about one observation a weight.
    intercept_sd, gain_median, gain_sd, bend_sd, category_sd, trust_sd, lapse_beta : float
        Scales of the priors, see Notes.

    Notes
    -----
    With :math:`x_{ij}` the score of judge :math:`j` on ticket :math:`i`, and sums over the seats
    whose judge speaks,

    .. math::

       \mathrm{need}_i &= \mathrm{logit}^{-1}(a + u_{c(i)} + g\, p_i - b\, p_i^2), \qquad
       p_i = \frac{\sum_s \omega_s x_{is}}{\sum_s \omega_s}, \quad
       \omega_s = \mathrm{share}_{r(s)}\, \mathrm{within}_s, \\
       a &\sim N(0, 1), \quad g \sim \mathrm{LogNormal}(1/2, 1/2), \quad b \sim N^+(1/2), \\
       u_c &\sim N(0, \tau)\ \left(\sum_c u_c = 0\right), \quad \tau \sim N^+(1/2).

    The ``bend`` :math:`b` lets the hardest tickets need the complex model less often than hard
    ones. With ``lapses``, need is :math:`f + (1 - f - l)\, \mathrm{need}` with ``floor`` and
    ``lapse`` :math:`f, l \sim \mathrm{Beta}(1, 15)`, the guess and lapse rates of psychophysics
    [1]_.
    Trust is ``share``: the weight of a router in the pool. Free variables are ``share``,
    ``within_k`` (for routers of k judges), ``intercept``, ``gain``, ``bend``, ``category_sd`` and
    ``category_z``; observed is ``needs``, one a row.

    References
    ----------
    .. [1] F. A. Wichmann and N. J. Hill, "The psychometric function: I. Fitting, sampling, and
       goodness of fit", Perception & Psychophysics 63(8), 2001.
    """

    scale: ScaleKind = "rank"
    category_effects: bool = True
    trust_by_category: bool = False
    bend: bool = True
    lapses: bool = False
    concentration: float = 1.0
    intercept_sd: float = 1.0
    gain_median: float = 1.65
    gain_sd: float = 0.5
    bend_sd: float = 0.5
    category_sd: float = 0.5
    trust_sd: float = 0.5
    lapse_beta: float = 15.0

    name = "pool"

    def facts(self, rows: Rows) -> Facts:
        """State what the model is."""
        by_rank = "The pool is not misled by that: it uses only where a belief stands among all "
        return Facts(
            "pool",
            pooled=True,
            trust_varies=self.trust_by_category and self._varies(rows),
            on_bias=by_rank + "that the judge said." if self.scale == "rank" else "",
            parameters={
                "gain": "how strongly need follows the pooled judges; 0: not at all",
                "bend": "how much need falls again among the hardest tickets; 0: not at all",
                "intercept": "log odds of need where the pooled judges stand in the middle",
                "category_sd": CATEGORY_SD,
                "trust_sd": "how much trust differs between categories, on the log scale",
                "floor": "need of a ticket that all judges call the easiest",
                "lapse": "how often a ticket that all judges call the hardest is resolved all the "
                "same",
            },
        )

    def data(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Arrays that change between fits."""
        known = some_rows(rows)
        scores = judge_scale(rows, self.scale).scores(known.alpha, known.beta)
        return {
            "score": np.nan_to_num(scores),
            "speaks": (~np.isnan(scores)).astype(float),
            "row_category": known.category.astype(np.int64),
            "trials": known.trials,
            "log_ways": log_binomial(known.needs, known.trials),
            "observed": known.needs,
        }

    def build(self, panel: Panel, rows: Rows) -> pm.Model:
        """Build the model of some rows."""
        values = self.data(panel, rows)
        with pm.Model(coords=self.coords(panel, rows)) as model:
            held = {name: pm.Data(name, value) for name, value in values.items()}
            weights = dirichlet_weights(panel, self.concentration)
            intercept = pm.Normal("intercept", 0, self.intercept_sd)
            gain = pm.LogNormal("gain", np.log(self.gain_median), self.gain_sd)
            pooled = self._pooled(panel, rows, weights, held)
            eta = intercept + gain * pooled
            if self.bend:
                eta = eta - pm.HalfNormal("bend", self.bend_sd) * pooled**2
            if self._varies(rows):
                spread = pm.HalfNormal("category_sd", self.category_sd)
                shift = spread * pm.ZeroSumNormal("category_z", dims="category")
                eta = eta + shift[held["row_category"]]
            need = pm.math.sigmoid(eta)
            if self.lapses:
                floor = pm.Beta("floor", 1, self.lapse_beta)
                lapse = pm.Beta("lapse", 1, self.lapse_beta)
                need = floor + (1 - floor - lapse) * need
            observed_needs(held, need)
        return model

    def recover(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> xr.Dataset:
        """Add trust, the weight of each seat, and the average need of each category."""
        seats = panel.seats
        share, within = draws["share"], draws["within"]
        if self.trust_by_category and self._varies(rows):
            power: xr.DataArray = share * xr.ufuncs.exp(draws["trust_sd"] * draws["trust_z"])
            share = (power / power.sum("router")).transpose("chain", "draw", "category", "router")
        given = PoolDraws.of(draws, panel, judge_scale(rows, self.scale))
        by_seat = share.isel(router=xr.DataArray(seats.router, dims="seat")) * within
        return draws.assign(
            trust=share,
            seat_posterior=by_seat.drop_vars("router"),
            need=(
                ("chain", "draw", "category"),
                given.category_need(rows).reshape(draws.sizes["chain"], draws.sizes["draw"], -1),
            ),
        )

    def need(self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows) -> Array:
        """Need of rows under each draw, shape (sample, row).

        A category that the model does not know is drawn from the population of categories, and a
        ticket on which no judge speaks from that of tickets.
        """
        given = PoolDraws.of(draws, panel, judge_scale(reference, self.scale))
        return given.prediction(reference, rows)

    def exported(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> dict[str, Any] | None:
        """Give what decides tickets without PyMC."""
        held = PoolDraws.of(draws, panel, judge_scale(rows, self.scale)).values
        return {"scale": self.scale, "draws": {n: held[n] for n in PARAMETERS if n in held}}

    def ticket_log_likelihood(
        self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows
    ) -> Array:
        """Log probability of outcomes 0 and 1 as the graph has it, (sample, row, 2)."""
        need = PoolDraws.of(draws, panel, judge_scale(reference, self.scale)).need(rows)
        return log_chances(need)

    def _varies(self, rows: Rows) -> bool:
        return self.category_effects and len(rows.categories) > 1

    def _pooled(self, panel: Panel, rows: Rows, weights: Weights, held: dict[str, Any]) -> Any:
        seats = panel.seats
        zeros = pt.zeros(len(panel.judges))
        if not (self.trust_by_category and self._varies(rows)):
            by_judge = pt.inc_subtensor(zeros[seats.judge], weights.seat)
            total = pt.dot(held["speaks"], by_judge)
            return pt.dot(held["score"], by_judge) / pt.maximum(total, 1e-12)
        spread = pm.HalfNormal("trust_sd", self.trust_sd)
        deviation = pm.Normal("trust_z", 0, 1, dims=("category", "router"))
        share = pm.math.softmax(pt.log(weights.share) + spread * deviation, axis=1)
        seat = share[:, seats.router] * weights.within
        by_judge = pt.zeros((len(rows.categories), len(panel.judges)))
        by_judge = pt.inc_subtensor(by_judge[:, seats.judge], seat)[held["row_category"]]
        total = (held["speaks"] * by_judge).sum(axis=1)
        return (held["score"] * by_judge).sum(axis=1) / pt.maximum(total, 1e-12)
