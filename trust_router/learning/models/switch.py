"""The switch model: in every category one seat is right, with calibrated judges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.facts import Facts
from trust_router.learning.models.counts import counted, observed_needs, some_rows
from trust_router.learning.models.effects import CATEGORY_SD, category_effects
from trust_router.learning.models.kind import Model
from trust_router.learning.models.logged import NOISE_PARAMETERS, logged_odds, noise_rates
from trust_router.learning.models.mixed_need import need_of_seats
from trust_router.learning.models.switch_density import SwitchLogp, SwitchRandom, noisy_evidence
from trust_router.learning.models.switch_draws import LOG_NU_LIMITS, SwitchDraws, mean_logit
from trust_router.learning.models.weights import dirichlet_weights
from trust_router.learning.noise import Noise

__all__ = ["Switch"]


@dataclass(frozen=True, repr=False)
class Switch(Model):
    r"""Options of the switch model.

    Parameters
    ----------
    weights : {"dirichlet", "fixed"}
        Whether share and within are learned across categories, or stay as the panel states them.
    calibration : bool
        Whether judges may be biased, over- or underconfident, and less or more sure than they say.
    category_effects : bool, optional
        Whether categories differ beyond what the judges say; default: for beliefs about tickets,
        where the right judge may still misjudge the level of a category. Beliefs about categories
        are about just that level.
    concentration : float
        Strength of the stated initial trust and weights.
    bias_sd, category_sd : float
        Scales of the priors, see Notes.
    noise : Noise, optional
        How often outcomes may be wrong; default: they are true.

    Notes
    -----
    In category :math:`c` the seat :math:`s` is right with probability :math:`\omega_s =
    \mathrm{share}_{r(s)} \mathrm{within}_s`. Its judge's belief, mean :math:`\mu` and concentration
    :math:`\nu`, is calibrated before it counts:

    .. math::

       \mathrm{logit}(\mu') = \mathrm{bias}_j + \mathrm{slope}_j\, \mathrm{logit}(\mu), \qquad
       \log \nu' = \log \nu + \mathrm{sharpness}_j,

    hierarchically over judges. If beliefs are about the category, its need is Beta with
    :math:`\mu'` and :math:`\nu'`, and integrated out: the needs are BetaBinomial. If they are about
    tickets, each ticket needs the complex model with probability :math:`\mu'_i`; concentration then
    plays no part. Where the right judge is silent on a ticket, a rate common to all such tickets
    stands in. With noise, need of categories is drawn and not integrated out; where judges are
    calibrated, ``target_accept=0.99`` keeps NUTS from diverging.

    Free variables are ``share``, ``within_k`` (for routers of k judges), ``bias``, ``slope`` and
    ``sharpness`` with their means and spreads; observed is ``needs``, one a row.
    """

    weights: Literal["dirichlet", "fixed"] = "dirichlet"
    calibration: bool = True
    category_effects: bool | None = None
    concentration: float = 1.0
    bias_sd: float = 1.5
    category_sd: float = 0.5
    noise: Noise | None = None

    name = "switch"

    def facts(self, rows: Rows) -> Facts:
        """State what the model is."""
        return Facts(
            "switch",
            borrows=True,
            has_mixtures=rows.about == "category" and self.noise is None,
            corrects=self.calibration,
            on_bias="The model corrects for it." if self.calibration else "",
            parameters={
                "category_sd": CATEGORY_SD,
                "bias": "log odds that the judge's beliefs are too low (above 0) or too high",
                "slope": "what the judge's differences are worth; below 1: it exaggerates",
                "sharpness": "how much surer (above 0) than stated its beliefs may count, on the "
                "log scale",
            }
            | (NOISE_PARAMETERS if self.noise else {}),
        )

    def data(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Arrays that change between fits."""
        known = rows if self._drawn(rows) else some_rows(rows)
        data = {
            **counted(known, self.noise),
            "mean_logit": np.nan_to_num(mean_logit(known)),
            "concentration": np.nan_to_num(known.alpha + known.beta, nan=1.0),
            "silent": np.isnan(known.alpha).astype(float),
        }
        if not (self.calibration or self._shifts(rows)) and rows.about == "category":
            # Nothing that is sampled enters the evidence: it is the same at every step.
            data["evidence"] = SwitchDraws(panel, {}, 1).evidence(known)[0]
        return data

    def _log_weight(self, panel: Panel) -> Any:
        if self.weights == "dirichlet":
            return pt.log(dirichlet_weights(panel, self.concentration).seat)
        return pt.as_tensor_variable(np.log(panel.seats.weight))

    def build(self, panel: Panel, rows: Rows) -> pm.Model:
        """Build the model of some rows."""
        judge = panel.seats.judge
        with pm.Model(coords=self.coords(panel, rows)) as model:
            held = {name: pm.Data(name, value) for name, value in self.data(panel, rows).items()}
            log_weight = self._log_weight(panel)
            logit, log_nu = held["mean_logit"], pt.log(held["concentration"])
            if self.calibration:
                bias = _hierarchy("bias", 0.0, self.bias_sd, 1.0)
                slope = _hierarchy("slope", 1.0, 0.5, 0.5)
                logit = bias + slope * logit
                if rows.about == "category":
                    log_nu = log_nu + _hierarchy("sharpness", 0.0, 1.0, 0.5)
                    log_nu = pt.clip(log_nu, *LOG_NU_LIMITS)
            if rows.about == "ticket":
                rate = pm.Normal("silent_logit", 0, self.bias_sd)
                logit = pt.switch(held["silent"] > 0, rate, logit)
            if self._shifts(rows):
                shift = category_effects(rows, self.category_sd, held["row_category"])
                logit = logit + shift[:, None]
            self._observe(rows, held, log_weight, logit[:, judge], log_nu[:, judge])
        return model

    def _observe(
        self, rows: Rows, held: dict[str, Any], log_weight: Any, logit: Any, log_nu: Any
    ) -> None:
        """Add the outcomes to the current model, given what seats say, calibrated."""
        rates = noise_rates(self.noise, held)
        if self._drawn(rows):
            nu = pt.exp(log_nu)
            need = need_of_seats(log_weight, pt.sigmoid(logit) * nu, pt.sigmoid(-logit) * nu)
            observed_needs(held, need, rates)
            return
        given, precomputed = held.get("evidence", pt.zeros_like(logit)), "evidence" in held
        if rates is not None:
            true, logit, precomputed = logit, logged_odds(logit, rates), True
            given = noisy_evidence(held, true, logit)
        by_ticket = rows.about == "ticket"
        pm.CustomDist(
            "needs",
            log_weight,
            logit,
            log_nu,
            held["trials"],
            held["row_category"],
            held["log_ways"],
            given,
            logp=SwitchLogp(len(rows.categories), by_ticket, precomputed),
            random=SwitchRandom(by_ticket),
            signature="(s),(r,s),(r,s),(r),(r),(r),(r,s)->(r)",
            dtype="int64",
            observed=held["observed"],
        )

    def recover(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> xr.Dataset:
        """Add trust and the probability of each seat in each category, exact per draw, and need."""
        given = SwitchDraws.of(draws, panel)
        dims, sizes = ("chain", "draw"), (draws.sizes["chain"], draws.sizes["draw"])
        probability = given.seat_posterior(rows)
        trust = panel.seats.sum_by_router(probability)
        need = given.category_need(rows, probability)
        shape = (*sizes, len(rows.categories), -1)
        return draws.assign(
            trust=((*dims, "category", "router"), trust.reshape(shape)),
            seat_posterior=((*dims, "category", "seat"), probability.reshape(shape)),
            need=((*dims, "category"), need.reshape(*sizes, -1)),
        )

    def predictive(
        self, draws: xr.Dataset, panel: Panel, rows: Rows, random_seed: int
    ) -> dict[str, xr.Dataset] | None:
        """Replicate the needs of rows, and give the log probability of each given all others."""
        given, known = SwitchDraws.of(draws, panel), some_rows(rows)
        need = given.need(rows, known)
        replicated = given.replicated(known, need, random_seed)
        coords = {name: draws[name] for name in ("chain", "draw")}
        sizes = (*(len(values) for values in coords.values()), len(known))
        values = {"posterior_predictive": replicated, "log_likelihood": given.log_likelihood(rows)}
        return {
            group: xr.Dataset({"needs": ((*coords, "needs_dim_0"), x.reshape(sizes))}, coords)
            for group, x in values.items()
        }

    def ticket_log_likelihood(
        self,
        draws: xr.Dataset,
        panel: Panel,
        reference: Rows,
        rows: Rows,
    ) -> Array:
        """Log probability of outcomes 0 and 1 of one ticket given all others, (sample, row, 2).

        Meaningless where a row has no ticket of that outcome to leave out. ``draws`` are recovered
        ones, with ``seat_posterior``.
        """
        return SwitchDraws.of(draws, panel).ticket_log_likelihood(rows)

    def likelihood(self, panel: Panel, rows: Rows) -> Callable[[xr.Dataset], Array]:
        """Prepare the log probability of all outcomes under draws, seats summed out, (sample,)."""
        if self._drawn(rows):
            return super().likelihood(panel, rows)
        return lambda draws: SwitchDraws.of(draws, panel).log_evidence(rows)

    def need(self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows) -> Array:
        """Draw the need of rows, one for each draw of parameters, shape (sample, row).

        Who is right is drawn too: given the outcomes of the category, or from the population in a
        category that the model does not know.
        """
        return SwitchDraws.of(draws, panel).need(reference, rows)

    def shapes(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> tuple[Array, Array]:
        """Shapes of need given the seat after the outcomes, each (sample, category, seat)."""
        return SwitchDraws.of(draws, panel).shapes(rows)

    def _drawn(self, rows: Rows) -> bool:
        """Whether need of each category is drawn: given noise it is not summed out of the graph."""
        return self.noise is not None and rows.about == "category"

    def _shifts(self, rows: Rows) -> bool:
        wanted = rows.about == "ticket" if self.category_effects is None else self.category_effects
        return wanted and len(rows.categories) > 1


def _hierarchy(name: str, mean: float, mean_sd: float, spread: float) -> Any:
    centre = pm.Normal(f"{name}_mean", mean, mean_sd)
    sd = pm.HalfNormal(f"{name}_sd", spread)
    return pm.Deterministic(
        name, centre + sd * pm.Normal(f"{name}_z", 0, 1, dims="judge"), dims="judge"
    )
