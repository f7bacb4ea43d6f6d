"""The cost arithmetic of the source, kept to compare with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trust_router.basics.checks import whole_number
from trust_router.basics.shown import Shown
from trust_router.defaults import TICKETS
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["SourceCosts", "source_costs"]


@dataclass(frozen=True, repr=False)
class SourceCosts(Shown):
    """The cost arithmetic of the RxInfer example; amounts per ``tickets`` tickets.

    Attributes
    ----------
    all_last : float
        Every ticket goes to the last router.
    weighted : float
        Tickets are split over routers in proportion to trust.
    weighted_saving : float
        What that saves, as a share of ``all_last``.
    escalating : float
        Routers are asked in order; after each, tickets in proportion to its trust are done.
    escalating_saving : float
        What that saves, as a share of ``all_last``.
    tickets : int
    """

    all_last: float
    weighted: float
    weighted_saving: float
    escalating: float
    escalating_saving: float
    tickets: int


def source_costs(
    posterior: Posterior,
    category: str,
    *,
    tickets: int = TICKETS,
    allow_unconverged: bool = False,
) -> SourceCosts:
    """Redo the source's cost arithmetic from trust and the prices of the routers.

    It treats trust as a share of tickets. Trust says who is right, not how many tickets go where,
    so use `decide` and `savings` for decisions; this is kept to compare with the source.

    Raises
    ------
    ValueError
        If the category is unknown, a router has no ``price``, the last router's price is 0, or
        ``tickets`` is not a positive whole number.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    References
    ----------
    .. [1] RxInfer.jl examples, "Bayesian Trust Learning for LLM Routing".

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> round(source_costs(posterior, "transfer failed").weighted, 2)
    59.44
    """
    check_posterior(posterior, allow_unconverged)
    whole_number("tickets", tickets, 1)
    trust = posterior.trust_mean[posterior.outcomes.position(category)]
    for router in posterior.panel.routers:
        if router.price is None:
            raise ValueError(f"router {router.name!r} has no `price`; the source's costs need it")
    price = np.array([router.price for router in posterior.panel.routers], dtype=float)
    if price[-1] == 0:
        raise ValueError("`price` of the last router is 0; nothing can be saved against it")
    reached = trust[::-1].cumsum()[::-1]
    all_last, weighted, escalating = tickets * np.array([price[-1], trust @ price, reached @ price])
    return SourceCosts(
        all_last=float(all_last),
        weighted=float(weighted),
        weighted_saving=float(1 - weighted / all_last),
        escalating=float(escalating),
        escalating_saving=float(1 - escalating / all_last),
        tickets=tickets,
    )
