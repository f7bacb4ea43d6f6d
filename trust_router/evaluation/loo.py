"""Leave-one-out: how well a model foretells each ticket from all the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from trust_router.basics.arrays import Array, blocks
from trust_router.basics.shown import Shown
from trust_router.defaults import LOO_DRAWS
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import number_of_draws, thinned
from trust_router.learning.exact import closed_form
from trust_router.learning.foretold import left_out_exactly
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["TicketLoo", "ticket_loo"]

_NEGLIGIBLE = 1e-9  # differences of log probability between draws


@dataclass(frozen=True, eq=False, repr=False)
class TicketLoo(Shown):
    """Log probability of each ticket's outcome given all other tickets.

    Tickets of a row with the same outcome are alike, so there are at most two values a row.

    Attributes
    ----------
    rows : Rows
        Those with outcomes.
    tickets : ndarray of int, shape (row, 2)
        How many tickets of the row had outcome 0, and 1.
    elpd : ndarray, shape (row, 2)
        Log probability of that outcome of one ticket given all others; NaN where there is none.
    p : ndarray, shape (row, 2)
        What a ticket gains from having been fitted; their sum is the effective number of
        parameters.
    pareto_k : ndarray, shape (row, 2)
        How hard it was to leave the ticket out without fitting again; 0 if exact.
    mcse : ndarray, shape (row, 2)
        Monte Carlo standard error of ``elpd``, with the autocorrelation of draws; 0 if exact.
    good_k : float
        Above this the value of ``elpd`` is not to be relied on.
    draws : int
        How many were used; 0 if exact.
    """

    rows: Rows
    tickets: NDArray[np.int64]
    elpd: Array
    p: Array
    pareto_k: Array
    mcse: Array
    good_k: float
    draws: int

    def table(self) -> pd.DataFrame:
        """Tabulate the tickets, those alike in one line.

        Returns
        -------
        pandas.DataFrame
            Columns ``category``, ``outcome``, ``tickets`` (how many), ``elpd``, ``p``,
            ``pareto_k`` and ``mcse`` of each of them.
        """
        row, outcome = np.nonzero(self.tickets)
        at = (row, outcome)
        columns = {
            name: getattr(self, name)[at] for name in ("tickets", "elpd", "p", "pareto_k", "mcse")
        }
        names = self.rows.names
        named = [names[r] for r in row]
        return pd.DataFrame({"category": named, "outcome": outcome, **columns})

    @property
    def total(self) -> float:
        """Expected log predictive density of all tickets."""
        return float(np.nansum(self.tickets * self.elpd))

    @property
    def loss(self) -> float:
        """Log loss per ticket, each foretold from all others."""
        return -self.total / float(self.tickets.sum())

    @property
    def total_mcse(self) -> float:
        """Monte Carlo standard error of the total: tickets alike share theirs, others add up."""
        return float(np.sqrt(np.nansum((self.tickets * self.mcse) ** 2)))

    @property
    def bad(self) -> int:
        """Tickets whose Pareto k is too high."""
        return int(self.tickets[self.pareto_k > self.good_k].sum())


def ticket_loo(posterior: Posterior, *, allow_unconverged: bool = False) -> TicketLoo:
    r"""Foretell each ticket from all the others, by PSIS-LOO or exactly.

    Parameters
    ----------
    posterior : Posterior
        Of any model. The seed model is computed exactly; the others by Pareto-smoothed importance
        sampling from up to 4,000 draws.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Raises
    ------
    ValueError
        If there are no outcomes, or it is a closed form with noise.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Notes
    -----
    Rows hold several tickets that look alike, and their likelihood is Binomial. What is left out
    here is one *ticket* of a row and not the row: :math:`p(y_i \mid y_{-i})` of a single 0 or 1,
    with the other tickets of its row kept. Leaving out whole rows would ask about tickets unlike
    any seen, and the answer would change with how tickets happen to merge. The sum over tickets is
    the log loss that the next ticket of the same kind should cost, and is comparable between
    models that merge differently.

    In the switch model, tickets of a category share its switch; the tickets left in tell about
    it, and :math:`p(y_i \mid y_{-i}, \theta) = 1 / \sum_s \rho_s / p(y_i \mid s, y_{-i}, \theta)`
    with :math:`\rho_s` the probability of the seat given all tickets [1]_.

    References
    ----------
    .. [1] P.-C. Bürkner, J. Gabry and A. Vehtari, "Efficient leave-one-out cross-validation for
       Bayesian non-factorized normal and Student-t models", Computational Statistics 36, 2021.
    .. [2] A. Vehtari et al., "Pareto smoothed importance sampling", JMLR 25(72), 2024.

    Examples
    --------
    >>> found = ticket_loo(posterior)  # doctest: +SKIP
    >>> found.loss, found.bad_k  # doctest: +SKIP
    """
    check_posterior(posterior, allow_unconverged)
    known = posterior.rows.known()
    if not len(known):
        raise ValueError("there are no outcomes; leave-one-out needs at least one")
    tickets = np.stack([known.trials - known.needs, known.needs], axis=-1)
    if posterior.facts.closed_form:
        elpd, p = _exact(posterior, known)
        none = np.where(tickets > 0, 0.0, np.nan)
        return TicketLoo(known, tickets, elpd, p, none, none, np.inf, 0)
    if not posterior.has_draws:
        raise ValueError(
            "a closed form with noise leaves no ticket out; use `fit(..., model=Seed(noise=...))`"
        )
    draws = thinned(posterior.data["posterior"].to_dataset(), LOO_DRAWS)
    sizes = (draws.sizes["chain"], draws.sizes["draw"])
    results = np.full((4, *tickets.shape), np.nan)
    number = number_of_draws(draws)
    for part in blocks(len(known), 2 * number):
        present = tickets[part] > 0
        log_p = _log_likelihood(posterior, draws, known.take(np.r_[part]))[:, present]
        for held, values in zip(results, _psis(log_p.reshape(*sizes, -1)), strict=True):
            held[part][present] = values
    good_k = min(1 - 1 / np.log10(number), 0.7) if number > 1 else 0.0
    elpd, pareto_k, p, mcse = results
    return TicketLoo(known, tickets, elpd, p, pareto_k, mcse, good_k, number)


def _log_likelihood(posterior: Posterior, draws: xr.Dataset, part: Rows) -> Array:
    """Log probability of outcomes 0 and 1 given the draw and all other tickets."""
    options, panel = posterior.options, posterior.panel
    return options.ticket_log_likelihood(draws, panel, posterior.rows, part)


def _psis(log_p: Array) -> Array:
    """Pareto-smoothed elpd, k, p and error of each ticket, (4, ticket), of (chain, draw, ticket).

    The error is that of a mean with normalised weights, over as many draws as they are worth [2]_.
    """
    from arviz_stats.base.array import array_stats

    stats: Any = array_stats
    found = np.zeros((4, log_p.shape[2]))
    for i in range(log_p.shape[2]):
        each = np.ascontiguousarray(log_p[..., i])
        # Where no parameter matters, nothing needs to be weighted, and PSIS refuses to.
        if np.ptp(each) <= _NEGLIGIBLE:
            found[0, i] = each[0, 0]
            continue
        chance = np.exp(each)
        efficiency = float(stats.ess(chance, method="mean", relative=True))
        log_weight, k = stats.psislw(each, r_eff=efficiency, axis=[0, 1])
        weight = special.softmax(log_weight)
        log_mean = special.logsumexp(each + np.log(weight))
        p = special.logsumexp(each) - np.log(each.size) - log_mean
        spread = np.sqrt((weight**2 * (chance / np.exp(log_mean) - 1) ** 2).sum() / efficiency)
        found[:, i] = log_mean, float(k), p, spread
    return found


def _exact(posterior: Posterior, known: Rows) -> tuple[Array, Array]:
    elpd = left_out_exactly(posterior, known)
    result = closed_form(posterior.panel, posterior.beliefs, posterior.outcomes)
    alpha, beta = result.alpha[known.category], result.beta[known.category]
    rho = result.seat_posterior[known.category][..., None]
    chance = np.stack([beta, alpha], axis=-1) / (alpha + beta)[..., None]
    return elpd, np.log((rho * chance).sum(axis=1)) - elpd
