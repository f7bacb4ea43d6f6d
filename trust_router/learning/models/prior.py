"""Priors as draws: what a model believes about need and trust before any outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pymc as pm
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.basics.checks import whole_number
from trust_router.basics.shown import Shown
from trust_router.defaults import COMMAND_SEED, PREDICTION_DRAWS, ModelName
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.panel import Panel
from trust_router.inputs.predicted import rows_to_predict
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import flat, number_of_draws
from trust_router.learning.models.kind import Model
from trust_router.learning.models.known import choose
from trust_router.learning.models.quiet import quiet_pymc

__all__ = ["Prior", "recovered_prior", "sample_prior"]


@dataclass(frozen=True, eq=False, repr=False)
class Prior(Shown):
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

    @property
    def mean_need(self) -> float:
        """Expected need, over all categories."""
        return float(self.need.mean())


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
    model : {"seed", "switch", "pool", "rates"} or Seed, Switch, Pool, Rates, optional
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
    whole_number("draws", draws, 1)
    categories = tuple(dict.fromkeys(beliefs.category))
    rows, _ = rows_to_predict(panel, beliefs, categories)
    options = choose(model, rows.about)
    with quiet_pymc(), options.build(panel, rows):
        tree = pm.sample_prior_predictive(draws, random_seed=random_seed)
    return recovered_prior(tree["prior"].to_dataset(), options, panel, rows)


def recovered_prior(draws: xr.Dataset, options: Model, panel: Panel, rows: Rows) -> Prior:
    """Take need and trust from draws of the prior of a model."""
    found = options.recover(draws, panel, rows.hiding(np.ones(len(rows), dtype=bool)))
    if "share" in found:
        trust = flat(found["share"], "router")
    else:
        trust = np.broadcast_to(panel.share, (number_of_draws(found), len(panel.routers)))
    need = flat(found["need"], "category")
    return Prior(options.name, panel.router_names, rows.categories, need, trust, panel.share)
