"""`solve`: the closed form as a `Posterior`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xarray as xr

from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.expected import expect
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.exact import ClosedForm, closed_form
from trust_router.learning.noise import Noise
from trust_router.learning.posterior import Posterior
from trust_router.learning.provenance import describe_run
from trust_router.learning.storage import assemble

if TYPE_CHECKING:
    from trust_router.learning.exact_noise import NoisyForm

__all__ = ["solve", "solve_rows"]


def solve(
    panel: Panel, beliefs: Beliefs, outcomes: Outcomes, *, noise: Noise | None = None
) -> Posterior:
    """Solve the seed model in closed form.

    Parameters
    ----------
    panel, beliefs, outcomes
        As in `trust_router.learning.exact.closed_form`, which holds the method.
    noise : Noise, optional
        How often outcomes may be wrong; default: they are true. Then the method is that of
        `trust_router.learning.exact_noise.noisy_form`: exact too, by quadrature.

    Returns
    -------
    Posterior

    Raises
    ------
    ValueError
        If beliefs are not about categories, or, with noise, outcomes are too many.

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
    if noise is not None:
        expect(noise, Noise, "noise")
    return solve_rows(panel, match(panel, beliefs, outcomes), noise)


def solve_rows(panel: Panel, rows: Rows, noise: Noise | None = None) -> Posterior:
    """Solve what is already matched."""
    settings: dict[str, Any] = {}
    if noise is None:
        beliefs = Beliefs(rows.categories, rows.judges, rows.alpha, rows.beta)
        values = _true(closed_form(panel, beliefs, rows.counts()))
    else:
        from trust_router.learning.exact_noise import noisy_form  # more of SciPy

        values = _noisy(panel, noisy_form(panel, rows, noise))
        settings = {"options": {"noise": noise.to_dict()}}
    coords = {
        "category": list(rows.categories),
        "router": list(panel.router_names),
        "seat": list(panel.seats.labels),
    }
    run = describe_run(panel, rows, method="exact", libraries=("numpy", "scipy"), settings=settings)
    return assemble({"closed_form": xr.Dataset(values, coords)}, panel, rows, run)


_CATEGORY, _ROUTERS, _SEATS = ("category",), ("category", "router"), ("category", "seat")


def _true(result: ClosedForm) -> dict[str, Any]:
    return {
        "trust": (_ROUTERS, result.trust),
        "seat_posterior": (_SEATS, result.seat_posterior),
        "alpha": (_SEATS, result.alpha),
        "beta": (_SEATS, result.beta),
        "log_evidence": (_CATEGORY, result.log_evidence),
        "router_log_evidence": (_ROUTERS, result.router_log_evidence),
    }


def _noisy(panel: Panel, result: NoisyForm) -> dict[str, Any]:
    return {
        "trust": (_ROUTERS, panel.seats.sum_by_router(result.seat_posterior)),
        "seat_posterior": (_SEATS, result.seat_posterior),
        "component_weight": ((*_SEATS, "component"), result.weights),
        "first_component": (_CATEGORY, result.first),
        "log_evidence": (_CATEGORY, result.log_evidence),
        "router_log_evidence": (_ROUTERS, result.router_log_evidence),
        "rate_mean": (("rate",), result.rate_mean),
        "rate_sd": (("rate",), result.rate_sd),
        "rate_quantiles": (("rate", "level"), result.rate_quantiles),
    }
