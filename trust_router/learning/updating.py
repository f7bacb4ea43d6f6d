"""Later outcomes brought into a posterior, without sampling where draws can be kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, cast

import numpy as np
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.basics.chance import generator_of
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.joining import joined_rows
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.arrivals import Refit, check_update, later_rows
from trust_router.learning.chains import RECOVERED, SAMPLE_DIMS, resampled
from trust_router.learning.gate import check_posterior
from trust_router.learning.models.kind import Model
from trust_router.learning.models.vector import Vector
from trust_router.learning.posterior import Posterior
from trust_router.learning.provenance import input_hash
from trust_router.learning.reweighting import Affine, found_way, reweighted
from trust_router.learning.settings import Refits, Settings
from trust_router.learning.solving import solve_rows
from trust_router.learning.storage import assemble

__all__ = ["update"]

_BASE = "base"  # group of the draws of the last fit, which every update starts from
_LOOKED_AT = 2_000_000  # values of (draw, row) that the way is found with, at each step
_FEWEST = 1000  # draws that it is found with
_MOST = 200  # coordinates; of more, draws tell too little about covariances


@dataclass(frozen=True, eq=False)
class _Base:
    """Draws that updates start from.

    Attributes
    ----------
    draws : xarray.Dataset
        Of the free parameters.
    log_density : ndarray, shape (sample,)
        Up to a constant, of what they are draws of.
    way : Affine or None
        Where the last update moved them; None where they are not moved.
    """

    draws: xr.Dataset
    log_density: Array
    way: Affine | None


def update(
    posterior: Posterior,
    beliefs: Beliefs | None,
    outcomes: Outcomes | None,
    refit: Refit | Refits,
    random_seed: int | None,
    allow_unconverged: bool,
) -> Posterior:
    r"""Bring later beliefs and outcomes into a posterior, which stays as it is.

    Parameters
    ----------
    posterior : Posterior
    beliefs, outcomes
        Of one more day, or whenever; either may be left out. Tickets are known by their
        identifiers: the same outcome twice changes nothing, a later one replaces an earlier one,
        and one that comes late joins what judges said of its ticket. Counts without identifiers
        add.
    refit : {"never", "auto"} or CompiledModel
        Whether to fit anew where draws no longer hold, and if so, with what.
    random_seed : int, optional
        Of that fit.
    allow_unconverged : bool
        Go on also from draws that may not be trusted; without it they are only fitted anew.

    Returns
    -------
    Posterior
        Of method ``"updated"``, with one more entry in ``updates``. Where draws no longer hold its
        diagnostics say ``refit needed``.

    Raises
    ------
    ValueError
        If nothing is given, outcomes are noisy or some were checked, beliefs are of another kind or
        state something else about a category than they did, or a category is new to a model that
        cannot learn of it by weights.
    ConvergenceError
        If the draws may not be trusted, unless that, or a refit, is allowed in this call.

    Notes
    -----
    The seed model is conjugate: its update is its closed form, exact. Draws of the other models are
    kept: those of the last fit are moved (pool and rates) and weighted until they are draws given
    all outcomes, see `trust_router.learning.reweighting`; the density is the model's own, with the
    scales that all tickets together give. Whether they hold is told by the tail of the weights,
    Pareto k, and by the effective sample size.
    """
    again = not isinstance(refit, str) or refit != "never"
    check_posterior(posterior, allow_unconverged or again)
    check_update(posterior, beliefs, outcomes, refit, random_seed)
    panel, options = posterior.panel, posterior.options
    rows, changes = joined_rows(posterior.rows, later_rows(posterior, beliefs, outcomes))
    entry = {"input_hash": input_hash(panel, rows), **asdict(changes)}
    if posterior.facts.closed_form:
        solved = solve_rows(panel, rows)
        done = {**entry, "by": "closed form"}
        return _recorded(posterior, _groups(solved), solved.provenance, rows, done)
    held = posterior.converged or allow_unconverged
    grown = _grown(_base(posterior), options, panel, posterior.rows, rows) if held else None
    if grown is not None:
        groups, how = _reweighted(posterior, grown, rows)
        done = {**entry, "by": "weights", **how}
        updated = _recorded(posterior, groups, posterior.provenance, rows, done)
        if updated.converged or refit == "never":
            return updated
    elif refit == "never":
        new = sorted(set(rows.categories) - set(posterior.rows.categories))
        raise ValueError(
            f"category {new[0]!r} is new, and the {options.name} model cannot learn of new ones by "
            'weights; fit again, or update with `refit="auto"`'
        )
    fitted = _refitted(posterior, rows, refit, random_seed)
    done = {**entry, "by": "nuts"}
    return _recorded(posterior, _groups(fitted), fitted.provenance, rows, done)


def _base(posterior: Posterior) -> _Base:
    """Take the draws that updates start from: those of the last fit."""
    if _BASE in posterior.data.children:
        held = posterior.data[_BASE].to_dataset()
        own = {"log_density", "scale", "shift"}
        way = Affine(held["scale"].values, held["shift"].values) if "scale" in held else None
        return _Base(held.drop_vars(own & set(held)), held["log_density"].values.ravel(), way)
    options, panel, rows = posterior.options, posterior.panel, posterior.rows
    sampled = posterior.data["posterior"].to_dataset()
    draws = sampled.drop_vars(RECOVERED, errors="ignore")
    vector = options.vector(panel, rows)
    if vector is None or vector.size > _MOST:
        return _Base(draws, options.log_likelihood(draws, panel, rows), None)
    points = vector.pack(draws)
    density = _density(options, vector, panel, rows)
    return _Base(
        vector.unpack(points, draws.sizes["chain"]), density(points), Affine.none(vector.size)
    )


def _grown(base: _Base, options: Model, panel: Panel, old: Rows, rows: Rows) -> _Base | None:
    """Give the draws effects of new categories, from the prior; None if that cannot be done."""
    new = rows.categories[len(old.categories) :]
    if not new:
        return base
    vector = options.vector(panel, rows)
    alike = len(old.categories) > 1 or (vector is not None and vector.category_scale is None)
    if "category" not in base.draws.dims and alike:
        return base
    if "category_z" not in base.draws or base.way is None:
        return None
    before = cast("Vector", options.vector(panel, old))
    values = before.unpack(base.way(before.pack(base.draws)), base.draws.sizes["chain"])
    sizes = [values.sizes[dim] for dim in SAMPLE_DIMS]
    fresh = np.stack(
        [generator_of("new category", name).standard_normal(sizes) for name in new], axis=-1
    )
    spread = np.sqrt(1 + 1 / len(old.categories))
    effects = np.concatenate([values["category_z"].values, spread * fresh], axis=-1)
    middle = effects.mean(axis=-1)
    grown = values.drop_dims("category").assign(
        intercept=values["intercept"] + values["category_sd"] * middle,
        category_z=((*SAMPLE_DIMS, "category"), effects - middle[..., None]),
    )
    size = cast("Vector", vector).size
    density = base.log_density - (fresh**2).sum(axis=-1).ravel() / 2
    return _Base(grown, density, Affine.none(size))


def _density(options: Model, vector: Vector, panel: Panel, rows: Rows) -> Any:
    """Log density of the posterior at vectors, up to a constant."""

    def density(points: Array) -> Array:
        known = options.log_likelihood(vector.unpack(points), panel, rows)
        return np.asarray(known + vector.log_prior(points))

    return density


def _reweighted(
    posterior: Posterior, base: _Base, rows: Rows
) -> tuple[dict[str, xr.Dataset], dict[str, Any]]:
    """Give the groups of the updated posterior, and how well its draws hold."""
    options, panel, draws = posterior.options, posterior.panel, base.draws
    kept: dict[str, Any] = {}
    if base.way is None:
        found = reweighted(options.log_likelihood(draws, panel, rows) - base.log_density)
        moved = draws
    else:
        vector = cast("Vector", options.vector(panel, rows))
        earlier = replace(posterior.rows, categories=rows.categories)
        points = vector.pack(draws)
        old, new = (_density(options, vector, panel, each) for each in (earlier, rows))
        most = max(_FEWEST, _LOOKED_AT // max(1, len(rows.known())))
        some = np.unique(np.linspace(0, len(points) - 1, min(most, len(points))).astype(int))
        way = found_way(points[some], base.log_density[some], old, new, base.way)
        at = way(points)
        found = reweighted(new(at) - base.log_density)
        moved = vector.unpack(at, draws.sizes["chain"])
        kept = {"scale": (("to", "from"), way.scale), "shift": ("to", way.shift)}
    drawn = posterior.data["posterior"].to_dataset()
    chosen = resampled(moved, found.origin).assign_coords(
        {dim: labels for dim, labels in drawn.coords.items() if dim in SAMPLE_DIMS}
    )
    before = posterior.data["sample_stats"].to_dataset()
    shape = [draws.sizes[dim] for dim in SAMPLE_DIMS]
    kept["log_density"] = (SAMPLE_DIMS, base.log_density.reshape(shape))
    groups = {
        "posterior": options.recover(chosen, panel, rows).assign_coords(
            options.coords(panel, rows)
        ),
        "sample_stats": before.assign(pareto_k=found.pareto_k),
        _BASE: draws.assign(kept),
    }
    if "prior" in posterior.data.children and rows.categories == posterior.rows.categories:
        groups["prior"] = posterior.data["prior"].to_dataset()
    return groups, {"pareto_k": round(found.pareto_k, 3), "effective": round(found.effective, 4)}


def _refitted(
    posterior: Posterior, rows: Rows, refit: Refit | Refits, random_seed: int | None
) -> Posterior:
    if isinstance(refit, str):
        from trust_router.learning.compiled import compile_rows

        held = posterior.provenance
        names = ("chains", "cores", "target_accept", "nuts_sampler")
        settings = Settings.of({name: held[name] for name in names if name in held})
        refit = compile_rows(posterior.panel, rows, posterior.options, settings)
    fitted: Posterior = refit.fit_rows(rows, random_seed, on_failure="warn")
    return fitted


def _groups(posterior: Posterior) -> dict[str, xr.Dataset]:
    """Give what a result holds, but for its inputs."""
    held = {name: node.to_dataset() for name, node in posterior.data.children.items()}
    del held["inputs"]
    return held


def _recorded(
    before: Posterior,
    groups: dict[str, xr.Dataset],
    provenance: dict[str, Any],
    rows: Rows,
    entry: dict[str, Any],
) -> Posterior:
    """Put the result together, with the update in its provenance."""
    matches = {} if rows.matches is None else {"matching": rows.matches.to_dict()}
    own = {
        "input_hash": entry["input_hash"],
        "method": "updated",
        "updates": [*before.updates, entry],
    }
    return assemble(groups, before.panel, rows, provenance | matches | own)
