"""The pool model: judges' scores added up, each in its own direction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.inputs.panel import Panel
from trust_router.inputs.periods import Clock, Every
from trust_router.inputs.rows import Rows
from trust_router.learning.facts import Facts
from trust_router.learning.models.counts import counted, observed_needs, some_rows
from trust_router.learning.models.drift import DRIFT_PARAMETERS, period_scale, walked
from trust_router.learning.models.effects import CATEGORY_SD, category_effects
from trust_router.learning.models.kind import Model
from trust_router.learning.models.knowledge import Carried, centred
from trust_router.learning.models.logged import NOISE_PARAMETERS, log_chances, noise_rates
from trust_router.learning.models.looks import pool_likelihood
from trust_router.learning.models.pool_draws import PARAMETERS, PoolDraws
from trust_router.learning.models.pooling import Pooling
from trust_router.learning.models.scores import ScaleKind
from trust_router.learning.models.vector import Vector, rates_of
from trust_router.learning.models.walks import drifts, periods_of
from trust_router.learning.models.whitening import normals, whiten, whitened
from trust_router.learning.noise import Noise

__all__ = ["Pool"]

_BEFORE = 4000  # draws of the prior that tell what trust is before any outcome


@dataclass(frozen=True, repr=False)
class Pool(Model):
    r"""Options of the pool model; the defaults serve 25 outcomes as well as 100,000.

    Parameters
    ----------
    scale : {"rank", "log odds"}
        What is pooled: where a belief stands among all that its judge said, or its expected log
        odds as they are.
    category_effects : bool
        Whether categories differ beyond what the judges say, with partial pooling.
    intercept_mean, intercept_sd, gain_mean, gain_sd, bend_mean, bend_sd : float
        Priors of intercept, gain and bend, see Notes.
    discord_sd, damping_sd, router_sd, judge_sd, category_sd : float
        Scales of the other priors.
    noise : Noise, optional
        How often outcomes may be wrong; default: they are true.
    drift : {"day", "week", "month"}, optional
        In which periods level, gain and judges may move; default: they stay the same.
    time_zone : str
        Whose midnight a day begins with.
    drift_scale, drift_tail : float
        Of their steps: :math:`s` for a week (for other periods times the root of their length), and
        :math:`\kappa`; with 0 steps are Gaussian.

    Notes
    -----
    With :math:`x_{ij}` the score of judge :math:`j` on ticket :math:`i`, :math:`m_i` the mean of
    the scores of all judges that speak, weighted as the panel states (initial trust times weight
    inside the router), :math:`m_{ir}` that of the judges of router :math:`r`, and :math:`v_i` the
    log of their weighted variance about :math:`m_i` and 0.05, less its average,

    .. math::

       \mathrm{logit}\,\mathrm{need}_i &= a + u_{c(i)} + L_i - b\, L_i^2 + v_i (h - k\, L_i), \\
       L_i &= g\, m_i + \sum_r e_r (m_{ir} - m_i) + \sum_j d_j (x_{ij} - m_i), \\
       a &\sim N(-1/2, 1), \quad g \sim N(1.2, 1.4), \quad e_r \sim N(0, 0.2), \quad
       d_j \sim N(0, 0.4), \\
       b &\sim N(0.12, 0.2), \quad h \sim N(0, 0.35), \quad k \sim N(0, 0.1), \\
       u_c &\sim N(0, \tau)\ \left(\sum_c u_c = 0\right), \quad \tau \sim N^+(1/2).

    A judge whose score falls where need rises gets a negative coefficient: it is turned round. The
    ``bend`` :math:`b` lets the hardest tickets, which defeat the complex model too, need it less
    often than hard ones; ``discord`` :math:`h` and ``damping`` :math:`k` say what it means that
    judges disagree. A judge that repeats another one word for word has no coefficient of its own.

    With ``drift``, :math:`a`, :math:`g` and :math:`d_j` are those of the last period; in the period
    before, each was less by a step

    .. math::

       \epsilon = \sigma z\, e^{\kappa z^2 / 2}, \quad z \sim N(0, 1), \quad
       \sigma \sim N^+(s \times \mathrm{sd}),

    with the sd of its own prior: a Gaussian random walk, or with :math:`\kappa` steps of Tukey's h
    distribution, whose tail is that of a Student t with :math:`1/\kappa` degrees of freedom [1]_.
    The scales of level, gain and judges, ``level_scale`` and so on, are learned, each by itself.

    Trust is how much of what the panel says a router carries: the Shapley value of the variance of
    :math:`L`, set so that it is the initial trust before any outcome. Free variables are
    ``intercept``, ``gain``, ``bend``, ``discord``, ``damping``, ``router_gain`` (:math:`e`),
    ``judge_gain`` (:math:`d`), ``category_sd`` and ``category_z``, as far as there are several
    judges, routers and categories; observed is ``needs``, one a row.

    References
    ----------
    .. [1] G. M. Goerg, "The Lambert way to Gaussianize heavy-tailed data with the inverse of
       Tukey's h transformation as a special case", The Scientific World Journal, 2015.
    """

    scale: ScaleKind = "rank"
    category_effects: bool = True
    intercept_mean: float = -0.5
    intercept_sd: float = 1.0
    gain_mean: float = 1.2
    gain_sd: float = 1.4
    bend_mean: float = 0.12
    bend_sd: float = 0.2
    discord_sd: float = 0.35
    damping_sd: float = 0.1
    router_sd: float = 0.2
    judge_sd: float = 0.4
    category_sd: float = 0.5
    noise: Noise | None = None
    drift: Every | None = None
    time_zone: str = "UTC"
    drift_scale: float = 0.05
    drift_tail: float = 0.0

    name = "pool"
    gaussian = True

    def __post_init__(self) -> None:
        self.clock()

    def clock(self) -> Clock | None:
        """Give the periods of drift."""
        return None if self.drift is None else Clock(self.drift, self.time_zone)

    def facts(self, rows: Rows) -> Facts:
        """State what the model is."""
        by_rank = "The pool is not misled by that: it uses only where a belief stands among all "
        return Facts(
            "pool",
            pooled=True,
            trust_varies=False,
            on_bias=by_rank + "that the judge said." if self.scale == "rank" else "",
            parameters={
                "gain": "how strongly need follows the pooled judges; 0: not at all, below 0: it "
                "falls where they say that it rises",
                "bend": "how much need falls again among the hardest tickets; 0: not at all",
                "intercept": "log odds of need where the pooled judges stand in the middle",
                "discord": "how much need is higher where judges disagree, in log odds",
                "damping": "how much less the pooled judges count where they disagree",
                "router_gain": "how much more the judges of a router count than the panel says",
                "judge_gain": "how much more a judge counts than the panel says; below 0: less",
                "category_sd": CATEGORY_SD,
            }
            | (NOISE_PARAMETERS if self.noise else {})
            | (DRIFT_PARAMETERS if self.drift else {}),
        )

    def data(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Arrays that change between fits."""
        known, pooling = some_rows(rows), Pooling.of(panel, rows, self.scale)
        pooled = pooling.pooled(known)
        return {
            "parts": pooled.parts,
            "discord_of_row": pooled.discord,
            **whiten(
                self.vector(panel, rows),
                lambda draws, rows: PoolDraws.of(draws, pooling).log_odds(rows),
                known,
            ),
            **counted(known, self.noise),
            **periods_of(known),
        }

    def build(self, panel: Panel, rows: Rows) -> pm.Model:
        """Build the model of some rows."""
        return self._graph(panel, rows, turned=False)

    def sampled(self, panel: Panel, rows: Rows) -> pm.Model:
        """Build the same model in other coordinates, see `whiten`."""
        return self._graph(panel, rows, turned=True)

    def _graph(self, panel: Panel, rows: Rows, *, turned: bool) -> pm.Model:
        values, vector = self.data(panel, rows), self.vector(panel, rows)
        with pm.Model(coords=self.coords(panel, rows)) as model:
            held = {name: pm.Data(name, value) for name, value in values.items()}
            given, z = whitened(vector, held) if turned else (normals(vector), None)
            level, line = given["intercept"], self._line(held, given, panel)
            if drifts(rows):
                moved, off = self._walked(held, panel)
                level, line = level + moved, line + off
            eta = level + line - given["bend"] * line**2
            if "discord" in given:
                eta = eta + held["discord_of_row"] * (given["discord"] - given["damping"] * line)
            if self.category_effects:
                eta = eta + category_effects(rows, self.category_sd, held["row_category"], z)
            observed_needs(held, eta, noise_rates(self.noise, held))
        return model

    def recover(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> xr.Dataset:
        """Add trust, the weights of judges inside their router, and the need of each category."""
        pooling = Pooling.of(panel, rows, self.scale)
        given = PoolDraws.of(draws, pooling, self.drift_tail)
        carried = Carried.of(pooling, rows)
        before = self._linear_before(panel)
        shape = (draws.sizes["chain"], draws.sizes["draw"], -1)
        trust = centred(carried.by_router(given.linear), carried.by_router(before), panel.share)
        alone, alone_before = carried.by_judge(given.linear), carried.by_judge(before)
        within = np.empty((len(trust), len(panel.seats.judge)))
        for r in range(len(panel.routers)):
            at = panel.seats.router == r
            judges = panel.seats.judge[at]
            parts = alone[:, judges], alone_before[:, judges]
            within[:, at] = centred(*parts, panel.seats.within[at])
        by_seat = trust[:, panel.seats.router] * within
        sample = ("chain", "draw")
        return draws.assign(
            share=((*sample, "router"), trust.reshape(shape)),
            within=((*sample, "seat"), within.reshape(shape)),
            trust=((*sample, "router"), trust.reshape(shape)),
            seat_posterior=((*sample, "seat"), by_seat.reshape(shape)),
            need=((*sample, "category"), given.category_need(rows.timeless()).reshape(shape)),
        )

    def need(self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows) -> Array:
        """Need of rows under each draw, shape (sample, row).

        A category that the model does not know is drawn from the population of categories, and a
        ticket on which no judge speaks from that of tickets.
        """
        return self._given(draws, panel, reference).prediction(reference, rows)

    def likelihood(self, panel: Panel, rows: Rows) -> Callable[[xr.Dataset], Array]:
        """Prepare `log_likelihood`: scores and what follows from them are the same at each look."""
        return pool_likelihood(Pooling.of(panel, rows, self.scale), rows, self.drift_tail)

    def vector(self, panel: Panel, rows: Rows) -> Vector:
        """Give the free parameters as a vector, but for those of a walk."""
        judges, routers = len(panel.judges), len(panel.routers)
        priors = {
            "intercept": (self.intercept_mean, self.intercept_sd, 0),
            "gain": (self.gain_mean, self.gain_sd, 0),
            "bend": (self.bend_mean, self.bend_sd, 0),
        }
        if judges > 1:
            priors |= {"discord": (0, self.discord_sd, 0), "damping": (0, self.damping_sd, 0)}
            priors["judge_gain"] = (0, self.judge_sd, judges)
        if _routers_differ(panel):
            priors["router_gain"] = (0, self.router_sd, routers)
        several = self.category_effects and len(rows.categories) > 1
        spread, rates = self.category_sd if several else None, rates_of(self.noise, rows)
        return Vector(priors, spread, len(rows.categories), rates)

    def exported(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> dict[str, Any] | None:
        """Give what decides tickets without PyMC."""
        held = self._given(draws, panel, rows).values
        return {"scale": self.scale, "draws": {n: held[n] for n in PARAMETERS if n in held}}

    def ticket_log_likelihood(
        self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows
    ) -> Array:
        """Log probability of outcomes 0 and 1 as the graph has it, (sample, row, 2)."""
        given = self._given(draws, panel, reference)
        return log_chances(given.log_odds(rows), given.values, rows)

    def coords(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Labels of the dims of parameters; a step leads into its period."""
        steps = {"step": list(rows.periods[1:])} if drifts(rows) else {}
        return super().coords(panel, rows) | steps

    def _given(self, draws: xr.Dataset, panel: Panel, reference: Rows) -> PoolDraws:
        return PoolDraws.of(draws, Pooling.of(panel, reference, self.scale), self.drift_tail)

    def _walked(self, held: dict[str, Any], panel: Panel) -> tuple[Any, Any]:
        step = period_scale(self.drift_scale, cast("Every", self.drift))
        priors = {"level": self.intercept_sd, "gain": self.gain_sd, "judge": self.judge_sd}
        scales = {name: step * sd for name, sd in priors.items()}
        return walked(held, panel, scales, self.drift_tail)

    def _line(self, held: dict[str, Any], given: dict[str, Any], panel: Panel) -> Any:
        """Give the pooled score of rows."""
        none = {"router": len(panel.routers), "judge": len(panel.judges)}
        parts = [given.get(f"{whose}_gain", pt.zeros(number)) for whose, number in none.items()]
        return pt.dot(held["parts"], pt.concatenate([pt.stack([given["gain"]]), *parts]))

    def _linear_before(self, panel: Panel) -> Array:
        """Draws of the prior of the linear part's coefficients, (draw, coefficient)."""
        rng, routers, judges = np.random.default_rng(0), len(panel.routers), len(panel.judges)
        gain = rng.normal(self.gain_mean, self.gain_sd, (_BEFORE, 1))
        router = rng.normal(0, self.router_sd * _routers_differ(panel), (_BEFORE, routers))
        judge = rng.normal(0, self.judge_sd * (judges > 1), (_BEFORE, judges))
        return np.hstack([gain, router, judge])


def _routers_differ(panel: Panel) -> bool:
    """Whether routers are more than single judges, or the whole panel."""
    return 1 < len(panel.routers) < len(panel.judges)
