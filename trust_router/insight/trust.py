"""Trust by category: who is trusted where, and how sure that is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trust_router.learning.chains import flat
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["trust_by_category"]


def trust_by_category(posterior: Posterior, *, allow_unconverged: bool = False) -> pd.DataFrame:
    """Tabulate trust with a row for each category and a column for each router.

    Parameters
    ----------
    posterior : Posterior
        Of a model whose trust differs between categories: seed or switch. Intervals are in
        `Posterior.trust`.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    pandas.DataFrame
        Index category; trust in each router, ``most_trusted``, ``probability`` that it is the most
        trusted one indeed (the share of draws in which it is; NaN for a closed form, whose trust is
        not uncertain), and ``trials``.

    Raises
    ------
    ValueError
        If trust is the same in all categories.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Examples
    --------
    >>> from trust_router import solve
    >>> from trust_router.examples import load_seed
    >>> trust_by_category(solve(*load_seed()))["most_trusted"].tolist()
    ['medium']
    """
    check_posterior(posterior, allow_unconverged)
    if not posterior.facts.trust_varies:
        raise ValueError(
            f"trust is the same in all categories of this {posterior.model} model; fit `Switch()`"
        )
    names, trust = posterior.panel.router_names, posterior.trust_mean
    best = trust.argmax(axis=1)
    index = pd.Index(posterior.outcomes.categories, name="category")
    table = pd.DataFrame(trust, index=index, columns=list(names))
    sure = np.full(len(index), np.nan)
    if posterior.has_draws:
        draws = flat(posterior.data["posterior"].to_dataset()["trust"], "category", "router")
        sure = (draws.argmax(axis=-1) == best).mean(axis=0)
    return table.assign(
        most_trusted=[names[i] for i in best], probability=sure, trials=posterior.outcomes.trials
    )
