"""A decision: the cheaper of two actions, and all that is stated about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.given import Given
from trust_router.basics.shown import Shown
from trust_router.decisions.costs import Costs
from trust_router.decisions.worth import value_of_knowing

if TYPE_CHECKING:
    from trust_router.decisions.ticket_costs import TicketCosts

__all__ = ["Decision", "TicketDecision", "told_of"]

Action = Literal["simple first", "escalate"]


@dataclass(frozen=True, repr=False)
class Decision(Shown):
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
    mcse: Mapping[str, float] = field(repr=False)


@dataclass(frozen=True, repr=False)
class TicketDecision(Shown):
    """What to do with one ticket, and how sure that is.

    Attributes
    ----------
    category : str
        Blank where the ticket has none.
    action, need, threshold, certainty, cost_simple_first, cost_escalate, expected_loss
        As in `Decision`, of this ticket.
    judges : int
        How many of them spoke.
    unseen : bool
        Whether the category was not among those fitted: predicted from the population.
    mcse : mapping of str to float
        As in `Decision`.
    probability : float
        With which the action was chosen; 1 by this rule.
    """

    category: str
    action: Action
    need: float
    threshold: float
    certainty: float
    cost_simple_first: float
    cost_escalate: float
    expected_loss: float
    judges: int
    unseen: bool
    mcse: Mapping[str, float] = field(repr=False)
    probability: float = 1.0


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
    told = zip(by_draw, need.error(*by_draw.values()), strict=True)
    errors = {f"{name}_mcse": error for name, error in told}
    first = {"action": np.where(escalates, "escalate", "simple first")}
    return first | {"need": means.pop("need"), "threshold": costs.threshold} | means | errors
