"""A model in one file: need differs by category, and no judge is heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pymc as pm
import xarray as xr
from scipy import special

from trust_router.learning.chains import flat
from trust_router.learning.facts import Facts
from trust_router.learning.models.kind import Model


@dataclass(frozen=True)
class Deaf(Model):
    """Log odds of need ~ N(0, spread) in each category; trust stays as it was."""

    spread: float = 1.5

    name = "deaf"

    def facts(self, rows):
        return Facts(
            "deaf",
            trust_varies=False,
            on_bias="This model does not listen to judges.",
            parameters={"level": "log odds of need in the category"},
        )

    def data(self, panel, rows):
        return {"row_category": rows.category, "trials": rows.trials, "observed": rows.needs}

    def build(self, panel, rows):
        with pm.Model(coords=self.coords(panel, rows)) as model:
            held = {name: pm.Data(name, value) for name, value in self.data(panel, rows).items()}
            level = pm.Normal("level", 0, self.spread, dims="category")
            logit = level[held["row_category"]]
            pm.Binomial("needs", n=held["trials"], logit_p=logit, observed=held["observed"])
        return model

    def recover(self, draws, panel, rows):
        still = xr.zeros_like(draws["level"].isel(category=0, drop=True))
        return draws.assign(
            need=(["chain", "draw", "category"], special.expit(draws["level"].values)),
            trust=still + xr.DataArray(panel.share, dims="router"),
            seat_posterior=still + xr.DataArray(panel.seats.weight, dims="seat"),
        )

    def need(self, draws, panel, reference, rows):
        level = flat(draws["level"], "category")
        fresh = self.spread * np.random.default_rng(0).standard_normal((len(level), 1))
        return special.expit(np.concatenate([level, fresh], axis=1)[:, rows.category])
