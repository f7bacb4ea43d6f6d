"""Drift: level, gain and judges of the pool as random walks that end in the present."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from trust_router.inputs.panel import Panel
from trust_router.inputs.periods import Every
from trust_router.learning.models.walks import since, stepped

__all__ = ["DRIFT_PARAMETERS", "period_scale", "walked"]

DRIFT_PARAMETERS = {
    "level_scale": "how far the log odds of need move in an ordinary period",
    "gain_scale": "how far the gain moves in an ordinary period",
    "judge_scale": "how far what a judge counts moves in an ordinary period",
}
_WEEKS = {"day": 1 / 7, "week": 1.0, "month": 365.25 / 84}  # in a period


def period_scale(weekly: float, every: Every) -> float:
    """Scale of the steps of a period, of those of a week: variances add up."""
    return float(weekly * np.sqrt(_WEEKS[every]))


def walked(
    held: Mapping[str, Any], panel: Panel, scales: Mapping[str, float], tail: float
) -> tuple[Any, Any]:
    """Add the walks to the current model; give how far level and pooled score of each row are off.

    Parameters
    ----------
    held : mapping of str to tensor
        Data of the graph: ``parts`` as `Pooled.parts`, and ``row_period``.
    scales : mapping of str to float
        Of the half-Normal priors of the scales, for each of `WALKS`.
    tail : float
        Tukey's h; 0 makes steps Gaussian.
    """
    parts, row_period = held["parts"], held["row_period"]

    def walk(name: str, *dims: str) -> Any:
        z = pm.Normal(f"{name}_step", 0, 1, dims=(*dims, "step"))
        return since(stepped(z, pm.HalfNormal(f"{name}_scale", scales[name]), tail, pt), pt)

    level, line = walk("level")[row_period], walk("gain")[row_period] * parts[:, 0]
    if len(panel.judges) > 1:
        judges = walk("judge", "judge")[:, row_period].T
        line = line + (judges * parts[:, 1 + len(panel.routers) :]).sum(axis=1)
    return level, line
