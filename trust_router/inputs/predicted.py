"""Rows of tickets, or categories, whose need is asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trust_router.defaults import ONE_CATEGORY
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.expected import expect
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows, distinct, positions
from trust_router.inputs.said import said

__all__ = ["rows_to_predict"]


def rows_to_predict(
    panel: Panel, beliefs: Beliefs, categories: Sequence[str]
) -> tuple[Rows, NDArray[np.intp]]:
    """Make rows of new tickets, or categories, whose need is asked for.

    Returns
    -------
    rows : Rows
        Distinct rows, without outcomes; categories not among ``categories`` are its ``others``.
    inverse : ndarray of int, shape (ticket,) or (category,)
        Row of each ticket or category, in the order of ``beliefs``.
    """
    expect(panel, Panel, "panel")
    expect(beliefs, Beliefs, "beliefs")
    if beliefs.about == "category":
        beliefs = beliefs.select(beliefs.labels, panel.judge_names)
    known = tuple(categories)
    seen = set(known)
    category = beliefs.category
    if known == (ONE_CATEGORY,):
        category = tuple(c or ONE_CATEGORY for c in category)
    others = tuple(dict.fromkeys(["", *(c for c in category if c not in seen)]))
    every = positions(category, known + others)
    codes = np.where(every < len(known), every, len(known) - 1 - every)
    at = np.arange(len(beliefs))
    alpha, beta = said(panel, beliefs, beliefs.category, at, must_speak=False)
    first, inverse = distinct(codes, alpha, beta)
    zeros = np.zeros(len(first), dtype=np.int64)
    number = np.bincount(inverse, minlength=len(first)).astype(np.int64)
    rows = Rows(
        beliefs.about, known, panel.judge_names, codes[first], alpha[first], beta[first],
        zeros, zeros, number, others,
    )  # fmt: skip
    return rows, inverse
