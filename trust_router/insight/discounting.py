"""Forgetting: need of categories where old outcomes count for less, by how fast the data say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
from scipy import special

from trust_router.basics.arrays import Array, Counts
from trust_router.basics.checks import check_interval
from trust_router.basics.evidence import log_beta_ratio
from trust_router.basics.mixture import BetaMixture
from trust_router.basics.shown import Shown
from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import single_tickets
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.periods import Clock, Every
from trust_router.inputs.rows import Rows
from trust_router.inputs.timing import timed

__all__ = ["Forgetting", "forgetting"]

_MEMORY = np.array([np.inf, 128, 64, 32, 16, 8, 4, 2])  # periods
_NEVER = 0.5  # probability that nothing is forgotten, before any outcome


@dataclass(frozen=True, eq=False)
class Forgetting(Shown):
    """Need of today, averaged over how fast outcomes are forgotten.

    Attributes
    ----------
    categories : tuple of str
    need : BetaMixture, batch (category,)
        Over rates of forgetting and seats.
    trust : ndarray, shape (category, router)
    memory : pandas.DataFrame
        Index memory, in periods: ``inf`` where nothing is forgotten, else an outcome counts a
        share 1 - 1 / memory less with each period. Columns ``prior``, ``log_evidence`` and
        ``probability``.
    every : {"day", "week", "month"}
    """

    categories: tuple[str, ...]
    need: BetaMixture
    trust: Array
    memory: pd.DataFrame
    every: Every

    @property
    def p_changed(self) -> float:
        """Probability that need changes over time: that something is forgotten."""
        return float(1 - self.memory["probability"].iloc[0])

    def table(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> pd.DataFrame:
        """Tabulate need: index category, columns ``mean``, ``sd``, ``lower``, ``upper``."""
        check_interval(ci_prob, ci_kind)
        lower, upper = self.need.interval(ci_prob, ci_kind)
        columns = {"mean": self.need.mean, "sd": self.need.sd, "lower": lower, "upper": upper}
        return pd.DataFrame(columns, index=pd.Index(self.categories, name="category"))

    def __repr__(self) -> str:
        number = len(self.categories)
        best = self.memory.index.to_numpy()[self.memory["probability"].argmax()]
        usual = "all of the past" if np.isinf(best) else f"about {best:.0f} {self.every}s"
        return (
            f"Forgetting({number} categor{'y' if number == 1 else 'ies'}, need changes with "
            f"probability {self.p_changed:.2f}, most likely {usual} count)"
        )


def forgetting(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    every: Every = "week",
    time_zone: str = "UTC",
) -> Forgetting:
    r"""Solve the seed model with outcomes that are forgotten, at a rate that is averaged over.

    Parameters
    ----------
    panel : Panel
    beliefs : Beliefs
        About categories.
    outcomes : Outcomes
        Of single tickets, with the time of each.
    every : {"day", "week", "month"}
    time_zone : str
        Whose midnight a day begins with.

    Raises
    ------
    ValueError
        If beliefs are about tickets, or an outcome has no time.

    Notes
    -----
    With a discount :math:`\delta`, counts of needs are :math:`K_t = \delta K_{t-1} + k_t`, and
    those of resolved tickets :math:`M_t` likewise. Need in period :math:`t` is
    :math:`\mathrm{Beta}(\alpha_s + K_t, \beta_s + M_t)` for seat :math:`s`: what was stated is not
    forgotten, and without outcomes need goes back to it. The evidence of :math:`\delta` is exact,

    .. math::

       p(y \mid \delta) = \prod_c \sum_s \omega_s \prod_t
       \frac{B(\alpha_s + \delta K_{t-1} + k_t, \beta_s + \delta M_{t-1} + m_t)}
       {B(\alpha_s + \delta K_{t-1}, \beta_s + \delta M_{t-1})},

    and with :math:`\delta = 1` it is the closed form's. Memories :math:`1 / (1 - \delta)` from 2 to
    128 periods have half of the prior probability, and no forgetting the other half. Discounts are
    those of West and Harrison [1]_.

    References
    ----------
    .. [1] M. West and J. Harrison, "Bayesian Forecasting and Dynamic Models", 2nd edition,
       Springer, 1997, sections 6.3 and 14.4.

    Examples
    --------
    >>> found = forgetting(panel, beliefs, outcomes, every="month")  # doctest: +SKIP
    >>> found.p_changed  # doctest: +SKIP
    0.93
    """
    if beliefs.about != "category":
        raise ValueError(
            "forgetting takes beliefs about categories; for those about tickets fit "
            '`Pool(drift="week")`'
        )
    rows, names = single_tickets(panel, beliefs, outcomes, warn=False)
    rows = timed(rows, names, outcomes.log, Clock(every, time_zone)).known()
    needs, resolved = _by_period(rows, rows.needs), _by_period(rows, rows.trials - rows.needs)
    held = beliefs.select(outcomes.categories, panel.judge_names)
    stated = held.alpha[:, panel.seats.judge], held.beta[:, panel.seats.judge]
    prior = np.r_[_NEVER, np.full(len(_MEMORY) - 1, (1 - _NEVER) / (len(_MEMORY) - 1))]
    parts = [_discounted(*stated, needs, resolved, 1 - 1 / memory) for memory in _MEMORY]
    seats = np.stack([log_seat for _, _, log_seat in parts]) + np.log(panel.seats.weight)
    by_category = special.logsumexp(seats, axis=-1)
    evidence = by_category.sum(axis=1)
    probability = special.softmax(evidence + np.log(prior))
    weight = np.exp(seats - by_category[..., None]) * probability[:, None, None]
    alpha, beta = (np.stack([part[i] for part in parts]) for i in (0, 1))
    mixture = BetaMixture(*(_beside(x) for x in (weight, alpha, beta)))
    columns = {"prior": prior, "log_evidence": evidence, "probability": probability}
    memory = pd.DataFrame(columns, index=pd.Index(_MEMORY, name="memory"))
    trust = panel.seats.sum_by_router(weight.sum(axis=0))
    return Forgetting(outcomes.categories, mixture, trust, memory, every)


def _by_period(rows: Rows, counts: Counts) -> Array:
    """Add up counts, shape (period, category)."""
    total = np.zeros((len(rows.periods), len(rows.categories)))
    np.add.at(total, (cast("Counts", rows.period), rows.category), counts)
    return total


def _discounted(
    alpha: Array, beta: Array, needs: Array, resolved: Array, discount: float
) -> tuple[Array, Array, Array]:
    """Shapes of today, and log evidence of all periods, each (category, seat)."""
    seen = np.zeros((2, needs.shape[1], 1))
    evidence = np.zeros_like(alpha)
    for now in np.stack([needs, resolved], axis=1)[..., None]:
        seen = discount * seen
        evidence += sum(log_beta_ratio(alpha + seen[0], beta + seen[1], now[0], now[0] + now[1]))
        seen = seen + now
    return alpha + seen[0], beta + seen[1], evidence


def _beside(x: Array) -> Array:
    """Put rates and seats side by side, (category, rate and seat)."""
    return np.moveaxis(x, 0, 1).reshape(x.shape[1], -1)
