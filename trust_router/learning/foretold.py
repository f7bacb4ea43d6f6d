"""Foretold: the need of each ticket with an outcome, from all other tickets, without a new fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special

from trust_router.basics.arrays import Array, blocks
from trust_router.basics.evidence import log_left_out
from trust_router.defaults import FORETOLD_DRAWS
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import flat, number_of_draws, thinned
from trust_router.learning.exact import closed_form

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["Foretold", "foretold", "left_out_exactly"]


@dataclass(frozen=True, eq=False)
class Foretold:
    """What is known of tickets with an outcome from all others.

    Attributes
    ----------
    rows : Rows
        Those with outcomes.
    tickets : ndarray of int, shape (row, 2)
        How many tickets of the row had outcome 0, and 1.
    need : ndarray, shape (row, 2)
        Probability that such a ticket needs the complex model; NaN where there is none.
    of_category : ndarray, shape (row, 2)
        The same of a ticket of its category of which nothing else is known.
    """

    rows: Rows
    tickets: NDArray[np.int64]
    need: Array
    of_category: Array

    @property
    def log_chance(self) -> Array:
        """Log probability of what happened, shape (row, 2)."""
        return np.asarray(np.log(np.stack([1 - self.need[:, 0], self.need[:, 1]], axis=-1)))


def foretold(posterior: Posterior) -> Foretold:
    """Foretell each ticket from all others, exactly or from a few draws.

    Notes
    -----
    With weights that are one over the probability of the ticket's outcome, draws given all tickets
    become draws given all others. There is no smoothing of weights here: it is for warnings, and
    `trust_router.evaluation.ticket_loo` has the numbers.
    """
    known = posterior.rows.known()
    tickets = np.stack([known.trials - known.needs, known.needs], axis=-1)
    there = tickets > 0
    if posterior.facts.closed_form:
        chance = np.exp(left_out_exactly(posterior, known))
        need = np.stack([1 - chance[:, 0], chance[:, 1]], axis=-1)
        return Foretold(known, tickets, need, need)
    draws = thinned(posterior.data["posterior"].to_dataset(), FORETOLD_DRAWS)
    by_category = flat(draws["need"], "category")
    need, of_category = (np.full(tickets.shape, np.nan) for _ in range(2))
    for part in blocks(len(known), 8 * number_of_draws(draws)):
        some = known.take(part)
        log_p = posterior.options.ticket_log_likelihood(
            draws, posterior.panel, posterior.rows, some
        )
        weight = special.softmax(-log_p, axis=0)
        chance = 1 / np.exp(-log_p).mean(axis=0)
        need[part] = np.stack([1 - chance[:, 0], chance[:, 1]], axis=-1)
        alone = some.of_category(by_category, by_category.mean(axis=1, keepdims=True))
        of_category[part] = (weight * alone[..., None]).sum(axis=0)
    hidden = np.where(there, 0.0, np.nan)
    return Foretold(known, tickets, need + hidden, of_category + hidden)


def left_out_exactly(posterior: Posterior, known: Rows) -> Array:
    """Log probability of outcomes 0 and 1 of a ticket given all others, (row, 2), in closed form.

    NaN where the category has no ticket of that outcome.
    """
    result = closed_form(posterior.panel, posterior.beliefs, posterior.outcomes)
    at, judge = known.category, posterior.panel.seats.judge
    alpha, beta = known.alpha[:, judge], known.beta[:, judge]
    log_p = log_left_out(alpha, beta, known.needs[:, None], known.trials[:, None])
    with np.errstate(divide="ignore"):
        log_rho = np.log(result.seat_posterior[at])[..., None]
    elpd = -special.logsumexp(log_rho - log_p, axis=1)
    counts = np.stack([known.trials - known.needs, known.needs], axis=-1)
    return np.where(counts > 0, elpd, np.nan)
