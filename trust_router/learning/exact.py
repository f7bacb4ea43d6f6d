"""The closed form of the seed model: seats, trust, mixtures and evidence without sampling.

It is also the oracle that sampled results are tested against.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.evidence import log_beta_ratio
from trust_router.basics.mixture import BetaMixture
from trust_router.basics.shown import Shown
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel

__all__ = ["ClosedForm", "closed_form"]


@dataclass(frozen=True, eq=False, repr=False)
class ClosedForm(Shown):
    """Exact posterior of the seed model, one independent problem per category.

    Attributes
    ----------
    panel, outcomes
        What was asked.
    seat_posterior : ndarray, shape (category, seat)
        Probability that a seat (a judge in its router) is the right one.
    alpha, beta : ndarray, shape (category, seat)
        Shapes of need given the seat, after the outcomes.
    log_evidence : ndarray, shape (category,)
        Log probability of the outcomes in their order; add log C(trials, needs) for the count.
    router_log_evidence : ndarray, shape (category, router)
        The same if only that router could be right.
    """

    panel: Panel
    outcomes: Outcomes
    seat_posterior: Array
    alpha: Array
    beta: Array
    log_evidence: Array
    router_log_evidence: Array

    @property
    def trust(self) -> Array:
        """Posterior probability that each router is the right one, shape (category, router)."""
        return self.panel.seats.sum_by_router(self.seat_posterior)

    @property
    def log_bayes_factors(self) -> Array:
        """Log Bayes factor of the first router against the second, (category, router, router)."""
        return self._relative[:, :, None] - self._relative[:, None, :]

    def router_mixture(self, router: str) -> BetaMixture:
        """Need in every category if ``router`` is right, batch (category,).

        Raises
        ------
        ValueError
            If the panel has no such router.
        """
        seats = self.panel.router_seats(router)
        return BetaMixture(self._within[:, seats], self.alpha[:, seats], self.beta[:, seats])

    @property
    def mixture(self) -> BetaMixture:
        """Need in every category over all routers, batch (category,)."""
        return BetaMixture(self.seat_posterior, self.alpha, self.beta)

    _within: Array
    _relative: Array


def closed_form(panel: Panel, beliefs: Beliefs, outcomes: Outcomes) -> ClosedForm:
    r"""Solve the seed model exactly.

    Parameters
    ----------
    panel : Panel
        Routers, their judges and weights.
    beliefs : Beliefs
        Beta beliefs that cover the panel's judges and the outcomes' categories.
    outcomes : Outcomes
        Counts per category; a category may have no trials, then the prior comes back.

    Returns
    -------
    ClosedForm

    Raises
    ------
    ValueError
        If there is no belief of a judge or about a category.

    Notes
    -----
    With :math:`k` needs in :math:`n` trials and prior seat weights :math:`\omega_s`, a seat has the
    evidence :math:`B(\alpha_s + k, \beta_s + n - k) / B(\alpha_s, \beta_s)`, and its posterior is
    proportional to :math:`\omega_s` times that. Sums are taken in logs, see
    `trust_router.basics.evidence.log_beta_ratio`.

    References
    ----------
    .. [1] J. M. Bernardo and A. F. M. Smith, "Bayesian Theory", Wiley, 1994, section 5.2.

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> result = closed_form(*load_seed())
    >>> dict(zip(result.panel.router_names, result.trust[0].round(3).tolist()))
    {'simple': 0.342, 'medium': 0.479, 'complex': 0.179}
    """
    seats = panel.seats
    held = beliefs.select(outcomes.categories, panel.judge_names)
    alpha, beta = held.alpha[:, seats.judge], held.beta[:, seats.judge]
    needs, trials = outcomes.needs[:, None], outcomes.trials[:, None]
    common, relative = log_beta_ratio(alpha, beta, needs, trials)
    scores = relative + np.log(seats.within)
    inside = [_sum_in_logs(scores[:, seats.router == r]) for r in range(len(panel.routers))]
    router_scores = np.stack([total for total, _ in inside], axis=-1)
    within = np.concatenate([shares for _, shares in inside], axis=-1)
    total, trust = _sum_in_logs(router_scores + np.log(panel.share))
    return ClosedForm(
        panel=panel,
        outcomes=outcomes,
        seat_posterior=trust[:, seats.router] * within,
        alpha=alpha + needs,
        beta=beta + trials - needs,
        log_evidence=common[:, 0] + total,
        router_log_evidence=common[:, :1] + router_scores,
        _within=within,
        _relative=router_scores,
    )


def _sum_in_logs(scores: Array) -> tuple[Array, Array]:
    """Log of the sum of exponentials over the last axis, and the share of each in it."""
    top = scores.max(axis=-1, keepdims=True)
    each = np.exp(scores - top)
    total = each.sum(axis=-1, keepdims=True)
    return (top + np.log(total))[..., 0], each / total
