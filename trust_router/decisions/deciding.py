"""Decisions: the cheaper of two actions, in posterior expectation, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from trust_router.basics.draws import NeedDraws
from trust_router.basics.mixture import BetaMixture
from trust_router.decisions.costs import Costs
from trust_router.decisions.worth import value_of_knowing, value_of_outcome, value_of_router

if TYPE_CHECKING:
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


def decide(posterior: Posterior, category: str, costs: Costs) -> Decision:
    """Choose the action of least posterior expected cost for a category.

    Raises
    ------
    ValueError
        If the category is unknown.

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
    at = posterior.outcomes.position(category)
    row = decide_all(posterior, costs).iloc[[at]].to_dict("records")[0]
    return Decision(category=category, **{str(key): value for key, value in row.items()})


def decide_all(posterior: Posterior, costs: Costs) -> pd.DataFrame:
    """Decide for every category; index category, columns as in `Decision`."""
    need = posterior.need_distribution()
    columns = _columns(need, costs)
    columns["value_of_outcome"] = value_of_outcome(need, costs)
    columns["value_of_router"] = value_of_router(posterior, need.mean, costs)
    return pd.DataFrame(columns, index=pd.Index(posterior.outcomes.categories, name="category"))


def decide_tickets(prediction: Prediction, costs: Costs) -> pd.DataFrame:
    """Choose the action of least posterior expected cost for each ticket.

    Parameters
    ----------
    prediction : Prediction
        From `Posterior.predict`.
    costs : Costs

    Returns
    -------
    pandas.DataFrame
        Index ticket; columns ``category``, ``action``, ``need``, ``threshold``, ``certainty``,
        ``cost_simple_first``, ``cost_escalate``, ``expected_loss``, as in `Decision`, and
        ``unseen`` (the category was not fitted).
    """
    by_row = pd.DataFrame(_columns(prediction.need, costs))
    table = by_row.iloc[prediction.row].set_axis(pd.Index(prediction.tickets, name="ticket"))
    table.insert(0, "category", list(prediction.category))
    return table.assign(unseen=prediction.unseen)


def _columns(need: BetaMixture | NeedDraws, costs: Costs) -> dict[str, Any]:
    mean, threshold = need.mean, costs.threshold
    escalate = costs.escalates(mean)
    return {
        "action": np.where(escalate, "escalate", "simple first"),
        "need": mean,
        "threshold": threshold,
        "certainty": np.where(escalate, need.sf(threshold), need.cdf(threshold)),
        "cost_simple_first": costs.simple_first(mean),
        "cost_escalate": costs.escalate(mean),
        "expected_loss": value_of_knowing(need, costs),
    }
