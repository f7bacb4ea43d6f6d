"""Effects of categories: what need in each differs by beyond what judges say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pymc as pm
import pytensor.tensor as pt

from trust_router.inputs.rows import Rows

__all__ = ["CATEGORY_SD", "category_effects"]

CATEGORY_SD = "how much categories differ beyond what judges say, in log odds"  # what it means


def category_effects(
    rows: Rows, scale: float, row_category: Any, z: Callable[[Any], Any] | None = None
) -> Any:
    """Add effects of categories to the current model, and give that of each row; 0 if there is one.

    A row without a category, at position -1, is one of the average category. Effects in units of
    their spread are Normals that sum to zero, or what ``z`` adds, given the spread.
    """
    if len(rows.categories) < 2:
        return 0.0
    spread = pm.HalfNormal("category_sd", scale)
    effects = z(spread) if z else pm.ZeroSumNormal("category_z", dims="category")
    return pt.concatenate([spread * effects, pt.zeros(1)])[row_category]
