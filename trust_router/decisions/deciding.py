"""Decisions: the cheaper of two actions, in posterior expectation, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from trust_router.basics.arrays import Array
from trust_router.basics.given import Given
from trust_router.decisions.costs import Costs
from trust_router.decisions.worth import value_of_knowing, value_of_outcome, value_of_router
from trust_router.inputs.expected import expect
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior
from trust_router.learning.prediction import Prediction

__all__ = ["Decision", "decide", "decide_all", "decide_tickets"]

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
    outcome its first two moments: after a 1 the mean is E[need^2] / E[need].

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
    at = posterior.outcomes.position(category)
    table = decide_all(posterior, costs, allow_unconverged=True)
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
    need = posterior.need_distribution().given(costs.threshold)
    routers = posterior.need_given_routers(costs.threshold)
    worth = {"value_of_outcome": value_of_outcome(need, costs)}
    if routers:
        worth["value_of_router"] = value_of_router(need, routers, costs)
    columns = _columns(need, costs, worth)
    if not routers:  # they are pooled, and none is the right one
        columns |= dict.fromkeys(("value_of_router", "value_of_router_mcse"), np.nan)
    return pd.DataFrame(columns, index=pd.Index(posterior.outcomes.categories, name="category"))


def decide_tickets(
    prediction: Prediction, costs: Costs, *, allow_unconverged: bool = False
) -> pd.DataFrame:
    """Choose the action of least posterior expected cost for each ticket.

    Parameters
    ----------
    prediction : Prediction
        From `Posterior.predict`.
    costs : Costs
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    pandas.DataFrame
        Index ticket; columns ``category``, ``action``, ``need``, ``threshold``, ``certainty``,
        ``cost_simple_first``, ``cost_escalate``, ``expected_loss``, as in `Decision`, and
        ``unseen`` (the category was not fitted); then Monte Carlo errors as in `decide_all`.

    Raises
    ------
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.
    """
    expect(prediction, Prediction, "prediction")
    expect(costs, Costs, "costs")
    if not (prediction.converged or allow_unconverged):
        raise ValueError(
            "the prediction comes from draws that have not converged; fit longer, or say "
            "`allow_unconverged=True`"
        )
    need = prediction.need.given(costs.threshold)
    by_row = pd.DataFrame(_columns(need, costs, {}))
    table = by_row.iloc[prediction.row].set_axis(pd.Index(prediction.tickets, name="ticket"))
    table.insert(0, "category", list(prediction.category))
    return table.assign(unseen=prediction.unseen)


def _columns(need: Given, costs: Costs, worth: Mapping[str, Array]) -> dict[str, Any]:
    """Means over draws of what a decision states, and their Monte Carlo errors."""
    mean = need.mean.mean(axis=0)
    escalates = costs.escalates(mean)
    by_draw = {
        "need": need.mean,
        "certainty": np.where(escalates, need.above, need.chance - need.above),
        "cost_simple_first": costs.paid(np.array(False), need.chance, need.mean),
        "cost_escalate": costs.paid(np.array(True), need.chance, need.mean),
        "expected_loss": value_of_knowing(need, costs),
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
