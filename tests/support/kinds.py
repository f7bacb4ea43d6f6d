"""Every kind of model with its options, and what the docs say of its priors, in SciPy's words.

A new model gets its lines in `KINDS` and `PRIORS`, and in `LIKELIHOODS` if its rows are not
Binomial given the need that it predicts. All that holds of every model is then tested of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import special, stats
from support.three_routers import (
    CATEGORY_ROWS,
    CHECKED_CATEGORIES,
    CHECKED_ROWS,
    PANEL,
    PLAIN,
    TICKET_ROWS,
    dated,
    noisy_by_hand,
)

from trust_router.inputs.rows import Rows
from trust_router.learning.models.kind import Model
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.rates import Rates
from trust_router.learning.models.seed import Seed
from trust_router.learning.models.switch import Switch
from trust_router.learning.models.switch_draws import SwitchDraws
from trust_router.learning.noise import Noise


@dataclass(frozen=True)
class Kind:
    """A model with options, and rows to which it is fitted."""

    model: Model
    rows: Rows

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", _evaluated(self.model.build(PANEL, self.rows)))


def _evaluated(model) -> Callable:
    """At a point: named parameters as draws, log priors without Jacobian, log likelihood."""
    free, shown = model.free_RVs, [v for v in model.unobserved_RVs if v.name != "needs"]
    outputs = [
        *model.replace_rvs_by_values(shown),
        *model.logp(vars=free, jacobian=False, sum=False),
        model.logp(vars=[model["needs"]], jacobian=False),
    ]
    function = model.compile_fn(outputs, inputs=model.value_vars, point_fn=True, mode=PLAIN)

    def at(point):
        found = function(point)
        values = {v.name: np.asarray(x) for v, x in zip(shown, found, strict=False)}
        priors = {v.name: np.asarray(x) for v, x in zip(free, found[len(shown) :], strict=False)}
        dims = {
            name: model.named_vars_to_dims.get(name) or [f"{name}_{i}" for i in range(x.ndim)]
            for name, x in values.items()
        }
        draws = xr.Dataset(
            {n: (("chain", "draw", *dims[n]), x[None, None]) for n, x in values.items()},
            {"router": list(PANEL.router_names)},
        )
        return draws, priors, float(found[-1])

    return at


_SCALES = {"intercept_mean": 0.3, "intercept_sd": 0.7, "gain_mean": 0.4, "gain_sd": 0.8}
_SCALES |= {"bend_mean": 0.05, "bend_sd": 0.4, "discord_sd": 0.7, "damping_sd": 0.2}
_SCALES |= {"router_sd": 0.5, "judge_sd": 0.9, "category_sd": 0.9}

_NOISE = Noise((1.5, 9), (3, 7))

KINDS = {
    "seed": (Seed(), CATEGORY_ROWS),
    "switch, categories": (Switch(), CATEGORY_ROWS),
    "switch, tickets": (Switch(), TICKET_ROWS),
    "switch as stated": (Switch(calibration=False), CATEGORY_ROWS),
    "switch as stated, tickets": (Switch(calibration=False, category_effects=False), TICKET_ROWS),
    "switch, fixed weights": (Switch(weights="fixed"), TICKET_ROWS),
    "switch, effects": (Switch(category_effects=True), CATEGORY_ROWS),
    "switch, scales": (Switch(concentration=3.0, bias_sd=0.6, category_sd=0.2), TICKET_ROWS),
    "pool": (Pool(), TICKET_ROWS),
    "pool, categories": (Pool(), CATEGORY_ROWS),
    "pool, log odds": (Pool(scale="log odds"), TICKET_ROWS),
    "pool, no effects": (Pool(category_effects=False), TICKET_ROWS),
    "pool, drift": (Pool(drift="week"), dated(TICKET_ROWS)),
    "pool, drift with a tail": (
        Pool(drift="week", drift_scale=0.3, drift_tail=0.3),
        dated(TICKET_ROWS),
    ),
    "pool, scales": (Pool(**_SCALES), TICKET_ROWS),
    "rates": (Rates(), CATEGORY_ROWS),
    "rates, tickets": (Rates(intercept_mean=0.1, intercept_sd=2.0, category_sd=0.3), TICKET_ROWS),
    "seed, noise": (Seed(noise=_NOISE), CATEGORY_ROWS),
    "seed, checked": (Seed(noise=_NOISE), CHECKED_CATEGORIES),
    "switch, noise": (Switch(noise=_NOISE), TICKET_ROWS),
    "switch, checked": (Switch(calibration=False, noise=_NOISE), CHECKED_ROWS),
    "switch as stated, noise": (
        Switch(weights="fixed", calibration=False, noise=_NOISE),
        CHECKED_CATEGORIES,
    ),
    "pool, noise": (Pool(noise=_NOISE), CATEGORY_ROWS),
    "pool, checked": (Pool(noise=Noise()), CHECKED_ROWS),
    "rates, noise": (Rates(noise=Noise()), TICKET_ROWS),
    "rates, checked": (Rates(noise=_NOISE), CHECKED_CATEGORIES),
}
_made: dict[str, Kind] = {}


def made(name: str) -> Kind:
    """Give the kind of that name, whose graph is built once."""
    if name not in _made:
        _made[name] = Kind(*KINDS[name])
    return _made[name]


def _zero_sum(x):
    """Log density of standard normals given that they sum to zero."""
    return stats.norm.logpdf(x).sum() - stats.norm.logpdf(0)


def _dirichlet(concentration, stated):
    total = concentration * len(stated)
    return lambda x: stats.dirichlet(total * np.asarray(stated)).logpdf(x / x.sum())


def _within_two(concentration):
    first, second = (_dirichlet(concentration, w) for w in ([0.6, 0.4], [0.7, 0.3]))
    return lambda x: first(x[0]) + second(x[1])


def _stated_mixture(x):
    """Log density of log odds; that of need times its derivative, need (1 - need)."""
    judge, need = PANEL.seats.judge, special.expit(x)[:, None]
    shapes = CATEGORY_ROWS.alpha[:, judge], CATEGORY_ROWS.beta[:, judge]
    density = (PANEL.seats.weight * stats.beta(*shapes).pdf(need)).sum(axis=1)
    return np.log(density * special.expit(x) * special.expit(-x))


def _of(distribution):
    return distribution.logpdf


def _rates(o):
    return {
        "intercept": _of(stats.norm(o.get("intercept_mean", -0.5), o.get("intercept_sd", 1.0))),
        "category_sd": _of(stats.halfnorm(scale=o.get("category_sd", 0.5))),
        "category_z": _zero_sum,
    }


PRIORS = {
    "seed": lambda _: {"need_logit": _stated_mixture},
    "switch": lambda o: {
        "share": _dirichlet(o.get("concentration", 1.0), [0.5, 0.3, 0.2]),
        "within_2": _within_two(o.get("concentration", 1.0)),
        "bias_mean": _of(stats.norm(0, o.get("bias_sd", 1.5))),
        "bias_sd": _of(stats.halfnorm(scale=1)),
        "bias_z": _of(stats.norm()),
        "slope_mean": _of(stats.norm(1, 0.5)),
        "slope_sd": _of(stats.halfnorm(scale=0.5)),
        "slope_z": _of(stats.norm()),
        "sharpness_mean": _of(stats.norm(0, 1)),
        "sharpness_sd": _of(stats.halfnorm(scale=0.5)),
        "sharpness_z": _of(stats.norm()),
        "silent_logit": _of(stats.norm(0, o.get("bias_sd", 1.5))),
        "category_sd": _of(stats.halfnorm(scale=o.get("category_sd", 0.5))),
        "category_z": _zero_sum,
        "need_logit": _stated_mixture,  # where nothing of it is learned
    },
    "pool": lambda o: {
        **_rates(o),
        "gain": _of(stats.norm(o.get("gain_mean", 1.2), o.get("gain_sd", 1.4))),
        "bend": _of(stats.norm(o.get("bend_mean", 0.12), o.get("bend_sd", 0.2))),
        "discord": _of(stats.norm(0, o.get("discord_sd", 0.35))),
        "damping": _of(stats.norm(0, o.get("damping_sd", 0.1))),
        "router_gain": _of(stats.norm(0, o.get("router_sd", 0.2))),
        "judge_gain": _of(stats.norm(0, o.get("judge_sd", 0.4))),
        **{f"{name}_step": _of(stats.norm()) for name in ("level", "gain", "judge")},
        **{
            f"{name}_scale": _of(stats.halfnorm(scale=sd * o.get("drift_scale", 0.05)))
            for name, sd in (("level", 1.0), ("gain", 1.4), ("judge", 0.4))
        },
    },
    "rates": lambda o: _rates(o),
}


def stated_priors(model: Model, rows: Rows) -> dict:
    """Log densities by name: with the docs' numbers, but for options that are not the default."""
    default = type(model)().options()
    chosen = {name: x for name, x in model.options().items() if x != default[name]}
    return PRIORS[model.name](chosen) | _stated_noise(chosen.get("noise"), rows)


