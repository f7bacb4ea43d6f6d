"""What a picture shows: which category, which of many, and their labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from trust_router.inputs.panel import Panel
from trust_router.learning.facts import Facts
from trust_router.learning.posterior import Posterior
from trust_router.show.plots.drawing import INK, short

__all__ = ["busiest", "interval_handle", "router_labels", "trust_category"]

_MOST_CATEGORIES = 20


def busiest(trials: Sequence[int] | NDArray[np.int64]) -> tuple[NDArray[np.intp], str]:
    """Positions of the categories that fit into a picture, and words about the others."""
    counts = np.asarray(trials)
    if len(counts) <= _MOST_CATEGORIES:
        return np.arange(len(counts)), ""
    order = np.argsort(-counts, kind="stable")[:_MOST_CATEGORIES]
    return order, f"\n({_MOST_CATEGORIES} of {len(counts)} categories, those with most trials)"


def trust_category(posterior: Posterior, category: str | None) -> str:
    """Label of a category, known or the only one, in the tables of trust."""
    if category is not None:
        posterior.outcomes.position(category)
    return category if category in posterior.trust_categories else posterior.trust_categories[0]


def router_labels(panel: Panel, sep: str = "\n") -> list[str]:
    """Name routers, with their nicknames where they have one."""
    return [
        short(router.name) + (f"{sep}{short(router.nickname)}" if router.nickname else "")
        for router in panel.routers
    ]


def interval_handle(
    rows: pd.DataFrame, facts: Facts, ci_prob: float, colour: str = INK
) -> list[Line2D]:
    """Line of a legend that says what the interval of trust is over; none in a closed form."""
    if rows["lower"].isna().all():
        return []
    over = "" if facts.pooled else " over draws"
    return [Line2D([], [], color=colour, lw=1.2, label=f"{ci_prob:.0%} interval{over}")]
