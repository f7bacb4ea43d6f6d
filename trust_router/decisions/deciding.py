"""Decisions: the cheaper of two actions, in posterior expectation, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.given import Given
from trust_router.basics.warned import warn_of
from trust_router.decisions.constant import worse_than_constant
from trust_router.decisions.costs import Costs
from trust_router.decisions.ticket_costs import TicketCosts
from trust_router.decisions.ticket_worth import worth_of_outcome
from trust_router.decisions.worth import value_of_knowing, value_of_router
from trust_router.inputs.expected import expect
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["Decision", "decide", "decide_all", "decided", "told_of"]

Action = Literal["simple first", "escalate"]


@dataclass(frozen=True)
class Decision:
    """What to do with tickets of one category, and how sure that is.

    Attributes
    ----------
    category : str
    action : {"simple first", "escalate"}
        The cheaper one in posterior expectation.
    need : float
        Expected need.
    threshold : float
        Need above which escalating is cheaper.
    certainty : float
        Probability that the action is right, that is, that need lies on its side.
    cost_simple_first, cost_escalate : float
        Expected cost per ticket of the two actions.
    expected_loss : float
        Expected cost per ticket of being wrong; also what knowing need exactly would be worth.
    value_of_outcome : float
        What one more outcome before deciding would be worth, per ticket decided.
    value_of_router : float
        What knowing the right router would be worth, per ticket decided: no further judge can say
        more about whom to trust. Missing where routers are pooled and none is the right one.
    mcse : mapping of str to float
        Monte Carlo standard error of each number above that was sampled; 0 where it is exact.
    """

    category: str
    action: Action
    need: float
    threshold: float
    certainty: float
    cost_simple_first: float
    cost_escalate: float
    expected_loss: float
    value_of_outcome: float
    value_of_router: float
    mcse: Mapping[str, float]


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


def told_of(
    need: Given,
    costs: Costs | TicketCosts,
    worth: Mapping[str, Array],
    escalates: NDArray[np.bool_],
) -> dict[str, Any]:
    """Means over draws of what a decision states, and their Monte Carlo errors."""
    mean = need.mean.mean(axis=0)
    by_draw = {
        "need": need.mean,
        "certainty": np.where(escalates, need.above, need.chance - need.above),
        "cost_simple_first": costs.paid(np.array(False), need.chance, need.mean),
        "cost_escalate": costs.paid(np.array(True), need.chance, need.mean),
        "expected_loss": value_of_knowing(need, costs, escalates),
        **worth,
    }
    means = {name: values.mean(axis=0) for name, values in by_draw.items()}
    for name in ("expected_loss", *worth):
        # Knowing more never costs; what is left of a difference of equals is rounding.
        least = 1e-12 * costs.least(mean)
        means[name] = np.where(means[name] > least, means[name], 0.0)
    errors = {f"{name}_mcse": need.error(values) for name, values in by_draw.items()}
    first = {"action": np.where(escalates, "escalate", "simple first")}
    return first | {"need": means.pop("need"), "threshold": costs.threshold} | means | errors
