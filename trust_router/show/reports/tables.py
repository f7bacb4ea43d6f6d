"""A table of a report that no other module needs: what a model has learned."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trust_router.learning.posterior import Posterior

__all__ = ["learned_parameters"]


def learned_parameters(posterior: Posterior) -> pd.DataFrame:
    """Tabulate the parameters that a model has learned beside trust, with what they mean.

    Returns
    -------
    pandas.DataFrame
        One row a parameter and what it is of, such as a judge; columns ``parameter``, ``label`` (of
        that; blank if it is common to all), ``mean``, ``lower``, ``upper``, ``meaning``. Empty for
        the seed model.
    """
    parts = []
    drawn = posterior.data["posterior"].data_vars if posterior.has_draws else {}
    for name, meaning in posterior.facts.parameters.items():
        if name not in drawn:
            continue
        table = posterior.parameter(name)[["mean", "lower", "upper"]]
        parts.append(table.assign(parameter=name, label=_labels(table.index), meaning=meaning))
    columns = ["parameter", "label", "mean", "lower", "upper", "meaning"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def _labels(index: pd.Index[Any]) -> list[str]:
    if not any(index.names):  # a single number
        return [""]
    return [", ".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in index]
