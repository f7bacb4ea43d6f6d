"""Tipping: need and trust if tickets without an outcome are needier than they look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from trust_router.basics.arrays import Array, Counts
from trust_router.basics.bayes_linear import Moments
from trust_router.basics.evidence import log_beta_ratio
from trust_router.basics.mixture import BetaMixture
from trust_router.defaults import POINTWISE_VALUES, PREDICTION_DRAWS
from trust_router.learning.chains import flat, thinned
from trust_router.learning.posterior import Posterior

__all__ = ["FAR", "ShiftedTrust", "UnseenNeed", "first_zero", "shifted_trusts", "unseen_needs"]

FAR = 6.0  # log odds; beyond 400 times the odds nobody asks
_STEP = 0.25
_ALIKE = 1e-9  # trust that differs by less is the same
_LEVELS = (np.arange(200) + 0.5) / 200
_COUNTS = 400  # of needs among unseen tickets, at most
_ROWS = 300  # of unseen tickets, at most, that trust is estimated from

ShiftedTrust = Callable[[float], Array]


@dataclass(frozen=True, eq=False)
class UnseenNeed:
    """Need of the tickets of a category: of the seen ones, and of the unseen ones if shifted.

    ``log_odds`` of the unseen are equally likely values, (value, row), of rows of some ``weight``;
    ``share`` of all tickets is unseen.
    """

    seen: float
    log_odds: Array
    weight: Array
    share: float

    def unseen(self, shift: float) -> float:
        """Mean need of the unseen."""
        return float(special.expit(self.log_odds + shift).mean(axis=0) @ self.weight)

    def overall(self, shift: float) -> float:
        """Mean need of all."""
        return (1 - self.share) * self.seen + self.share * self.unseen(shift)


def unseen_needs(posterior: Posterior) -> list[UnseenNeed]:
    """Tell seen and unseen tickets of each category apart."""
    rows, distribution = posterior.rows, posterior.need_distribution()
    of_all = distribution.mean
    if rows.about == "ticket":
        most = max(1, POINTWISE_VALUES // max(1, len(rows)))
        # A decision is one of now, whenever such tickets came.
        values = posterior.need_draws(rows.timeless(), min(PREDICTION_DRAWS, most))
        mean = values.mean(axis=0)
    else:
        mean = of_all
        if isinstance(distribution, BetaMixture):
            values = distribution.quantile(_LEVELS[:, None])
        else:
            values = distribution.sample(PREDICTION_DRAWS, 0)
    log_odds = special.logit(values.clip(1e-300, 1 - 1e-16))
    needs = []
    for c in range(len(rows.categories)):
        at = np.flatnonzero(rows.category == c)
        seen, all_ = rows.trials[at], rows.number[at]
        unseen = all_ - seen
        average = np.average(mean[at], weights=seen) if seen.any() else of_all[c]
        weight = unseen / max(1, int(unseen.sum()))
        share = unseen.sum() / max(1, int(all_.sum()))
        needs.append(UnseenNeed(float(average), log_odds[:, at], weight, float(share)))
    return needs


def first_zero(lead: Callable[[float], float]) -> float:
    """Give the zero that is nearest to no shift; NaN if there is none up to far."""
    if lead(0.0) <= _ALIKE:
        return 0.0
    for far in np.arange(_STEP, FAR + _STEP / 2, _STEP):
        sides = ((far - _STEP, far), (_STEP - far, -far))
        found = [optimize.brentq(lead, *side) for side in sides if lead(side[1]) <= 0]
        if found:
            return float(min(found, key=abs))
    return np.nan


def shifted_trusts(posterior: Posterior, unseen: Counts) -> list[ShiftedTrust]:
    """Trust by shift, once the outcomes of unseen tickets are known, one for each category."""
    if not unseen.any() or len(posterior.panel.routers) < 2:
        return [_still(trust) for trust in posterior.trust_mean]
    if posterior.facts.has_mixtures:
        mixtures = posterior.need_distribution().matched
        by_router = posterior.panel.seats.sum_by_router
        return [
            _of_seats(mixtures.at(c), int(number), by_router)
            if number
            else _still(posterior.trust_mean[c])
            for c, number in enumerate(unseen)
        ]
    return _linearly(posterior)


def _still(trust: Array) -> ShiftedTrust:
    return lambda _: trust


def _of_seats(need: BetaMixture, number: int, by_router: Callable[[Array], Array]) -> ShiftedTrust:
    """Sum trust over how many of the unseen tickets may turn out to need the complex model."""
    needs = np.unique(np.linspace(0, number, min(number, _COUNTS) + 1).round())
    between = (needs[1:] + needs[:-1]) // 2
    relative = log_beta_ratio(need.alpha, need.beta, needs[:, None], number)[1]
    trust = by_router(special.softmax(np.log(need.weights.clip(1e-300)) + relative, axis=1))
    log_odds = special.logit(need.quantile(_LEVELS).clip(1e-300, 1 - 1e-16))

    def expected(shift: float) -> Array:
        rate = special.expit(log_odds + shift)
        upto = special.bdtr(between[:, None], number, rate).mean(axis=1)
        return np.asarray(np.diff(upto, prepend=0.0, append=1.0) @ trust)

    return expected


def _linearly(posterior: Posterior) -> list[ShiftedTrust]:
    """Let trust follow the outcomes of unseen tickets linearly."""
    rows = posterior.rows
    at = np.flatnonzero(rows.number > rows.trials)
    at = at[np.linspace(0, len(at) - 1, min(len(at), _ROWS)).round().astype(int)]
    number = (rows.number - rows.trials)[at].astype(float)
    number *= (rows.number - rows.trials).sum() / number.sum()  # each stands for several
    draws = thinned(posterior.data["posterior"].to_dataset(), PREDICTION_DRAWS)
    if rows.about == "category":
        need = flat(draws["need"], "category")[:, at]
    else:
        need = posterior.need_draws(rows.take(at), PREDICTION_DRAWS)
    varies = posterior.facts.trust_varies
    trust = flat(draws["trust"], *(("category", "router") if varies else ("router",)))
    trust = trust.reshape(len(need), -1, len(posterior.panel.routers))
    mean, centred = trust.mean(axis=0), need - need.mean(axis=0)
    across = (trust - mean).reshape(len(need), -1).T @ centred / len(need)
    weights = Moments.of(need).weights(np.arange(len(at)), number, across)
    log_odds = special.logit(need.clip(1e-300, 1 - 1e-16))

    def moved(shift: float) -> Array:
        off = special.expit(log_odds + shift).mean(axis=0) - need.mean(axis=0)
        return np.asarray(mean + (weights @ off).reshape(mean.shape))

    def of(c: int) -> ShiftedTrust:
        return lambda shift: moved(shift)[c]

    return [of(c if varies else 0) for c in range(len(rows.categories))]
