"""Foretold: the need of each ticket with an outcome, from all other tickets, without a new fit."""

from __future__ import annotations

import numpy as np
from scipy import special

from trust_router.basics.arrays import Array, blocks
from trust_router.basics.evidence import log_left_out
from trust_router.defaults import FORETOLD_DRAWS
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import flat, number_of_draws, thinned
from trust_router.learning.exact import closed_form
from trust_router.learning.facts import NOISY_SEED_FACTS, SEED_FACTS
from trust_router.learning.past import Foretold, outcomes_of
from trust_router.learning.record import Record

__all__ = ["foretold", "left_out_exactly"]


def foretold(posterior: Record) -> Foretold | None:
    """Foretell each ticket from all others, exactly or from a few draws.

    None where there is no outcome, or the model cannot foretell tickets.

    Notes
    -----
    With weights that are one over the probability of the ticket's outcome, draws given all tickets
    become draws given all others. There is no smoothing of weights here: it is for warnings, and
    `trust_router.evaluation.ticket_loo` has the numbers.
    """
    rows = posterior.rows
    known = rows.known()
    exact = SEED_FACTS if posterior.noise is None else NOISY_SEED_FACTS
    facts = posterior.options.facts(rows) if posterior.has_draws else exact
    if not (len(known) and (facts.closed_form or facts.predicts)):
        return None
    tickets = outcomes_of(known)
    there = tickets > 0
    if facts.closed_form:
        chance = np.exp(left_out_exactly(posterior, known))
        need = np.stack([1 - chance[:, 0], chance[:, 1]], axis=-1)
        result = closed_form(posterior.panel, posterior.beliefs, posterior.outcomes)
        return Foretold(known, tickets, need, result.mixture.mean[known.category])
    draws = thinned(posterior.data["posterior"].to_dataset(), FORETOLD_DRAWS)
    need = np.full(tickets.shape, np.nan)
    for part in blocks(len(known), 8 * number_of_draws(draws)):
        some = known.take(part)
        log_p = posterior.options.ticket_log_likelihood(draws, posterior.panel, rows, some)
        chance = 1 / np.exp(-log_p).mean(axis=0)
        need[part] = np.stack([1 - chance[:, 0], chance[:, 1]], axis=-1)
    outside = float(np.average(need[there], weights=tickets[there]))
    of_category = known.of_category(flat(draws["need"], "category").mean(axis=0), outside)
    return Foretold(known, tickets, np.where(there, need, np.nan), of_category)


def left_out_exactly(posterior: Record, known: Rows) -> Array:
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
