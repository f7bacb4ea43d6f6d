"""The pool model: judges' scores combined with trust as weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.facts import Facts
from trust_router.learning.models.counts import log_binomial, observed_needs
from trust_router.learning.models.scores import JudgeScale, ScaleKind, judge_scale
from trust_router.learning.models.weights import CATEGORY_SD, Weights, dirichlet_weights

__all__ = ["Pool", "flat", "pool_model", "some_rows"]


@dataclass(frozen=True)
class Pool:
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
    Trust is ``share``: the weight of a router in the pool.

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

    def coords(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Labels of the dims of parameters."""
        return {
            "router": list(panel.router_names),
            "seat": list(panel.seats.labels),
            "judge": list(panel.judge_names),
            "category": list(rows.categories),
        }

    def data(self, panel: Panel, rows: Rows) -> dict[str, Any]:  # noqa: ARG002  # same in all models
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
        by_seat = share.isel(router=xr.DataArray(seats.router, dims="seat")) * within
        return draws.assign(
            trust=share,
            seat_posterior=by_seat.drop_vars("router"),
            need=(("chain", "draw", "category"), _category_need(self, draws, panel, rows)),
        )

    def need(self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows) -> Array:
        """Need of rows under each draw, shape (sample, row).

        A category that the model does not know is drawn from the population of categories.
        """
        return self._need(draws, panel, judge_scale(reference, self.scale), rows)

    def _need(self, draws: xr.Dataset, panel: Panel, scale: JudgeScale, rows: Rows) -> Array:
        scores = scale.scores(rows.alpha, rows.beta)
        speaks = (~np.isnan(scores)).astype(float)
        scores = np.nan_to_num(scores)
        values = {str(name): flat(draws[name]) for name in draws.data_vars}
        eta = _pooled_draws(values, panel, rows, (scores, speaks))
        if "bend" in values:
            eta *= values["gain"][:, None] - values["bend"][:, None] * eta
        else:
            eta *= values["gain"][:, None]
        eta += values["intercept"][:, None]
        if "category_z" in values:
            # A fresh effect for unknown categories; fixed, as everything else is given the draws.
            rng = np.random.default_rng(0)
            fresh = rng.standard_normal((len(eta), 1))
            effects = np.concatenate([values["category_z"], fresh], axis=1)
            eta += values["category_sd"][:, None] * effects[:, rows.category]
        need = special.expit(eta, out=eta)
        if "floor" in values:
            floor, lapse = values["floor"][:, None], values["lapse"][:, None]
            need = floor + (1 - floor - lapse) * need
        return np.asarray(need)

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


def pool_model(
    panel: Panel, beliefs: Beliefs, outcomes: Outcomes, options: Pool | None = None
) -> pm.Model:
    """Build the pool model: need follows a weighted pool of the judges' scores.

    Parameters
    ----------
    panel : Panel
        Routers, their judges and weights.
    beliefs : Beliefs
        About categories or about single tickets.
    outcomes : Outcomes
        With single tickets if beliefs are about them.
    options : Pool, optional
        Its docstring holds the equations.

    Returns
    -------
    pymc.Model
        Free variables ``share``, ``within_k`` (for routers of k judges), ``intercept``, ``gain``,
        ``bend``, ``category_sd``, ``category_z``; observed ``needs``, one a row.

    Raises
    ------
    ValueError
        If beliefs and outcomes do not match, see `trust_router.inputs.rows.match`.
    """
    return (options or Pool()).build(panel, match(panel, beliefs, outcomes))


def some_rows(rows: Rows) -> Rows:
    """Rows with outcomes; without any, one row that says nothing."""
    known = rows.known()
    return known if len(known) else rows.take(np.arange(min(1, len(rows))))


def flat(values: xr.DataArray) -> Array:
    """Draws of all chains one after the other, shape (sample, ...)."""
    array = values.transpose("chain", "draw", ...).values
    return np.asarray(array.reshape(-1, *array.shape[2:]))


def _pooled_draws(
    values: dict[str, Array], panel: Panel, rows: Rows, scored: tuple[Array, Array]
) -> Array:
    seats, (scores, speaks) = panel.seats, scored
    member = np.zeros((len(seats.judge), len(panel.judges)))
    member[np.arange(len(seats.judge)), seats.judge] = 1

    def pool(share: Array, at: Any) -> Array:
        by_judge = (share[:, seats.router] * values["within"]) @ member
        return np.asarray(by_judge @ scores[at].T / np.maximum(by_judge @ speaks[at].T, 1e-12))

    if "trust_z" not in values:
        return pool(values["share"], slice(None))
    pooled = np.empty((len(values["gain"]), len(rows)))
    for c in np.unique(rows.category):
        at = np.flatnonzero(rows.category == c)
        deviation = values["trust_z"][:, c] if c >= 0 else 0.0  # unknown: trust of the population
        log_share = np.log(values["share"]) + values["trust_sd"][:, None] * deviation
        pooled[:, at] = pool(special.softmax(log_share, axis=1), at)
    return pooled


def _category_need(options: Pool, draws: xr.Dataset, panel: Panel, rows: Rows) -> Array:
    """Average need over the tickets of each category, shape (chain, draw, category)."""
    sizes = (draws.sizes["chain"], draws.sizes["draw"])
    weight = np.maximum(rows.number, 1) if rows.about == "category" else rows.number
    total = np.zeros((np.prod(sizes), len(rows.categories)))
    scale = judge_scale(rows, options.scale)
    step = max(1, 4_000_000 // len(total))  # rows at a time, to bound memory
    for start in range(0, len(rows), step):
        part = rows.take(np.arange(start, min(start + step, len(rows))))
        need = options._need(draws, panel, scale, part) * weight[start : start + step]
        inside = np.zeros((len(part), len(rows.categories)))
        inside[np.arange(len(part)), part.category] = part.category >= 0
        total += need @ inside
    count = np.bincount(
        rows.category[rows.category >= 0],
        weights=weight[rows.category >= 0],
        minlength=len(rows.categories),
    )
    with np.errstate(invalid="ignore"):
        return np.asarray((total / count).reshape(*sizes, -1))
