"""What draws of the switch model's parameters say: who is right, and need."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from trust_router.basics.arrays import Array, blocks
from trust_router.basics.chance import generator_of
from trust_router.basics.evidence import log_beta_ratio, log_binomial, log_left_out
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import flat, number_of_draws
from trust_router.learning.models.counts import log_ways, some_rows
from trust_router.learning.models.logged import log_chances
from trust_router.learning.models.mixed_need import log_density
from trust_router.learning.models.strangers import drawn_effects
from trust_router.learning.noise import RATES
from trust_router.learning.past import outcomes_of

__all__ = ["LOG_NU_LIMITS", "SwitchDraws", "mean_logit"]

_AT_ONCE = 2_000_000  # values of (draw, row)
# Of calibrated concentrations. Beyond, differences of log Betas in the density are rounding errors
# larger than anything the outcomes say, which a chain can get caught in.
LOG_NU_LIMITS = (math.log(1e-6), math.log(1e9))

Seats = NDArray[np.intp]
Counts = NDArray[np.int64]


def mean_logit(rows: Rows) -> Array:
    """Log odds of the mean of beliefs, (row, judge); exact where the mean itself rounds to 1."""
    return np.asarray(np.log(rows.alpha) - np.log(rows.beta))


@dataclass(frozen=True, eq=False)
class SwitchDraws:
    """Draws of the parameters, chains one after the other, and all that follows from them.

    Attributes
    ----------
    panel : Panel
    values : mapping of str to ndarray, each (sample, ...)
        Parameters by name. Those that a variant of the model does not have are absent.
    number : int
        How many draws.
    """

    panel: Panel
    values: dict[str, Array]
    number: int

    @classmethod
    def of(cls, draws: xr.Dataset, panel: Panel) -> SwitchDraws:
        """Take the draws of a ``posterior`` group."""
        values = {str(name): flat(draws[name]) for name in draws.data_vars}
        return cls(panel, values, number_of_draws(draws))

    @property
    def log_weight(self) -> Array:
        """Log probability of each seat in a category without outcomes, (sample, seat)."""
        seats, values = self.panel.seats, self.values
        if "share" not in values:
            return np.tile(np.log(seats.weight), (self.number, 1))
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(values["share"][:, seats.router] * values["within"]))

    def seat_posterior(self, rows: Rows) -> Array:
        """Probability of each seat given the outcomes of a category, (sample, category, seat)."""
        if "need_logit" in self.values:  # given need, outcomes say nothing more of the switch
            shapes = (x[..., self.panel.seats.judge] for x in self._beliefs(rows))
            density = log_density(self.values["need_logit"], *shapes)
            return np.asarray(special.softmax(self.log_weight[:, None] + density, axis=-1))
        total = self._log_scores(rows)
        for at in blocks(total.shape[1], total[:, 0].size, _AT_ONCE):
            total[:, at] = special.softmax(total[:, at], axis=-1)
        return np.asarray(total)

    def log_evidence(self, rows: Rows) -> Array:
        """Log probability of all outcomes, (sample,)."""
        return np.asarray(special.logsumexp(self._log_scores(rows), axis=-1).sum(axis=1))

    def log_likelihood(self, rows: Rows) -> Array:
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
        known = some_rows(rows)
        if "need_logit" in self.values:
            log_p = self.ticket_log_likelihood(known)
            return np.asarray(log_ways(known) + (outcomes_of(known) * log_p).sum(axis=-1))
        with np.errstate(divide="ignore"):
            log_rho = np.log(self.seat_posterior(rows))
        parts = [
            -special.logsumexp(log_rho[:, part.category] - self.evidence(part), axis=-1)
            for part in self._blocks(known)
        ]
        return np.concatenate(parts, axis=1)

    def ticket_log_likelihood(self, rows: Rows) -> Array:
        r"""Log probability of outcomes 0 and 1 of one ticket given all others, (sample, row, 2).

        As `log_likelihood`, with :math:`p(y_i \mid s, y_{-i}, \theta)` of one ticket: the
        calibrated probability of the right judge, or, if beliefs are about categories, what its
        Beta predicts after all other tickets of the category.
        """
        if "need_logit" in self.values:
            return log_chances(self.values["need_logit"][:, rows.category], self.values, rows)
        with np.errstate(divide="ignore"):
            log_rho = np.log(self.values["seat_posterior"])[:, rows.category]
        if rows.about == "ticket":
            logits = self._calibrated(rows)[0][..., self.panel.seats.judge]
            log_p = log_chances(logits, self.values, rows)
        else:
            judge = self.panel.seats.judge
            alpha, beta = (shape[..., judge] for shape in self._beliefs(rows))
            log_p = log_left_out(alpha, beta, rows.needs[:, None], rows.trials[:, None])
        return np.asarray(-special.logsumexp(log_rho[..., None] - log_p, axis=-2))

    def category_need(self, rows: Rows, probability: Array) -> Array:
        """Draw the need of each category, averaged over its tickets, shape (sample, category)."""
        if "need_logit" in self.values:
            return np.asarray(special.expit(self.values["need_logit"]))
        rng = np.random.default_rng(0)  # fixed, as everything else is given the draws
        seat = draw_seats(probability, rng)
        if rows.about == "category":
            alpha, beta = np.empty(seat.shape), np.empty(seat.shape)
            for at in blocks(len(rows), self.number * len(rows.judges), _AT_ONCE):
                alpha[:, at], beta[:, at] = self._beliefs_of(rows.take(at), seat[:, at])
            return rng.beta(alpha + rows.needs, beta + rows.trials - rows.needs)
        total = np.zeros(seat.shape)
        for part in self._blocks(rows.take(np.flatnonzero(rows.category >= 0))):
            need = self._ticket_need(part, seat[:, part.category]) * part.number
            for r, c in enumerate(part.category):
                total[:, c] += need[:, r]
        inside = rows.category >= 0
        count = np.bincount(
            rows.category[inside], weights=rows.number[inside], minlength=len(rows.categories)
        )
        with np.errstate(invalid="ignore"):
            return np.asarray(total / count)

    def need(self, reference: Rows, rows: Rows) -> Array:
        """Draw the need of rows, given the outcomes of the reference, shape (sample, row)."""
        seat = self._seats(reference, rows)  # of a category: right on all of its tickets
        if rows.about == "ticket":
            parts = [self._ticket_need(p, seat[:, p.slot]) for p in self._blocks(rows)]
            return np.concatenate([np.empty((self.number, 0)), *parts], axis=1)
        counts = np.zeros((2, len(reference.categories) + len(rows.others)), dtype=np.int64)
        counts[:, reference.category] = reference.needs, reference.trials
        needs, trials = counts[:, rows.slot]
        alpha, beta = self._beliefs_of(rows, seat[:, rows.slot])
        each = zip((alpha + needs).T, (beta + trials - needs).T, rows.names, strict=True)
        drawn = [generator_of("need", name).beta(a, b) for a, b, name in each]
        need = np.stack(drawn, axis=-1) if drawn else np.empty((self.number, 0))
        if "need_logit" in self.values and (seen := rows.category >= 0).any():
            need[:, seen] = special.expit(self.values["need_logit"][:, rows.category[seen]])
        return need

    def shapes(self, rows: Rows) -> tuple[Array, Array]:
        """Shapes of need given the seat after the outcomes, each (sample, category, seat)."""
        alpha, beta = self._beliefs(rows)
        judge = self.panel.seats.judge
        rest = rows.trials - rows.needs
        return alpha[..., judge] + rows.needs[:, None], beta[..., judge] + rest[:, None]

    def evidence(self, rows: Rows) -> Array:
        """Log probability of the needs of each row if a seat is right, (sample, row, seat)."""
        needs, trials = rows.needs[:, None], rows.trials[:, None]
        if rows.about == "ticket":
            log_p = log_chances(self._calibrated(rows)[0], self.values, rows)
            ways = log_ways(rows) if RATES[0] in self.values else log_binomial(needs, trials)[:, 0]
            logp = ways[:, None] + (outcomes_of(rows)[:, None] * log_p).sum(axis=-1)
        else:
            alpha, beta = self._beliefs(rows)
            common, relative = log_beta_ratio(alpha, beta, needs, trials)
            logp = log_binomial(needs, trials) + common + relative
        return np.asarray(logp[..., self.panel.seats.judge])

    def _log_scores(self, rows: Rows) -> Array:
        """Log probability of each seat and the outcomes of a category, (sample, category, seat)."""
        total = np.repeat(self.log_weight[:, None], len(rows.categories), axis=1)
        for part in self._blocks(rows.known()):
            evidence = self.evidence(part)
            for r, c in enumerate(part.category):
                total[:, c] += evidence[:, r]
        return total

    def replicated(self, rows: Rows, need: Array, random_seed: int) -> Counts:
        """Draw the needs of rows anew, as they would be known, (sample, row)."""
        rng = np.random.default_rng(random_seed)
        if RATES[0] not in self.values:
            return np.asarray(rng.binomial(rows.trials, need))
        checked = rows.found.sum(axis=1)
        needed, resolved = (self.values[name][:, None] for name in RATES)
        logged = need * (1 - resolved) + (1 - need) * needed
        drawn = rng.binomial(checked, need) + rng.binomial(rows.trials - checked, logged)
        return np.asarray(drawn)

    def _calibrated(self, rows: Rows) -> tuple[Array, Array]:
        """Log odds of the mean and log concentration of beliefs, each (sample, row, judge)."""
        values = self.values
        logit = np.nan_to_num(mean_logit(rows))[None]
        log_nu = np.nan_to_num(np.log(rows.alpha + rows.beta))[None]
        if "bias" in values:
            logit = values["bias"][:, None] + values["slope"][:, None] * logit
        if "sharpness" in values:
            log_nu = (log_nu + values["sharpness"][:, None]).clip(*LOG_NU_LIMITS)
        if "silent_logit" in values:
            logit = np.where(np.isnan(rows.alpha), values["silent_logit"][:, None, None], logit)
        if "category_z" in values:
            logit = logit + drawn_effects(values, rows)[..., None]
        return np.asarray(logit), np.asarray(log_nu)

    def _beliefs(self, rows: Rows) -> tuple[Array, Array]:
        """Shapes of calibrated beliefs, each (sample, row, judge)."""
        logit, log_nu = self._calibrated(rows)
        nu, least = np.exp(log_nu), 1e-100
        alpha, beta = special.expit(logit) * nu, special.expit(-logit) * nu
        return np.maximum(alpha, least), np.maximum(beta, least)

    def _ticket_need(self, rows: Rows, seat: Seats) -> Array:
        """Need of tickets if a seat of each is right, (sample, row)."""
        logit = np.broadcast_to(
            self._calibrated(rows)[0], (self.number, len(rows), len(rows.judges))
        )
        judge = self.panel.seats.judge[seat]
        return np.asarray(special.expit(np.take_along_axis(logit, judge[..., None], -1)[..., 0]))

    def _beliefs_of(self, rows: Rows, seat: Seats) -> tuple[Array, Array]:
        """Shapes of the calibrated beliefs of a seat of each row, each (sample, row)."""
        at = self.panel.seats.judge[seat][..., None]
        shape = (*seat.shape, len(rows.judges))
        alpha, beta = (
            np.take_along_axis(np.broadcast_to(x, shape), at, -1)[..., 0]
            for x in self._beliefs(rows)
        )
        return alpha, beta

    def _seats(self, reference: Rows, rows: Rows) -> Seats:
        """Draw who is right in each category of the reference, and in each other one."""
        seen = draw_seats(self.seat_posterior(reference), np.random.default_rng(0))
        population = np.exp(self.log_weight)[:, None]
        others = [draw_seats(population, generator_of("seat", name)) for name in rows.others]
        return np.concatenate([seen, *others], axis=1)

    def _blocks(self, rows: Rows) -> Iterator[Rows]:
        """Rows a few at a time, to bound memory."""
        for at in blocks(len(rows), self.number, _AT_ONCE):
            yield rows.take(at)


def draw_seats(probability: Array, rng: np.random.Generator) -> Seats:
    """Draw a seat for each (sample, category), given the probability of each.

    Uniform numbers are stratified over the sample: seats appear as often as their probability says,
    to within one draw where it is constant, and means have less Monte Carlo error.
    """
    number, categories = probability.shape[:2]
    strata = rng.permuted(np.tile(np.arange(number)[:, None], categories), axis=0)
    uniform = (strata + rng.random((number, categories))) / number
    seats = np.empty((number, categories), dtype=np.intp)
    for at in blocks(categories, probability[:, 0].size, _AT_ONCE):
        above = uniform[:, at, None] > probability[:, at].cumsum(axis=-1)
        seats[:, at] = np.minimum(above.sum(axis=-1), probability.shape[-1] - 1)
    return seats
