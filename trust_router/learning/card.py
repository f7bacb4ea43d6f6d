"""What a notebook shows of a posterior: trust as a table, counts and verdict below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from trust_router.basics.html import render
from trust_router.defaults import CI_PROB
from trust_router.learning.unsettled import Known, unsettled

if TYPE_CHECKING:
    import pandas as pd

    from trust_router.inputs.outcomes import Outcomes
    from trust_router.learning.diagnostics import Diagnostics
    from trust_router.learning.facts import Facts

__all__ = ["posterior_html"]

_MOST_CATEGORIES = 20


class _Shown(Known, Protocol):
    @property
    def facts(self) -> Facts: ...
    @property
    def outcomes(self) -> Outcomes: ...
    @property
    def diagnostics(self) -> Diagnostics | None: ...
    def trust(self) -> pd.DataFrame: ...


def posterior_html(posterior: _Shown) -> str:
    """Show a posterior in a notebook: trust, counts, verdict, and what is not known."""
    trust, outcomes = posterior.trust(), posterior.outcomes
    facts, diagnostics = posterior.facts, posterior.diagnostics
    every = list(trust.index.get_level_values("category").unique())
    shown = every[:_MOST_CATEGORIES]
    return render(
        "trust_router.learning",
        "posterior.html.j2",
        routers=posterior.panel.router_names,
        ci_prob=CI_PROB,
        model=facts.name,
        meaning=facts.trust_meaning,
        rows=[(name, trust.loc[name]) for name in shown],
        sampled=diagnostics is not None,
        hidden=len(every) - len(shown),
        outcomes=int(outcomes.trials.sum()),
        needs=int(outcomes.needs.sum()),
        missing=int(outcomes.missing.sum()),
        verdict="exact (closed form)" if diagnostics is None else diagnostics.verdict,
        unsettled=unsettled(posterior),
    )
