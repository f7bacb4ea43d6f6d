"""Knowledge: what all judges of a panel know together, beyond how often each category needs it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.basics.checks import check_interval
from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.learning.gate import check_posterior
from trust_router.learning.judge_table import drawn_interval, need_of_all, tickets_of
from trust_router.learning.posterior import Posterior

__all__ = ["knowledge_of", "panel_knowledge"]


def panel_knowledge(
    posterior: Posterior,
    *,
    ci_prob: float = CI_PROB,
    ci_kind: CiKind = CI_KIND,
    allow_unconverged: bool = False,
) -> pd.DataFrame:
    """Tell how much all judges know together.

    Returns
    -------
    pandas.DataFrame
        Index ``loss`` (expected log loss if the need of each ticket is told), ``rate_loss`` (if
        that of its category is) and ``explained`` (the share of the latter that judges save: 0 for
        a panel that knows nothing); columns ``mean``, ``lower``, ``upper``.

    Raises
    ------
    ValueError
        If the model predicts no tickets.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Notes
    -----
    Each draw of the model is taken for the truth in its turn, so this is what the fit believes;
    `trust_router.compare` with `trust_router.Rates` asks the outcomes themselves.

    Examples
    --------
    >>> panel_knowledge(posterior).loc["explained", ["mean", "lower", "upper"]]  # doctest: +SKIP
    """
    check_posterior(posterior, allow_unconverged)
    check_interval(ci_prob, ci_kind)
    rows = posterior.rows
    need, weight, slot = need_of_all(posterior), tickets_of(rows), rows.slot
    member = np.zeros((len(rows), slot.max() + 1))
    member[np.arange(len(rows)), slot] = weight
    total = member.sum(axis=0)
    inside = total > 0
    rate = (need @ member[:, inside]) / total[inside]
    rate_loss = _entropy(rate) @ total[inside] / total.sum()
    loss = _entropy(need) @ weight / total.sum()
    values = {"loss": loss, "rate_loss": rate_loss, "explained": 1 - loss / rate_loss}
    draws = np.column_stack(list(values.values()))
    lower, upper = drawn_interval(draws, ci_prob, ci_kind)
    columns = {"mean": draws.mean(axis=0), "lower": lower, "upper": upper}
    return pd.DataFrame(columns, index=pd.Index(values, name="quantity"))


def knowledge_of(posterior: Posterior) -> pd.DataFrame | None:
    """Give `panel_knowledge` of a fit that pools beliefs about tickets, of draws as they are."""
    if not (posterior.facts.pooled and posterior.rows.about == "ticket"):
        return None
    return panel_knowledge(posterior, allow_unconverged=True)


def _entropy(need: Array) -> Array:
    return np.asarray(special.entr(need) + special.entr(1 - need))
