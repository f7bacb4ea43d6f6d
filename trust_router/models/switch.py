"""The switch model: in every category one seat is right, with calibrated judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from numpy.random import Generator
from scipy import special

from trust_router.beta import Array, log_beta_ratio
from trust_router.models.counts import log_binomial
from trust_router.models.pool import flat, some_rows
from trust_router.models.weights import dirichlet_weights
from trust_router.outcomes import Outcomes
from trust_router.panel import Panel
from trust_router.rows import AnyBeliefs, Rows, match

__all__ = ["Switch", "switch_model"]


@dataclass(frozen=True)
class Switch:
    r"""Options of the switch model.

    Parameters
    ----------
    weights : {"dirichlet", "fixed"}
        Whether share and within are learned across categories, or stay as the panel states them.
    calibration : bool
        Whether judges may be biased, over- or underconfident, and less or more sure than they say.
    category_effects : bool, optional
        Whether categories differ beyond what the judges say; default: for beliefs about tickets,
        where the right judge may still misjudge the level of a category. Beliefs about categories
        are about just that level.
    concentration : float
        Strength of the stated initial trust and weights.
    bias_sd, category_sd : float
        Scales of the priors, see Notes.

    Notes
    -----
    In category :math:`c` the seat :math:`s` is right with probability :math:`\omega_s =
    \mathrm{share}_{r(s)} \mathrm{within}_s`. Its judge's belief, mean :math:`\mu` and concentration
    :math:`\nu`, is calibrated before it counts:

    .. math::

       \mathrm{logit}(\mu') = \mathrm{bias}_j + \mathrm{slope}_j\, \mathrm{logit}(\mu), \qquad
       \log \nu' = \log \nu + \mathrm{sharpness}_j,

    hierarchically over judges. If beliefs are about the category, its need is Beta with
    :math:`\mu'` and :math:`\nu'`, and integrated out: the needs are BetaBinomial. If they are about
    tickets, each ticket needs the complex model with probability :math:`\mu'_i`; concentration then
    plays no part. Where the right judge is silent on a ticket, a rate common to all such tickets
    stands in.
    """

    weights: Literal["dirichlet", "fixed"] = "dirichlet"
    calibration: bool = True
    category_effects: bool | None = None
    concentration: float = 1.0
    bias_sd: float = 1.5
    category_sd: float = 0.5

    name = "switch"

    def coords(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Labels of the dims of parameters."""
        return {
            "router": list(panel.router_names),
            "seat": list(panel.seats.labels),
            "judge": list(panel.judge_names),
            "category": list(rows.categories),
        }

    def data(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Arrays that change between fits."""
        known = some_rows(rows)
        data = {
            "row_category": known.category.astype(np.int64),
            "trials": known.trials,
            "observed": known.needs,
            "log_ways": log_binomial(known.needs, known.trials),
            "mean_logit": np.nan_to_num(special.logit(known.mean)),
            "concentration": np.nan_to_num(known.alpha + known.beta, nan=1.0),
            "silent": np.isnan(known.alpha).astype(float),
        }
        if not self.calibration and not self._shifts(rows):
            # Nothing that is sampled enters the evidence: it is the same at every step.
            values = {"silent_logit": np.zeros(1)}
            data["evidence"] = self._evidence(values, panel, known)[0]
        return data

    def _log_weight(self, panel: Panel) -> Any:
        if self.weights == "dirichlet":
            return pt.log(dirichlet_weights(panel, self.concentration).seat)
        return pt.as_tensor_variable(np.log(panel.seats.weight))

    def build(self, panel: Panel, rows: Rows) -> pm.Model:
        """Build the model of some rows."""
        judge = panel.seats.judge
        with pm.Model(coords=self.coords(panel, rows)) as model:
            held = {name: pm.Data(name, value) for name, value in self.data(panel, rows).items()}
            log_weight = self._log_weight(panel)
            mean_logit, log_nu = held["mean_logit"], pt.log(held["concentration"])
            if self.calibration:
                bias = _hierarchy("bias", 0.0, self.bias_sd, 1.0)
                slope = _hierarchy("slope", 1.0, 0.5, 0.5)
                mean_logit = bias + slope * mean_logit
                if rows.level == "category":
                    log_nu = log_nu + _hierarchy("sharpness", 0.0, 1.0, 0.5)
            if rows.level == "ticket":
                rate = pm.Normal("silent_logit", 0, self.bias_sd)
                mean_logit = pt.switch(held["silent"] > 0, rate, mean_logit)
            if self._shifts(rows):
                spread = pm.HalfNormal("category_sd", self.category_sd)
                shift = spread * pm.ZeroSumNormal("category_z", dims="category")
                mean_logit = mean_logit + shift[held["row_category"]][:, None]
            by_ticket = rows.level == "ticket"
            given = held.get("evidence", pt.zeros_like(mean_logit)[:, judge])
            precomputed = "evidence" in held
            pm.CustomDist(
                "needs",
                log_weight,
                mean_logit[:, judge],
                log_nu[:, judge],
                held["trials"],
                held["row_category"],
                held["log_ways"],
                given,
                logp=_Logp(len(rows.categories), by_ticket, precomputed),
                random=_Random(by_ticket),
                signature="(s),(r,s),(r,s),(r),(r),(r),(r,s)->(r)",
                dtype="int64",
                observed=held["observed"],
            )
        return model

    def recover(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> xr.Dataset:
        """Add trust and the probability of each seat in each category, exact per draw, and need."""
        dims, sizes = ("chain", "draw"), (draws.sizes["chain"], draws.sizes["draw"])
        probability = self.seat_posterior(draws, panel, rows)
        trust = panel.seats.sum_by_router(probability)
        need = self._category_need(draws, panel, rows, probability)
        shape = (*sizes, len(rows.categories), -1)
        return draws.assign(
            trust=((*dims, "category", "router"), trust.reshape(shape)),
            seat_posterior=((*dims, "category", "seat"), probability.reshape(shape)),
            need=((*dims, "category"), need.reshape(*sizes, -1)),
        )

    def seat_posterior(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> Array:
        """Probability of each seat under each draw, shape (sample, category, seat)."""
        values = self._values(draws, panel)
        total = np.repeat(values["log_weight"][:, None], len(rows.categories), axis=1)
        for part in _blocks(rows.known(), len(total)):
            evidence = self._evidence(values, panel, part)
            for r, c in enumerate(part.category):
                total[:, c] += evidence[:, r]
        return np.asarray(special.softmax(total, axis=-1))

    def log_likelihood(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> Array:
        r"""Log probability of each row given all others under each draw, (sample, row).

        Notes
        -----
        Rows of a category share its switch. With :math:`\rho_s` the probability of seats given
        all rows, :math:`p(y_i \mid y_{-i}, \theta) = 1 / \sum_s \rho_s / p(y_i \mid s, \theta)`.

        References
        ----------
        .. [1] P.-C. Bürkner, J. Gabry and A. Vehtari, "Efficient leave-one-out cross-validation for
           Bayesian non-factorized normal and Student-t models", Computational Statistics 36, 2021.
        """
        values, known = self._values(draws, panel), some_rows(rows)
        with np.errstate(divide="ignore"):
            log_rho = np.log(self.seat_posterior(draws, panel, rows))
        parts = [
            -special.logsumexp(
                log_rho[:, part.category] - self._evidence(values, panel, part), axis=-1
            )
            for part in _blocks(known, len(log_rho))
        ]
        return np.concatenate(parts, axis=1)

    def ticket_log_likelihood(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> Array:
        r"""Log probability of outcomes 0 and 1 of one ticket given all others, (sample, row, 2).

        Meaningless where a row has no ticket of that outcome to leave out. As `log_likelihood`,
        with :math:`p(y_i \mid s, y_{-i}, \theta)` of one ticket: the calibrated probability of
        the right judge, or, if beliefs are about categories, what its Beta predicts after all
        other tickets of the category. ``draws`` are recovered ones, with ``seat_posterior``.
        """
        with np.errstate(divide="ignore"):
            log_rho = np.log(flat(draws["seat_posterior"]))[:, rows.category]
        if rows.level == "ticket":
            mean_logit = self._calibrated(self._values(draws, panel), rows)[0]
            logits = mean_logit[..., panel.seats.judge]
            log_p = -np.logaddexp(0, np.stack([logits, -logits], axis=-1))
        else:
            alpha, beta = self.shapes(draws, panel, rows)
            left_out = np.stack([beta, alpha], axis=-1) - 1
            log_p = np.log(np.where(left_out > 0, left_out, 1.0))
            log_p -= np.log(np.where(alpha + beta > 1, alpha + beta - 1, 1.0))[..., None]
        return np.asarray(-special.logsumexp(log_rho[..., None] - log_p, axis=-2))

    def need(self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows) -> Array:
        """Need of rows under each draw, shape (sample, row), averaged over who is right.

        Who is right in a category that the model does not know is drawn from the population.
        """
        values = self._values(draws, panel)
        population = np.exp(values["log_weight"])[:, None]
        probability = np.concatenate(
            [self.seat_posterior(draws, panel, reference), population], axis=1
        )
        parts = [np.empty((len(population), 0))]
        for part in _blocks(rows, len(population)):
            mean = special.expit(self._calibrated(values, part)[0])[..., panel.seats.judge]
            parts.append((probability[:, part.category] * mean).sum(axis=-1))
        return np.concatenate(parts, axis=1)

    def shapes(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> tuple[Array, Array]:
        """Shapes of need given the seat after the outcomes, each (sample, category, seat)."""
        mean_logit, log_nu = self._calibrated(self._values(draws, panel), rows)
        nu, mean = np.exp(log_nu), special.expit(mean_logit)
        judge = panel.seats.judge
        alpha = (mean * nu)[..., judge] + rows.needs[:, None]
        return alpha, ((1 - mean) * nu)[..., judge] + (rows.trials - rows.needs)[:, None]

    def _category_need(
        self, draws: xr.Dataset, panel: Panel, rows: Rows, probability: Array
    ) -> Array:
        """Draw need of each category, averaged over its tickets, shape (sample, category).

        Who is right is drawn too, so that need varies as it is uncertain. The same draws of the
        parameters give the same need.
        """
        rng = np.random.default_rng(0)
        with np.errstate(divide="ignore"):
            noisy = np.log(probability) + rng.gumbel(size=probability.shape)
        seat = noisy.argmax(axis=-1)[..., None]
        if rows.level == "category":
            shapes = self.shapes(draws, panel, rows)
            tiny = np.finfo(float).tiny
            alpha, beta = (np.take_along_axis(x, seat, axis=-1)[..., 0] for x in shapes)
            return np.asarray(rng.beta(np.maximum(alpha, tiny), np.maximum(beta, tiny)))
        total = np.zeros(probability.shape[:2])
        values = self._values(draws, panel)
        for part in _blocks(rows, len(total)):
            mean = special.expit(self._calibrated(values, part)[0])[..., panel.seats.judge]
            right = seat[:, part.category]
            need = np.take_along_axis(mean, right, axis=-1)[..., 0] * part.tickets
            for r, c in enumerate(part.category):
                total[:, c] += need[:, r]
        count = np.bincount(rows.category, weights=rows.tickets, minlength=len(rows.categories))
        with np.errstate(invalid="ignore"):
            return np.asarray(total / count)

    def _shifts(self, rows: Rows) -> bool:
        wanted = rows.level == "ticket" if self.category_effects is None else self.category_effects
        return wanted and len(rows.categories) > 1

    def _values(self, draws: xr.Dataset, panel: Panel) -> dict[str, Array]:
        values = {str(name): flat(draws[name]) for name in draws.data_vars}
        number = draws.sizes["chain"] * draws.sizes["draw"]
        if self.weights == "fixed":
            weight = np.broadcast_to(panel.seats.weight, (number, len(panel.seats.judge)))
        else:
            weight = values["share"][:, panel.seats.router] * values["within"]
        with np.errstate(divide="ignore"):
            values["log_weight"] = np.log(weight)
        return values

    def _calibrated(self, values: dict[str, Array], rows: Rows) -> tuple[Array, Array]:
        """Log odds of the mean and log concentration of beliefs, each (sample, row, judge)."""
        mean = np.nan_to_num(special.logit(rows.mean))[None]
        log_nu = np.nan_to_num(np.log(rows.alpha + rows.beta))[None]
        if self.calibration:
            mean = values["bias"][:, None] + values["slope"][:, None] * mean
            if rows.level == "category":
                log_nu = log_nu + values["sharpness"][:, None]
        if rows.level == "ticket":
            mean = np.where(np.isnan(rows.alpha), values["silent_logit"][:, None, None], mean)
        if "category_z" in values:
            fresh = np.random.default_rng(0).standard_normal((len(values["category_z"]), 1))
            effects = np.concatenate([values["category_z"], fresh], axis=1)
            shift = values["category_sd"][:, None] * effects[:, rows.category]
            mean = mean + shift[..., None]
        return np.asarray(mean), np.asarray(log_nu)

    def _evidence(self, values: dict[str, Array], panel: Panel, rows: Rows) -> Array:
        """Log probability of the needs of each row if a seat is right, (sample, row, seat)."""
        mean_logit, log_nu = self._calibrated(values, rows)
        needs, trials = rows.needs[:, None], rows.trials[:, None]
        if rows.level == "ticket":
            logp = log_binomial(needs, trials) + (
                -needs * np.logaddexp(0, -mean_logit)
                - (trials - needs) * np.logaddexp(0, mean_logit)
            )
        else:
            mean, nu = special.expit(mean_logit), np.exp(log_nu)
            alpha, beta = mean * nu, special.expit(-mean_logit) * nu
            common, relative = log_beta_ratio(alpha, beta, needs, trials)
            logp = log_binomial(needs, trials) + common + relative
        return np.asarray(logp[..., panel.seats.judge])


def switch_model(
    panel: Panel, beliefs: AnyBeliefs, outcomes: Outcomes, options: Switch | None = None
) -> pm.Model:
    """Build the switch model: one seat is right in each category.

    Parameters
    ----------
    panel : Panel
        Routers, their judges and weights.
    beliefs : Beliefs or TicketBeliefs
        About categories or about single tickets.
    outcomes : Outcomes
        With single tickets if beliefs are about them.
    options : Switch, optional
        Its docstring holds the equations.

    Returns
    -------
    pymc.Model
        Free variables ``share``, ``within_k`` (for routers of k judges), ``bias``, ``slope``,
        ``sharpness`` with their means and spreads; observed ``needs``, one a row.

    Raises
    ------
    ValueError
        If beliefs and outcomes do not match, see `trust_router.rows.match`.
    """
    return (options or Switch()).build(panel, match(panel, beliefs, outcomes))


def _hierarchy(name: str, mean: float, mean_sd: float, spread: float) -> Any:
    centre = pm.Normal(f"{name}_mean", mean, mean_sd)
    sd = pm.HalfNormal(f"{name}_sd", spread)
    return pm.Deterministic(
        name, centre + sd * pm.Normal(f"{name}_z", 0, 1, dims="judge"), dims="judge"
    )


def _blocks(rows: Rows, samples: int) -> Iterator[Rows]:
    """Rows a few at a time, to bound memory."""
    step = max(1, 2_000_000 // samples)
    for start in range(0, len(rows), step):
        yield rows.take(np.arange(start, min(start + step, len(rows))))


@dataclass(frozen=True)
class _Logp:
    """Log probability of all rows: seats summed out within each category."""

    categories: int
    by_ticket: bool
    precomputed: bool

    def __call__(
        self,
        needs: Any,
        log_weight: Any,
        mean_logit: Any,
        log_nu: Any,
        trials: Any,
        category: Any,
        log_ways: Any,
        evidence: Any,
    ) -> Any:
        if not self.precomputed:
            evidence = self._evidence(needs[:, None], mean_logit, log_nu, trials[:, None])
            evidence = evidence + log_ways[:, None]
        total = pt.zeros((self.categories, log_weight.shape[-1]))
        total = pt.inc_subtensor(total[category], evidence)
        return pm.math.logsumexp(log_weight + total, axis=-1).sum()

    def _evidence(self, needs: Any, mean_logit: Any, log_nu: Any, trials: Any) -> Any:
        rest = trials - needs
        if self.by_ticket:
            return -needs * pt.softplus(-mean_logit) - rest * pt.softplus(mean_logit)
        nu = pt.exp(log_nu)
        alpha, beta = pt.sigmoid(mean_logit) * nu, pt.sigmoid(-mean_logit) * nu
        return _betaln(alpha + needs, beta + rest) - _betaln(alpha, beta)


def _betaln(alpha: Any, beta: Any) -> Any:
    return pt.gammaln(alpha) + pt.gammaln(beta) - pt.gammaln(alpha + beta)


@dataclass(frozen=True)
class _Random:
    """Draw a seat for each category, then the needs of its rows."""

    by_ticket: bool

    def __call__(
        self,
        log_weight: Array,
        mean_logit: Array,
        log_nu: Array,
        trials: Array,
        category: Array,
        log_ways: Array,  # noqa: ARG002  # only the density needs these two
        evidence: Array,  # noqa: ARG002
        rng: Generator,
        size: tuple[int, ...] | None = None,
    ) -> Array:
        batch = np.broadcast_shapes(log_weight.shape[:-1], mean_logit.shape[:-2], size or ())
        flat_logit = np.broadcast_to(mean_logit, (*batch, *mean_logit.shape[-2:]))
        noise = rng.gumbel(size=(*batch, int(category.max(initial=0)) + 1, log_weight.shape[-1]))
        seat = (log_weight[..., None, :] + noise).argmax(axis=-1)
        codes = category.reshape(-1, category.shape[-1])[0].astype(int)
        at = seat[..., codes][..., None]
        mean = special.expit(np.take_along_axis(flat_logit, at, axis=-1)[..., 0])
        if not self.by_ticket:
            nu = np.exp(np.broadcast_to(log_nu, flat_logit.shape))
            nu = np.take_along_axis(nu, at, axis=-1)[..., 0]
            floor = np.finfo(float).tiny
            mean = rng.beta(np.maximum(mean * nu, floor), np.maximum((1 - mean) * nu, floor))
        return np.asarray(rng.binomial(trials.astype(int), mean))
