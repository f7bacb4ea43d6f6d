"""Posteriors of draws made by hand as updates take them, and what updated ones are worth."""

from __future__ import annotations

import numpy as np
import xarray as xr

from trust_router.learning.posterior import Posterior
from trust_router.learning.storage import assemble


def with_stats(posterior) -> Posterior:
    """Give hand-made draws the statistics that a fit keeps."""
    draws = posterior.data["posterior"].to_dataset()
    still = np.zeros((draws.sizes["chain"], draws.sizes["draw"]), bool)
    stats = dict.fromkeys(("diverging", "maxdepth_reached"), (("chain", "draw"), still))
    groups = {"posterior": draws, "sample_stats": xr.Dataset(stats)}
    return assemble(groups, posterior.panel, posterior.rows, posterior.provenance)


def effective(posterior) -> float:
    """How many independent draws the weights of the last update left."""
    draws = posterior.data["posterior"].to_dataset()
    return posterior.updates[-1]["effective"] * draws.sizes["chain"] * draws.sizes["draw"]
