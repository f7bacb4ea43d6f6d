"""Tables of a report that no other module needs: what judges said, what a model has learned."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trust_router.learning.posterior import Posterior

__all__ = ["judge_statements", "learned_parameters"]

# What parameters of a model mean, in the order in which they are listed.
_MEANINGS = {
    "gain": "how strongly need follows the pooled judges; 0: not at all",
    "bend": "how much need falls again among the hardest tickets; 0: not at all",
    "intercept": "log odds of need where the pooled judges stand in the middle",
    "category_sd": "how much categories differ beyond what judges say, in log odds",
    "trust_sd": "how much trust differs between categories, on the log scale",
    "floor": "need of a ticket that all judges call the easiest",
    "lapse": "how often a ticket that all judges call the hardest is resolved all the same",
}
_BY_JUDGE = {
    "bias": "log odds that the judge's beliefs are too low (above 0) or too high",
    "slope": "what the judge's differences are worth; below 1: it exaggerates",
    "sharpness": "how much surer (above 0) than stated its beliefs may count, on the log scale",
}


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
            "tickets": (rows.tickets[:, None] * spoke).sum(axis=0),
            "silent": (rows.tickets[:, None] * ~spoke).sum(axis=0),
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
    drawn = posterior.data["posterior"].data_vars if posterior.method == "nuts" else {}
    for name, meaning in {**_MEANINGS, **_BY_JUDGE}.items():
        if name not in drawn:
            continue
        table = posterior.parameter(name)[["mean", "lower", "upper"]]
        judge = list(table.index) if name in _BY_JUDGE else [""]
        parts.append(table.assign(parameter=name, judge=judge, meaning=meaning))
    columns = ["parameter", "judge", "mean", "lower", "upper", "meaning"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)
