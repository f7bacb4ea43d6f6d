"""A table of a report that no other module needs: what a model has learned."""

from __future__ import annotations

import pandas as pd

from trust_router.learning.posterior import Posterior

__all__ = ["learned_parameters"]


def learned_parameters(posterior: Posterior) -> pd.DataFrame:
    """Tabulate the parameters that a model has learned beside trust, with what they mean.

    Returns
    -------
    pandas.DataFrame
        One row a parameter (and judge); columns ``parameter``, ``judge`` (blank if it is common to
        all), ``mean``, ``lower``, ``upper``, ``meaning``. Empty for the seed model.
    """
    parts = []
    drawn = posterior.data["posterior"].data_vars if posterior.has_draws else {}
    for name, meaning in posterior.facts.parameters.items():
        if name not in drawn:
            continue
        table = posterior.parameter(name)[["mean", "lower", "upper"]]
        judge = list(table.index) if table.index.name else [""]
        parts.append(table.assign(parameter=name, judge=judge, meaning=meaning))
    columns = ["parameter", "judge", "mean", "lower", "upper", "meaning"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)
