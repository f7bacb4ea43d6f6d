"""Coordinates in which the posterior of a nearly Gaussian model is nearly standard Normal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from scipy import linalg, special

from trust_router.basics.arrays import Array, blocks
from trust_router.inputs.rows import Rows
from trust_router.learning.models.vector import DIMS, Vector

__all__ = ["SAMPLED", "normals", "whiten", "whitened"]

_NORMALS, _EFFECTS = "whitened", "whitened_effects"
SAMPLED = (_NORMALS, _EFFECTS)  # variables of the graph that are sampled; not kept

_STEP = 1e-3  # of a prior's standard deviation, for slopes
_LOOKS, _NEAR = 12, 1e-2  # steps to the mode at most, and variance of the posterior that ends them
_FAR = 2.0  # standard deviations of a prior that a step goes at most
_MOST = 300  # categories whose effects are whitened; the work grows with their cube


def whiten(vector: Vector, log_odds: Callable[[xr.Dataset, Rows], Array], known: Rows) -> Any:
    r"""Find the coordinates, as data of a graph.

    Parameters
    ----------
    vector : Vector
    log_odds : callable
        Log odds of the need of rows under draws, effects of categories left out, (sample, row).
    known : Rows
        With outcomes.

    Returns
    -------
    dict of str to ndarray
        What `whitened` needs.

    Notes
    -----
    Let :math:`y` be the parameters in units of their priors' spread, :math:`y^*` their posterior
    mode, and :math:`I + T` the information about them there, that of the effects of categories
    taken off. With :math:`T = V \Lambda V^T`, what is sampled is
    :math:`w = (I + \Lambda)^{1/2} V^T y`, whose prior is as independent as that of :math:`y`.

    Along directions in which the outcomes' information :math:`\lambda_k` about the effects of
    categories does not mix, effects :math:`\tau z_k` are nearly Normal given :math:`\tau` and
    :math:`y`; what is sampled is :math:`(z_k - m_k) / s_k` with their mean and standard deviation,
    :math:`s_k^2 = 1 / (1 + \lambda_k \tau^2)`. That is :math:`z_k` itself, not centred, where
    outcomes say nothing, and the centred effect where they say much.

    Both are exact changes of coordinates, wherever the mode was looked for and whether or not it
    was found; only how long sampling takes depends on that.
    """
    fit = _mode(vector, log_odds, known)
    precision, cross = fit.own - np.eye(len(fit.own)), fit.cross
    if vector.category_scale is not None:
        precision = precision - cross @ _solved(fit.effects, cross.T)
    told, directions = linalg.eigh((precision + precision.T) / 2)
    scale = np.sqrt(1 + np.maximum(told, 0))
    values = {
        "whitened_by": directions / scale,
        "whitened_sd": scale,
        "whitened_at": (directions.T @ fit.point) * scale,
    }
    if not _has_effects(vector):
        return values
    prior = float(vector.category_scale or 1) ** -2
    each, axes = linalg.eigh(fit.effects - prior * np.eye(len(fit.effects)))
    slope = axes.T @ cross.T
    return values | {
        "effects_by": vector.basis.T @ axes,
        "effects_told": np.maximum(each, 0),
        "effects_slope": slope,
        "effects_at": axes.T @ (fit.effects @ fit.effect) + slope @ fit.point,
    }


def normals(vector: Vector) -> dict[str, Any]:
    """Add the Normals of a model to its graph."""
    return {
        name: pm.Normal(name, mean, sd, dims=DIMS.get(name))
        for name, (mean, sd, _) in vector.normals.items()
    }


def whitened(
    vector: Vector, held: dict[str, Any]
) -> tuple[dict[str, Any], Callable[[Any], Any] | None]:
    """Add the Normals of a model to its graph, in other coordinates.

    Returns
    -------
    dict of str to variable
        The Normals.
    callable or None
        Adds the effects of categories in units of their spread, given that; None: as they are.
    """
    mean, sd = vector.stated
    scale, at = held["whitened_sd"], held["whitened_at"]
    free = pm.Normal(_NORMALS, -at, scale, shape=len(mean), initval=np.zeros(len(mean)))
    standard = pt.dot(held["whitened_by"], free + at)
    every = mean + sd * standard
    given = {
        name: pm.Deterministic(name, every[at], dims=DIMS.get(name))
        for name, at in vector.places.items()
    }
    if not _has_effects(vector):
        return given, None
    return given, partial(_whitened_effects, vector, held, standard)


def _whitened_effects(vector: Vector, held: dict[str, Any], standard: Any, spread: Any) -> Any:
    free = pm.Normal(_EFFECTS, 0, 1, shape=vector.categories - 1)
    wide = 1 + held["effects_told"] * spread**2
    middle = held["effects_at"] - pt.dot(held["effects_slope"], standard)
    z = middle * spread / wide + free / pt.sqrt(wide)
    pm.Potential("effects_prior", ((free**2 - z**2 - pt.log(wide)) / 2).sum())
    return pm.Deterministic("category_z", pt.dot(held["effects_by"], z), dims="category")


def _has_effects(vector: Vector) -> bool:
    """Whether the effects of categories are sampled in other coordinates, too."""
    return vector.category_scale is not None and vector.categories <= _MOST


@dataclass(frozen=True)
class _Mode:
    """Mode of the posterior, and the information about Normals and effects there, with priors.

    Attributes
    ----------
    point : ndarray, shape (coordinate,)
        Normals, in units of their priors.
    effect : ndarray, shape (effect,)
        Effects of categories along the basis of those that sum to zero; of very many categories,
        each by itself.
    own, cross, effects : ndarray, (coordinate, coordinate), (coordinate, effect), (effect, effect)
        Of very many categories ``effects`` is a diagonal, (effect,).
    """

    point: Array
    effect: Array
    own: Array
    cross: Array
    effects: Array


def _mode(vector: Vector, log_odds: Callable[[xr.Dataset, Rows], Array], known: Rows) -> _Mode:
    """Look for the mode by Fisher scoring, with effects as far apart as their prior expects."""
    size, scale = len(vector.stated[0]), vector.category_scale
    prior = 1.0 if scale is None else scale**-2
    each = vector.categories if scale is not None else 0
    basis = vector.basis if _has_effects(vector) else None
    point, effect = np.zeros(size), np.zeros(each if basis is None else len(basis))
    for _ in range(_LOOKS):
        told = _told(vector, log_odds, known, point, effect if basis is None else effect @ basis)
        own = told.own + np.eye(size)
        if basis is None:
            cross, slopes = told.cross[:, :each], told.slopes[:each]
            effects = told.by_category[:each] + prior
        else:
            cross, slopes = told.cross @ basis.T, basis @ told.slopes
            effects = (basis * told.by_category) @ basis.T + prior * np.eye(len(basis))
        fit = _Mode(point, effect, own, cross, effects)
        uphill, uphills = told.slope - point, slopes - prior * effect
        rest = own - cross @ _solved(effects, cross.T)
        step = linalg.solve(rest, uphill - cross @ _solved(effects, uphills), assume_a="pos")
        steps = _solved(effects, uphills - cross.T @ step)
        if uphill @ step + uphills @ steps < _NEAR:
            break
        shorter = min(1, _FAR / np.abs(np.append(step, steps)).max())
        point, effect = point + shorter * step, effect + shorter * steps
    return fit


def _solved(effects: Array, right: Array) -> Array:
    """Solve for effects, of which very many are taken as if each stood alone."""
    if effects.ndim == 1:
        return np.asarray((right.T / effects).T)
    return np.asarray(linalg.solve(effects, right, assume_a="pos"))


@dataclass(frozen=True)
class _Told:
    """Slopes of the log likelihood and what rows tell, of Normals and of each category."""

    slope: Array
    slopes: Array
    own: Array
    cross: Array
    by_category: Array


def _told(
    vector: Vector,
    log_odds: Callable[[xr.Dataset, Rows], Array],
    known: Rows,
    point: Array,
    effect: Array,
) -> _Told:
    mean, sd = vector.stated
    size, categories = len(mean), max(1, vector.categories)
    steps = np.vstack([np.eye(size), -np.eye(size), np.zeros(size)]) * _STEP
    points = np.zeros((len(steps), vector.size))
    points[:, :size] = mean + sd * (point + steps)
    draws = vector.unpack(points)
    own, slope = np.zeros((size, size)), np.zeros(size)
    moved = np.zeros(categories + 1)
    moved[: len(effect)] = effect
    each = np.zeros((categories + 1, size + 2))  # the last is of rows without a category
    for at in blocks(len(known), 4 * len(points)):
        rows = known.take(at)
        eta = log_odds(draws, rows)
        along = ((eta[:size] - eta[size : 2 * size]) / (2 * _STEP)).T
        chance = special.expit(eta[-1] + moved[rows.category])
        weight, over = rows.trials * chance * (1 - chance), rows.needs - rows.trials * chance
        own += (along * weight[:, None]).T @ along
        slope += over @ along
        parts = np.column_stack([along * weight[:, None], weight, over])
        np.add.at(each, rows.category, parts)
    inside = each[:-1]
    return _Told(slope, inside[:, -1], own, inside[:, :size].T, inside[:, size])
