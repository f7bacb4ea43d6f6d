"""Priors as draws: what a model believes about need and trust before any outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.basics.checks import whole_number
from trust_router.defaults import COMMAND_SEED, PREDICTION_DRAWS
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import rows_to_predict
from trust_router.inputs.rows import Rows

if TYPE_CHECKING:
    from trust_router.inputs.panel import Panel
    from trust_router.learning.models.kind import Model, ModelName
    from trust_router.learning.posterior import Posterior

__all__ = ["Prior", "prior_of", "sample_prior"]


@dataclass(frozen=True, eq=False)
class Prior:
    """Draws of need and trust before any outcome.

    Attributes
    ----------
    model : str
        ``"seed"``, ``"switch"`` or ``"pool"``.
    routers, categories : tuple of str
        Labels.
    need : ndarray, shape (draw, category)
        Need of each category: averaged over its tickets, if beliefs are about tickets.
    trust : ndarray, shape (draw, router)
        Weight or probability of each router in the population of categories.
    initial : ndarray, shape (router,)
        Initial trust as the panel states it: the mean of ``trust``.
    """

    model: str
    routers: tuple[str, ...]
    categories: tuple[str, ...]
    need: Array
    trust: Array
    initial: Array


def sample_prior(
    panel: Panel,
    beliefs: Beliefs,
    *,
    model: Model | ModelName | None = None,
    draws: int = PREDICTION_DRAWS,
    random_seed: int | None = COMMAND_SEED,
) -> Prior:
    """Draw need and trust from the prior of a model, as it is before any outcome.

    Parameters
    ----------
    panel : Panel
    beliefs : Beliefs
    model : {"seed", "switch", "pool"} or Seed, Switch, Pool, optional
        As in `trust_router.fit`.
    draws : int
    random_seed : int, optional

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> panel, beliefs, _ = load_seed()
    >>> prior = sample_prior(panel, beliefs, draws=500)
    >>> prior.need.shape, prior.trust.shape
    ((500, 1), (500, 3))
    """
    import pymc as pm

    from trust_router.learning.fitting import quiet_pymc
    from trust_router.learning.models.kind import model_options

    whole_number("draws", draws, 1)
    categories = tuple(dict.fromkeys(beliefs.category))
    rows, _ = rows_to_predict(panel, beliefs, categories)
    options = model_options(model, rows.about)
    with quiet_pymc(), options.build(panel, rows):
        tree = pm.sample_prior_predictive(draws, random_seed=random_seed)
    return _prior(tree["prior"].to_dataset(), options, panel, rows)


def prior_of(posterior: Posterior) -> Prior:
    """Take the prior from a posterior that was fitted with predictions.

    Raises
    ------
    ValueError
        If the posterior holds no draws of the prior: it is a closed form, or was fitted without
        predictions.
    """
    if "prior" not in posterior.data.children:
        raise ValueError("the posterior holds no draws of its prior; use `sample_prior`")
    drawn = posterior.data["prior"].to_dataset()
    return _prior(drawn, posterior.options, posterior.panel, posterior.rows)


def _prior(draws: xr.Dataset, options: Model, panel: Panel, rows: Rows) -> Prior:
    none = np.zeros(len(rows), dtype=np.int64)
    blank = replace(rows, trials=none, needs=none)
    found = options.recover(draws, panel, blank)
    number = found.sizes["chain"] * found.sizes["draw"]
    if "share" in draws:
        trust = draws["share"].transpose("chain", "draw", "router").values.reshape(number, -1)
    else:
        trust = np.broadcast_to(panel.share, (number, len(panel.routers)))
    need = found["need"].transpose("chain", "draw", "category").values.reshape(number, -1)
    return Prior(options.name, panel.router_names, rows.categories, need, trust, panel.share)
