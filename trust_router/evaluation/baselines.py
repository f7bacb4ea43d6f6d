"""Baselines: what a model has to beat, from guessing to scikit-learn's regression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.inputs.rows import Rows

__all__ = ["BASELINES", "Baseline", "Tickets"]

_SHRINK = 10.0  # tickets of the average kind that a category's rate is pulled by
_PENALTIES = tuple(10.0**k for k in range(-4, 3))  # inverse ones, as scikit-learn has them
_FOLDS = 5

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Tickets:
    """Single tickets as arrays that any method learns from.

    Attributes
    ----------
    rows : Rows
        One a ticket, not merged.
    names : tuple of str
        Identifiers.
    length : ndarray, shape (ticket,), or None
        Characters of each ticket's text, where they are known.
    """

    rows: Rows
    names: tuple[str, ...]
    length: Array | None = None

    @property
    def outcome(self) -> NDArray[np.int64]:
        """0 or 1; 0 where nobody knows."""
        return self.rows.needs

    @property
    def log_odds(self) -> Array:
        """Log odds of the mean of each belief, shape (ticket, judge); NaN where missing."""
        return np.asarray(special.logit(self.rows.mean))


# Need of the tickets asked for, learned from the outcomes of those fed.
Baseline = Callable[[Tickets, Index, Index], Array]


def _rate(outcome: NDArray[np.int64]) -> float:
    return float((outcome.sum() + 1) / (len(outcome) + 2))


def _constant(tickets: Tickets, fed: Index, asked: Index) -> Array:
    return np.full(len(asked), _rate(tickets.outcome[fed]))


def _category_rate(tickets: Tickets, fed: Index, asked: Index) -> Array:
    category, size = tickets.rows.category, len(tickets.rows.categories) + 1  # -1 is the last one
    count = np.bincount(category[fed] % size, minlength=size)
    needs = np.bincount(category[fed] % size, tickets.outcome[fed], minlength=size)
    rate = (needs + _SHRINK * _rate(tickets.outcome[fed])) / (count + _SHRINK)
    return np.asarray(rate[category[asked] % size])


def _mean_of_judges(tickets: Tickets, fed: Index, asked: Index) -> Array:
    mean = tickets.rows.mean[asked]
    heard = ~np.isnan(mean)
    total = np.nansum(mean, axis=1)
    silent = np.full(len(asked), _rate(tickets.outcome[fed]))
    return np.asarray(np.divide(total, heard.sum(axis=1), out=silent, where=heard.any(axis=1)))


def _text_length(tickets: Tickets, fed: Index, asked: Index) -> Array:
    assert tickets.length is not None  # noqa: S101  # offered only where it is known
    return _regression(np.log1p(tickets.length)[:, None], tickets.outcome, fed, asked)


def _best_judge(tickets: Tickets, fed: Index, asked: Index) -> Array:
    """Recalibrate each judge, and keep the one with the least log loss on the feedback."""
    best, least = _constant(tickets, fed, asked), np.inf
    for column in _filled(tickets.log_odds, fed).T:
        need = _regression(column[:, None], tickets.outcome, fed, np.r_[fed, asked])
        seen, y = need[: len(fed)], tickets.outcome[fed]
        loss = -float(np.mean(special.xlogy(y, seen) + special.xlog1py(1 - y, -seen)))
        if loss < least:
            best, least = need[len(fed) :], loss
    return best


def _judges_regression(tickets: Tickets, fed: Index, asked: Index) -> Array:
    return _regression(_filled(tickets.log_odds, fed), tickets.outcome, fed, asked)


def _judges_and_category(tickets: Tickets, fed: Index, asked: Index) -> Array:
    return _regression(_with_category(tickets, fed), tickets.outcome, fed, asked)


def _ridge_and_category(tickets: Tickets, fed: Index, asked: Index) -> Array:
    """Regress with the penalty that foretells best in cross-validation."""
    from sklearn.linear_model import LogisticRegressionCV

    features, outcome = _with_category(tickets, fed), tickets.outcome
    folds = min(_FOLDS, int(np.bincount(outcome[fed], minlength=2).min()))
    if folds < 2:
        return np.full(len(asked), _rate(outcome[fed]))
    learned = LogisticRegressionCV(
        Cs=_PENALTIES,
        l1_ratios=(0,),
        cv=folds,
        scoring="neg_log_loss",
        max_iter=2000,
        use_legacy_attributes=False,
    ).fit(features[fed], outcome[fed])
    return np.asarray(learned.predict_proba(features[asked])[:, 1])


def _with_category(tickets: Tickets, fed: Index) -> Array:
    dummies = tickets.rows.category[:, None] == np.arange(len(tickets.rows.categories))
    return np.hstack([_filled(tickets.log_odds, fed), dummies.astype(float)])


def _regression(features: Array, outcome: NDArray[np.int64], fed: Index, asked: Index) -> Array:
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(outcome[fed])) < 2:
        return np.full(len(asked), _rate(outcome[fed]))
    learned = LogisticRegression(max_iter=1000).fit(features[fed], outcome[fed])
    return np.asarray(learned.predict_proba(features[asked])[:, 1])


def _filled(log_odds: Array, fed: Index) -> Array:
    """Put a judge's median over the feedback where it is missing."""
    seen = log_odds[fed]
    middle = [np.median(c[~np.isnan(c)]) if not np.isnan(c).all() else 0.0 for c in seen.T]
    return np.where(np.isnan(log_odds), middle, log_odds)


# In the order in which they are shown. "random" predicts the rate of the feedback for every ticket,
# and so routes at random and decides as the best constant policy would.
BASELINES: Final[Mapping[str, Baseline]] = {
    "random": _constant,
    "text length": _text_length,
    "category rate": _category_rate,
    "mean of judges": _mean_of_judges,
    "best judge": _best_judge,
    "logistic regression": _judges_regression,
    "logistic regression + category": _judges_and_category,
    "ridge + category": _ridge_and_category,
}
