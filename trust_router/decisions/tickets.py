"""Decisions for single tickets: by costs, which may differ between them, or within a share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from trust_router.basics.arrays import blocks
from trust_router.basics.warned import warn_of
from trust_router.decisions.budget import check_share, limit
from trust_router.decisions.constant import worse_than_constant
from trust_router.decisions.costs import Costs
from trust_router.decisions.decision import told_of
from trust_router.decisions.ticket_costs import StatedCosts, TicketCosts, costs_of_tickets
from trust_router.inputs.expected import expect
from trust_router.learning.prediction import Prediction

__all__ = ["decide_tickets"]

_HELD = 10  # arrays of need that a decision holds


def decide_tickets(
    prediction: Prediction,
    costs: StatedCosts | None = None,
    *,
    share: float | None = None,
    allow_unconverged: bool = False,
) -> pd.DataFrame:
    """Choose the action of least posterior expected cost for each ticket, or keep to a share.

    Parameters
    ----------
    prediction : Prediction
        From `Posterior.predict`.
    costs : Costs, sequence of Costs, or pandas.DataFrame, optional
        The same for all tickets; one for each, in their order; or a table of amounts, named as in
        `Costs`, by ticket (its column ``ticket``, or its index).
    share : float, optional
        At most this share of the tickets is escalated: those of highest need, or with costs those
        where that saves most, and none where it does not pay. Without costs, ``threshold`` is the
        need above which tickets are escalated, also later ones. Tickets that are alike are treated
        alike: where not all of them fit, none is escalated.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    pandas.DataFrame
        Index ticket; columns ``category``, ``action``, ``need``, ``threshold``, ``certainty``,
        ``cost_simple_first``, ``cost_escalate``, ``expected_loss``, as in `Decision`, and
        ``unseen`` (the category was not fitted); Monte Carlo errors as in `decide_all`; and
        ``judges`` (how many spoke) and ``probability``, with which the
        action was chosen: 1 by these rules, as `off_policy` has to know.

    Warns
    -----
    JudgeWarning
        If such decisions would have cost more than always doing the same, on tickets with an
        outcome, each foretold from all others.

    Raises
    ------
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Examples
    --------
    >>> prediction = posterior.predict(beliefs)  # doctest: +SKIP
    >>> decide_tickets(prediction, costs)[["need", "action", "certainty"]]  # doctest: +SKIP
    >>> decide_tickets(prediction, share=0.2)["action"]  # doctest: +SKIP
    """
    expect(prediction, Prediction, "prediction")
    if not (prediction.converged or allow_unconverged):
        raise ValueError(
            "the prediction comes from draws that have not converged; fit longer, or say "
            "`allow_unconverged=True`"
        )
    if costs is None:
        if share is None:
            raise ValueError("state `costs`, or the `share` of tickets to escalate, or both")
        columns = _within_share(prediction, check_share(share))
    else:
        each = costs_of_tickets(costs, prediction.tickets)
        average = each if isinstance(each, Costs) else each.average()
        warn_of([worse_than_constant(prediction.past, average, by_category=False)])
        columns = _by_costs(prediction, each, None if share is None else check_share(share))
    table = pd.DataFrame(columns, index=pd.Index(prediction.tickets, name="ticket"))
    table.insert(0, "category", list(prediction.category))
    return table.assign(judges=prediction.speaking, unseen=prediction.unseen, probability=1.0)


def _within_share(prediction: Prediction, share: float) -> dict[str, Any]:
    """Escalate the tickets of highest need."""
    least, escalates = limit(prediction.mean, share, prediction.number)
    threshold = max(0.0, least)
    need = prediction.need.given(threshold)
    above, (need_error, error) = need.above.mean(axis=0), need.error(need.mean, need.above)
    return {
        "action": np.where(escalates, "escalate", "simple first"),
        "need": prediction.mean,
        "threshold": threshold,
        "certainty": np.where(escalates, above[prediction.row], 1 - above[prediction.row]),
        "need_mcse": need_error[prediction.row],
        "certainty_mcse": error[prediction.row],
    }


def _by_costs(
    prediction: Prediction, costs: Costs | TicketCosts, share: float | None
) -> dict[str, Any]:
    """Choose the cheaper action, within a share of those where escalating saves most."""
    mean = prediction.mean
    escalates = costs.escalates(mean)
    if share is not None:
        saved = costs.simple_first(mean) - costs.escalate(mean)
        escalates &= limit(saved, share, prediction.number)[1]
    if isinstance(costs, Costs):  # tickets that are alike share a row
        by_row = np.zeros(len(prediction.need.mean), dtype=bool)
        by_row[prediction.row] = escalates
        told = told_of(prediction.need.given(costs.threshold), costs, {}, by_row)
        return {
            name: values if np.ndim(values) == 0 else values[prediction.row]
            for name, values in told.items()
        }
    parts = []
    for at in blocks(len(mean), _HELD * len(prediction.need.values)):
        need, some = prediction.need.take(prediction.row[at]), costs.take(at)
        parts.append(told_of(need.given(some.threshold), some, {}, escalates[at]))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
