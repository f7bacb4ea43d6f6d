"""What the judges of a panel say about tickets, or through the panel about their categories."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.checks import listed
from trust_router.inputs.beliefs import Beliefs, stated_beliefs
from trust_router.inputs.panel import Panel

__all__ = ["said"]


def said(
    panel: Panel,
    beliefs: Beliefs,
    category: Sequence[str],
    tickets: NDArray[np.intp],
    *,
    must_speak: bool = True,
) -> tuple[Array, Array]:
    """Give the shapes of what judges say, each (ticket, judge); NaN where one is silent.

    Parameters
    ----------
    tickets : ndarray of int
        Place of each ticket in the beliefs; -1 where it has none.
    must_speak : bool
        Whether a judge that says nothing at all is refused.
    """
    columns = []
    unlisted = [name for name in beliefs.judges if name not in panel.judge_names]
    for judge in panel.judges:
        if judge.name in beliefs.judges:
            j = beliefs.judges.index(judge.name)
            held = np.stack([beliefs.alpha[:, j], beliefs.beta[:, j]])
            column = np.pad(held, ((0, 0), (0, 1)), constant_values=np.nan)[:, tickets]
        elif judge.speaks:
            single = {c: _of_category(judge.name, panel, c) for c in dict.fromkeys(category)}
            column = np.array([single[c] for c in category]).reshape(-1, 2).T
        else:
            column = np.full((2, len(tickets)), np.nan)
        if must_speak and np.isnan(column).all():
            raise ValueError(
                f"judge {judge.name!r} never speaks: neither the beliefs nor the panel state any "
                f"of its; leave it out of the panel"
                + (f" (beliefs also know {listed(unlisted)})" if unlisted else "")
            )
        columns.append(column)
    alpha, beta = np.stack(columns, axis=-1)
    return alpha, beta


def _of_category(judge: str, panel: Panel, category: str) -> tuple[float, float]:
    try:
        held = stated_beliefs(panel, [category], [judge])
    except ValueError:
        return np.nan, np.nan
    return float(held.alpha[0, 0]), float(held.beta[0, 0])
