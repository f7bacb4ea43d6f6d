"""Pictures of what is done with tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from trust_router.show.plots.drawing import (
    COLOURS,
    INK,
    WIDTH,
    axes_or_new,
    legend_below,
    style,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["tickets"]

_LOOKS = {"simple first": (COLOURS[0], "o"), "escalate": (COLOURS[5], "^")}
_SMALL = 400  # tickets, from which on their marks are small


def tickets(decisions: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the need of each ticket, the neediest at the right, and what is done with it.

    Parameters
    ----------
    decisions : pandas.DataFrame
        As `trust_router.decide_tickets` gives them: ``need``, ``action`` and ``threshold``.
    ax : matplotlib Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the table holds no decisions.

    Examples
    --------
    >>> import pandas as pd
    >>> import trust_router as tr
    >>> action = ["simple first", "escalate"]
    >>> decided = pd.DataFrame({"need": [0.1, 0.7], "action": action, "threshold": 0.4})
    >>> ax = tr.plots.tickets(decided)
    """
    missing = [name for name in ("need", "action", "threshold") if name not in decisions]
    if missing or decisions.empty:
        lack = f"has no column {missing[0]!r}" if missing else "has no tickets"
        raise ValueError(f"`decisions` must be a table of `decide_tickets`; it {lack}")
    ordered = decisions.sort_values("need", kind="stable")
    place = np.arange(1, len(ordered) + 1)
    size = 5 if len(ordered) < _SMALL else 2.5
    handles = []
    with style():
        ax = axes_or_new(ax, (WIDTH, 3.4))
        for action, (colour, mark) in _LOOKS.items():
            chosen = (ordered["action"] == action).to_numpy()
            label = f"{action} ({chosen.sum():,} of {len(ordered):,})"
            need = ordered["need"].to_numpy()[chosen]
            handles += ax.plot(
                place[chosen], need, mark, color=colour, ms=size, ls="none", label=label
            )
        limits = ordered["threshold"].to_numpy()
        if np.isfinite(limits).all():
            label = "need above which escalating is cheaper"
            handles += ax.plot(place, limits, color=INK, ls="dashed", lw=1.2, label=label)
        ax.set_xlim(0, len(ordered) + 1)
        ax.set_ylim(0, 1)
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_ylabel("need")
        ax.set_xlabel("tickets, by need", loc="right")
        legend_below(ax, handles)
    return ax
