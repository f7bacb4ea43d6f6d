"""`solve`: the closed form as a `Posterior`."""

from __future__ import annotations

import xarray as xr

from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.exact import closed_form
from trust_router.learning.posterior import Posterior
from trust_router.learning.provenance import describe_run
from trust_router.learning.storage import assemble

__all__ = ["solve", "solve_rows"]


def solve(panel: Panel, beliefs: Beliefs, outcomes: Outcomes) -> Posterior:
    """Solve the seed model in closed form.

    Parameters
    ----------
    panel, beliefs, outcomes
        As in `trust_router.learning.exact.closed_form`, which holds the method.

    Returns
    -------
    Posterior

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> solve(*load_seed())
    Posterior(exact, 3 routers, Outcomes(1 category, 22 trials, 3 needs, 0 missing))
    """
    if beliefs.about == "ticket":
        raise ValueError(
            "the closed form takes beliefs about categories; for beliefs about tickets use `fit`"
        )
    return solve_rows(panel, match(panel, beliefs, outcomes))


def solve_rows(panel: Panel, rows: Rows) -> Posterior:
    """Solve what is already matched."""
    beliefs = Beliefs(rows.categories, rows.judges, rows.alpha, rows.beta)
    result = closed_form(panel, beliefs, rows.counts())
    by_category, seats = ("category",), ("category", "seat")
    dataset = xr.Dataset(
        {
            "trust": (("category", "router"), result.trust),
            "seat_posterior": (seats, result.seat_posterior),
            "alpha": (seats, result.alpha),
            "beta": (seats, result.beta),
            "log_evidence": (by_category, result.log_evidence),
            "router_log_evidence": (("category", "router"), result.router_log_evidence),
        },
        coords={
            "category": list(rows.categories),
            "router": list(panel.router_names),
            "seat": list(panel.seats.labels),
        },
    )
    run = describe_run(panel, rows, method="exact", libraries=("numpy", "scipy"))
    return assemble({"closed_form": dataset}, panel, rows, run)