def _stated_noise(noise, rows):
    """Betas of both rates, one more in a shape for each checked outcome."""
    if noise is None:
        return {}
    counts = np.zeros((2, 3)) if rows.checked is None else rows.checked.sum(axis=0)
    right, wrong = (counts[0, 0], counts[1, 1]), (counts[0, 1], counts[1, 0])
    shapes = (noise["false_needed"], noise["false_resolved"])
    return {
        name: _of(stats.beta(a + wrong[i], b + right[i]))
        for i, (name, (a, b)) in enumerate(
            zip(("false_needed", "false_resolved"), shapes, strict=True)
        )
    }


def _ways(rows):
    return np.log(special.comb(rows.trials, rows.needs)).sum()


def _binomial(model, draws, rows):
    true = draws.drop_vars(["false_needed", "false_resolved"], errors="ignore")
    log_p = model.ticket_log_likelihood(true, PANEL, rows, rows)[0]
    if "false_needed" in draws:
        return noisy_by_hand(np.exp(log_p[:, 1]), draws, rows).sum()
    counts = np.stack([rows.trials - rows.needs, rows.needs], axis=1)
    return float((counts * log_p).sum()) + _ways(rows)


def _of_need(model, draws, rows):
    found = model.recover(draws, PANEL, rows)["need"].values[0, 0]
    if "false_needed" in draws:
        return noisy_by_hand(found, draws, rows).sum()
    return stats.binom.logpmf(rows.needs, rows.trials, found).sum()


def _of_seats(model, draws, rows):
    if "need_logit" in draws:
        return _of_need(model, draws, rows)
    given = SwitchDraws.of(draws, PANEL)
    total = np.tile(given.log_weight[0], (len(rows.categories), 1))
    np.add.at(total, rows.category, given.evidence(rows)[0])
    return special.logsumexp(total, axis=1).sum()


# Of outcomes, as those parts of a model have it that predict.
LIKELIHOODS = {"seed": _of_need, "switch": _of_seats}


def predicted_likelihood(model: Model, draws: xr.Dataset, rows: Rows) -> float:
    """Log likelihood as the NumPy twin of the graph has it."""
    return LIKELIHOODS.get(model.name, _binomial)(model, draws, rows)
