"""Effects of categories: what need in each differs by beyond what judges say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from trust_router.basics.arrays import Array
from trust_router.basics.chance import generator_of
from trust_router.inputs.rows import Rows

__all__ = ["CATEGORY_SD", "category_effects", "drawn_effects", "fresh_effects"]

CATEGORY_SD = "how much categories differ beyond what judges say, in log odds"  # what it means


def category_effects(rows: Rows, scale: float, row_category: Any) -> Any:
    """Add effects of categories to the current model, and give that of each row; 0 if there is one.

    A row without a category, at position -1, is one of the average category.
    """
    if len(rows.categories) < 2:
        return 0.0
    spread = pm.HalfNormal("category_sd", scale)
    effect = spread * pm.ZeroSumNormal("category_z", dims="category")
    return pt.concatenate([effect, pt.zeros(1)])[row_category]


def drawn_effects(values: Mapping[str, Array], rows: Rows) -> Array:
    """Effects of the categories of rows under draws of the model, (sample, row); 0 without any."""
    if "category_z" not in values:
        return np.zeros((1, len(rows)))
    spread, effects = values["category_sd"][:, None], values["category_z"]
    return np.asarray(spread * rows.of_category(effects, fresh_effects(rows, len(spread))))


def fresh_effects(rows: Rows, number: int) -> Array:
    r"""Draw effects of categories not seen, in units of their spread, shape (sample, other).

    Notes
    -----
    Effects :math:`u_c` of the :math:`C` categories seen sum to zero, so they are deviations from
    the mean of those; that of another one has the variance :math:`\tau^2 (1 + 1/C)`. The draws
    belong to the category's name: a ticket has the same need alone and among others.
    """
    drawn = [generator_of("effect", name).standard_normal(number) for name in rows.others]
    spread = np.sqrt(1 + 1 / max(1, len(rows.categories)))
    return np.asarray(np.stack(drawn, axis=-1) * spread)
