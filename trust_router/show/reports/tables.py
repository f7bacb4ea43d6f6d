"""Tables of a report that no other module needs: what judges said, what a model has learned."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trust_router.learning.posterior import Posterior

__all__ = ["judge_statements", "learned_parameters"]


def judge_statements(posterior: Posterior) -> pd.DataFrame:
    """Compare what each judge stated with what happened.

    Returns
    -------
    pandas.DataFrame
        Index judge; columns ``tickets`` (about which it spoke), ``silent`` (about which it did
        not), and of those with a known outcome ``stated`` (mean need as it believed) and
        ``observed`` (share that needed the complex model).
    """
    rows = posterior.rows
    spoke = ~np.isnan(rows.alpha)
    trials = (rows.trials[:, None] * spoke).sum(axis=0)
    with np.errstate(invalid="ignore"):
        columns = {
            "tickets": (rows.number[:, None] * spoke).sum(axis=0),
            "silent": (rows.number[:, None] * ~spoke).sum(axis=0),
            "stated": (rows.trials[:, None] * np.nan_to_num(rows.mean)).sum(axis=0) / trials,
            "observed": (rows.needs[:, None] * spoke).sum(axis=0) / trials,
        }
    return pd.DataFrame(columns, index=pd.Index(rows.judges, name="judge"))


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
        judge = list(table.index) if table.index.name == "judge" else [""]
        parts.append(table.assign(parameter=name, judge=judge, meaning=meaning))
    columns = ["parameter", "judge", "mean", "lower", "upper", "meaning"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)
