"""Directions in which outcomes tell a model's parameters apart, so that NUTS walks along them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from scipy import linalg, special

from trust_router.basics.arrays import Array
from trust_router.inputs.rows import Rows
from trust_router.learning.models.vector import DIMS, Vector

__all__ = ["TURNED", "normals", "turn", "turned_normals"]

TURNED = "turned"  # variable of the graph that is sampled; not kept
_STEP = 1e-3  # of a prior's standard deviation, for slopes


def turn(vector: Vector, log_odds: Callable[[xr.Dataset], Array], known: Rows) -> Array:
    r"""Find the directions, shape (coordinate, coordinate).

    Parameters
    ----------
    vector : Vector
    log_odds : callable
        Log odds of the need of the known rows under draws, (sample, row).
    known : Rows
        With outcomes.

    Notes
    -----
    With parameters in units of their priors' spread and :math:`J` the slopes of the log odds of
    need at the mean of the priors, the rows tell :math:`J^T W J` of them, less what the effects of
    categories take: its eigenvectors are the columns. A turn leaves independent standard Normals
    what they are, so the model is the same; but where outcomes are many the posterior is long in
    some and narrow in other combinations of parameters, and coordinates along these are what
    steps of one size for each fit.
    """
    mean, sd = vector.stated
    size = len(mean)
    steps = np.vstack([np.eye(size), -np.eye(size), np.zeros(size)]) * _STEP
    points = np.zeros((len(steps), vector.size))
    points[:, :size] = mean + sd * steps
    eta = log_odds(vector.unpack(points))
    slope = ((eta[:size] - eta[size : 2 * size]) / (2 * _STEP)).T
    chance = special.expit(eta[-1])
    weight = known.trials * chance * (1 - chance)
    told = (slope * weight[:, None]).T @ slope
    if vector.category_scale is not None:
        each = np.zeros((vector.categories + 1, size + 1))  # the last is of rows without one
        np.add.at(
            each, known.category, np.column_stack([slope, np.ones(len(known))]) * weight[:, None]
        )
        inside, of_category = each[:-1, :-1], each[:-1, -1:]
        told -= inside.T @ (inside / (of_category + vector.category_scale**-2))
    return np.asarray(linalg.eigh(told)[1])


def normals(vector: Vector) -> dict[str, Any]:
    """Add the Normals of a model to its graph."""
    return {
        name: pm.Normal(name, mean, sd, dims=DIMS.get(name))
        for name, (mean, sd, _) in vector.normals.items()
    }


def turned_normals(vector: Vector, directions: Any) -> dict[str, Any]:
    """Add the Normals of a model to its graph, as combinations of as many standard Normals."""
    mean, sd = vector.stated
    free = pm.Normal(TURNED, 0, 1, shape=len(mean))
    every = mean + sd * pt.dot(directions, free)
    return {
        name: pm.Deterministic(name, every[at], dims=DIMS.get(name))
        for name, at in vector.places.items()
    }
