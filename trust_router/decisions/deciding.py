"""Decisions: the cheaper of two actions, in posterior expectation, and how sure that is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from trust_router.basics.warned import warn_of
from trust_router.decisions.constant import worse_than_constant
from trust_router.decisions.costs import Costs
from trust_router.decisions.decision import Decision, told_of
from trust_router.decisions.ticket_worth import worth_of_outcome
from trust_router.decisions.worth import value_of_router
from trust_router.inputs.expected import expect
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["decide", "decide_all", "decided"]


def decide(
    posterior: Posterior, category: str, costs: Costs, *, allow_unconverged: bool = False
) -> Decision:
    """Choose the action of least posterior expected cost for a category.

    Raises
    ------
    ValueError
        If the category is unknown.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Notes
    -----
    Costs are linear in need, so the expected cost needs only its mean, and the value of one more
    outcome its first two moments: after a 1 the mean is E[need^2] / E[need]. In the pool each
    ticket has a need of its own; the outcome is then that of one of the category's tickets, up to
    200 of which stand for all: after a 1 of ticket i the mean is E[need_i need] / E[need_i].

    References
    ----------
    .. [1] H. Raiffa and R. Schlaifer, "Applied Statistical Decision Theory", Harvard, 1961.

    Examples
    --------
    >>> from trust_router import Costs, solve
    >>> from trust_router.examples import load_seed
    >>> decision = decide(solve(*load_seed()), "transfer failed", Costs(0.03, 3.0, failure=5.0))
    >>> decision.action, round(decision.certainty, 3)
    ('simple first', 0.993)
    """
    check_posterior(posterior, allow_unconverged)
    expect(costs, Costs, "costs")
    warn_of([worse_than_constant(posterior.foretold, costs, by_category=True)])
    at = posterior.outcomes.position(category)
    table = decided(posterior, costs)
    row: dict[str, Any] = {
        str(key): value for key, value in table.iloc[[at]].to_dict("records")[0].items()
    }
    errors = {name: row.pop(f"{name}_mcse") for name in list(row) if f"{name}_mcse" in row}
    return Decision(category=category, mcse=errors, **row)


def decide_all(
    posterior: Posterior, costs: Costs, *, allow_unconverged: bool = False
) -> pd.DataFrame:
    """Decide for every category.

    Returns
    -------
    pandas.DataFrame
        Index category; columns as in `Decision`, and for each number that was sampled its Monte
        Carlo standard error, with ``_mcse`` behind its name.

    Raises
    ------
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> costs = tr.Costs(simple=0.03, complex=3.0, failure=5.0)
    >>> table = decide_all(posterior, costs)[["action", "certainty"]]
    >>> table.round(3)  # doctest: +NORMALIZE_WHITESPACE
                           action  certainty
    category
    transfer failed  simple first      0.993
    """
    check_posterior(posterior, allow_unconverged)
    expect(costs, Costs, "costs")
    warn_of([worse_than_constant(posterior.foretold, costs, by_category=True)])
    return decided(posterior, costs)


def decided(posterior: Posterior, costs: Costs) -> pd.DataFrame:
    """Decide for every category, of what has been checked; see `decide_all`."""
    need = posterior.need_distribution().given(costs.threshold)
    routers = posterior.need_given_routers(costs.threshold)
    worth = {"value_of_outcome": worth_of_outcome(posterior, need, costs)}
    if routers:
        worth["value_of_router"] = value_of_router(need, routers, costs)
    columns = told_of(need, costs, worth, costs.escalates(need.mean.mean(axis=0)))
    if not routers:  # they are pooled, and none is the right one
        columns |= dict.fromkeys(("value_of_router", "value_of_router_mcse"), np.nan)
    return pd.DataFrame(columns, index=pd.Index(posterior.outcomes.categories, name="category"))
