"""Later outcomes brought into a posterior, without sampling where draws can be kept."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, cast

import numpy as np
import xarray as xr

from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.joining import joined_rows
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.rows import Rows
from trust_router.learning.arrivals import Refit, check_update, later_rows
from trust_router.learning.chains import SAMPLE_DIMS, resampled
from trust_router.learning.gate import check_posterior
from trust_router.learning.models.vector import Vector
from trust_router.learning.posterior import Posterior
from trust_router.learning.provenance import input_hash
from trust_router.learning.reweighting import found_way, reweighted
from trust_router.learning.settings import Refits, Settings
from trust_router.learning.solving import solve_rows
from trust_router.learning.starting import (
    BASE,
    Base,
    density_of,
    grown,
    log_density,
    starting,
)
from trust_router.learning.storage import assemble

__all__ = ["update"]

_LOOKED_AT = 2_000_000  # values of (draw, row) that the way is found with, at each step
_FEWEST = 1000  # draws that it is found with


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
        If nothing is given, beliefs are of another kind or state something else about a category
        than they did, an outcome has no time and the model drifts, or a category or period is new
        to draws that cannot learn of it by weights.
    ConvergenceError
        If the draws may not be trusted, unless that, or a refit, is allowed in this call.

    Notes
    -----
    The seed model is conjugate: its update is its closed form, exact, with noise by quadrature.
    Draws of the other models are kept: those of the last fit are moved (pool and rates) and
    weighted until they are draws given all outcomes, see `trust_router.learning.reweighting`; the
    density is the model's own, with the scales that all tickets together give. Those of a pool that
    drifts are not moved: where a period is new, they take a step into it that is drawn from its
    prior, and are weighted. Whether they hold is told by the tail of the weights, Pareto k, and by
    the effective sample size.
    """
    again = not isinstance(refit, str) or refit != "never"
    check_posterior(posterior, allow_unconverged or again)
    check_update(posterior, beliefs, outcomes, refit, random_seed)
    panel, options = posterior.panel, posterior.options
    rows, changes = joined_rows(posterior.rows, later_rows(posterior, beliefs, outcomes))
    entry = {"input_hash": input_hash(panel, rows), **asdict(changes)}
    if posterior.facts.closed_form or not posterior.has_draws:
        solved = solve_rows(panel, rows, posterior.noise)
        done = {**entry, "by": "closed form"}
        return _recorded(posterior, _groups(solved), solved.provenance, rows, done)
    held = posterior.converged or allow_unconverged
    base = grown(starting(posterior), options, panel, posterior.rows, rows) if held else None
    if base is not None:
        groups, how = _reweighted(posterior, base, rows)
        done = {**entry, "by": "weights", **how}
        updated = _recorded(posterior, groups, posterior.provenance, rows, done)
        if updated.converged or refit == "never":
            return updated
    elif refit == "never":
        raise ValueError(
            f"{_news(posterior.rows, rows)}, and the {options.name} model cannot learn of that by "
            'weights; fit again, or update with `refit="auto"`'
        )
    fitted = _refitted(posterior, rows, refit, random_seed)
    done = {**entry, "by": "nuts"}
    return _recorded(posterior, _groups(fitted), fitted.provenance, rows, done)


def _reweighted(
    posterior: Posterior, base: Base, rows: Rows
) -> tuple[dict[str, xr.Dataset], dict[str, Any]]:
    """Give the groups of the updated posterior, and how well its draws hold."""
    options, panel, draws = posterior.options, posterior.panel, base.draws
    kept: dict[str, Any] = {}
    if base.way is None:
        found = reweighted(log_density(options, draws, panel, rows) - base.log_density)
        moved = draws
    else:
        vector = cast("Vector", options.vector(panel, rows))
        earlier = replace(posterior.rows, categories=rows.categories)
        points = vector.pack(draws)
        old, new = (density_of(options, vector, panel, each) for each in (earlier, rows))
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
        BASE: draws.assign(kept),
    }
    if "prior" in posterior.data.children and rows.categories == posterior.rows.categories:
        groups["prior"] = posterior.data["prior"].to_dataset()
    return groups, {"pareto_k": round(found.pareto_k, 3), "effective": round(found.effective, 4)}


def _news(old: Rows, rows: Rows) -> str:
    """Say what is new that draws cannot be given."""
    new = sorted(set(rows.categories) - set(old.categories))
    if new:
        return f"category {new[0]!r} is new"
    period = next(label for label in rows.periods if label not in old.periods)
    return f"{period} is the first period beside {old.periods[0] if old.periods else 'none'}"


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
