"""Statements: what judges said, beside what happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trust_router.inputs.expected import expect
from trust_router.inputs.rows import Rows
from trust_router.learning.posterior import Posterior

__all__ = ["judge_statements", "stated_beside_observed"]


def judge_statements(posterior: Posterior) -> pd.DataFrame:
    """Compare what each judge stated with what happened.

    Returns
    -------
    pandas.DataFrame
        Index judge; columns ``tickets`` (about which it spoke), ``silent`` (about which it did
        not), and of those with a known outcome ``stated`` (mean need as it believed) and
        ``observed`` (share that needed the complex model).

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> table = judge_statements(posterior)[["tickets", "stated", "observed"]].round(2)
    >>> table.head(2)  # doctest: +NORMALIZE_WHITESPACE
                  tickets  stated  observed
    judge
    claude-haiku       22    0.50      0.14
    gpt-4o-mini        22    0.17      0.14
    """
    expect(posterior, Posterior, "posterior")
    rows = posterior.rows
    spoke = ~np.isnan(rows.alpha)
    compared = stated_beside_observed(rows)
    counts = {"tickets": spoke, "silent": ~spoke}
    for at, (name, which) in enumerate(counts.items()):
        compared.insert(at, name, (rows.number[:, None] * which).sum(axis=0))
    return compared.drop(columns="trials")


def stated_beside_observed(rows: Rows) -> pd.DataFrame:
    """Compare over the tickets with an outcome that each judge spoke about.

    Returns
    -------
    pandas.DataFrame
        Index judge; ``trials`` (such tickets), ``stated`` (mean of what it said) and ``observed``
        (share that needed the complex model); the last two NaN where there are none.
    """
    spoke = ~np.isnan(rows.alpha)
    trials = (rows.trials[:, None] * spoke).sum(axis=0)
    with np.errstate(invalid="ignore"):
        columns = {
            "trials": trials,
            "stated": (rows.trials[:, None] * np.nan_to_num(rows.mean)).sum(axis=0) / trials,
            "observed": (rows.needs[:, None] * spoke).sum(axis=0) / trials,
        }
    return pd.DataFrame(columns, index=pd.Index(rows.judges, name="judge"))
