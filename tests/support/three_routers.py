"""A panel of three routers with rows, points of its models, and densities by hand with SciPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr
from pytensor.compile.mode import Mode
from scipy import special, stats

import trust_router as tr
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.rows import Rows
from trust_router.learning.models.scores import judge_scale

NAN = np.nan


PLAIN = Mode(linker="py", optimizer=None)  # nothing is rewritten or compiled, which is quicker here
REWRITTEN = Mode(linker="py", optimizer="fast_run")  # for densities of extreme values


PANEL = tr.Panel(
    [
        tr.Router("cheap", {"x": 0.6, "y": 0.4}),
        tr.Router("big", {"z": 0.7, "x": 0.3}),
        tr.Router("solo", {"y": 1.0}),
    ],
    initial_trust={"cheap": 0.5, "big": 0.3, "solo": 0.2},
)


CATEGORIES = ("a", "b", "c")


STATED = tr.Beliefs(
    CATEGORIES,
    ["x", "y", "z"],
    [[3, 2, 0.2], [1, 1, 8], [5, 0.5, 2]],
    [[9, 2, 0.1], [5, 3, 2], [1] * 3],
)


# Routers of which some hold several judges: they can differ beyond their judges.
TWO = tr.Panel(PANEL.routers[:2], initial_trust={"cheap": 0.6, "big": 0.4})


COUNTED = tr.Outcomes(CATEGORIES, [20, 7, 1], [4, 6, 1])


def ticket_rows(number=60, seed=1, missing=0.2):
    rng = np.random.default_rng(seed)
    mean = rng.integers(1, 10, (number, 3)) / 10
    mean[rng.random(mean.shape) < missing] = NAN
    names = [f"t{i}" for i in range(number)]
    beliefs = Beliefs(names, ["x", "y", "z"], 10 * mean, 10 * (1 - mean), about="ticket")
    log = pd.DataFrame(
        {
            "ticket": names,
            "category": rng.choice(CATEGORIES, number),
            "outcome": rng.integers(0, 2, number),
        }
    )
    return match(PANEL, beliefs, tr.read_outcomes(log))


CATEGORY_ROWS = match(PANEL, STATED, COUNTED)


TICKET_ROWS = ticket_rows()


def some_checked(rows, seed=3):
    """The same rows of which about half of the outcomes were checked, and some had been wrong."""
    rng = np.random.default_rng(seed)
    outcomes = np.stack([rows.trials - rows.needs, rows.needs], axis=1)
    found = rng.binomial(outcomes, 0.5)
    return replace(rows, checked=rng.multinomial(found, [0.4, 0.5, 0.1]))


CHECKED_ROWS = some_checked(TICKET_ROWS)


CHECKED_CATEGORIES = some_checked(CATEGORY_ROWS)


def noisy_by_hand(need, values, rows):
    """Log probability of outcomes of rows with a need, checked and as logged, with SciPy."""
    needed, resolved = (np.ravel(values[name])[0] for name in ("false_needed", "false_resolved"))
    zeros, ones = rows.found.T
    logged = need * (1 - resolved) + (1 - need) * needed
    unchecked = rows.trials - zeros - ones
    return stats.binom.logpmf(rows.needs - ones, unchecked, logged) + stats.binom.logpmf(
        ones, zeros + ones, need
    )


WEEKS = ("2026-W01", "2026-W02", "2026-W03", "2026-W04")


def dated(rows, seed=3):
    """The same tickets, each of some week."""
    each = alone(rows)
    period = np.random.default_rng(seed).integers(0, len(WEEKS), len(each))
    return replace(each, period=period, periods=WEEKS).merged()


def alone(rows):
    """The same tickets, none merged with another."""
    kept = rows.take(np.repeat(np.arange(len(rows)), rows.number))
    needs = [[1] * k + [0] * (n - k) for k, n in zip(rows.needs, rows.number, strict=True)]
    ones = np.ones(len(kept), dtype=np.int64)
    return replace(kept, trials=ones, number=ones, needs=np.concatenate(needs).astype(np.int64))


def points(model, number=3, seed=2):
    rng = np.random.default_rng(seed)
    start = model.initial_point()
    return [
        {name: value + rng.normal(size=np.shape(value)) for name, value in start.items()}
        for _ in range(number)
    ]


def density(model):
    """Log probability of the outcomes, as a function of a point."""
    return model.compile_logp(vars=[model["needs"]], mode=PLAIN)


def parameters(model):
    """Named parameters at a point, as the posterior group of one draw holds them."""
    variables = [v for v in model.unobserved_RVs if v.name != "needs"]
    outputs = model.replace_rvs_by_values(variables)
    function = model.compile_fn(outputs, inputs=model.value_vars, point_fn=True, mode=PLAIN)
    return lambda point: {
        v.name: np.asarray(x)[None] for v, x in zip(variables, function(point), strict=True)
    }


def seats_by_hand(values, rows):
    """log w_s + sum_rows log p(needs | s) of each category and seat, with SciPy."""
    seats, one = PANEL.seats, {name: x[0] for name, x in values.items()}
    weight = seats.weight if "share" not in one else one["share"][seats.router] * one["within"]
    log_seat = np.tile(np.log(weight), (len(rows.categories), 1))
    for r in np.flatnonzero(rows.trials > 0):
        mean, nu, c = rows.mean[r], rows.alpha[r] + rows.beta[r], rows.category[r]
        logit = special.logit(mean)
        if "bias" in one:
            logit = one["bias"] + one["slope"] * logit
            nu = nu * np.exp(one.get("sharpness", 0.0))
        if "silent_logit" in one:
            logit = np.where(np.isnan(mean), one["silent_logit"], logit)
        if "category_z" in one:
            logit = logit + one["category_sd"] * one["category_z"][c]
        p, k, n = special.expit(logit), rows.needs[r], rows.trials[r]
        of_judge = (
            stats.betabinom.logpmf(k, n, p * nu, (1 - p) * nu)
            if rows.about == "category"
            else stats.binom.logpmf(k, n, p)
        )
        log_seat[c] += of_judge[seats.judge]
    return log_seat


def switch_by_hand(values, rows):
    """log sum_s w_s prod_rows p(needs | s), category by category."""
    return special.logsumexp(seats_by_hand(values, rows), axis=1).sum()


def average(said, weights):
    """Weighted mean of what judges that speak said, both by name; None where nobody speaks."""
    at = [name for name in weights if name in said]
    return np.average([said[n] for n in at], weights=[weights[n] for n in at]) if at else None


def pool_by_hand(values, rows, options, panel=PANEL):
    """Log probability of the outcomes, ticket by ticket and judge by judge, with SciPy."""
    one = {name: x[0] for name, x in values.items()}
    names, stated = panel.judge_names, dict.fromkeys(panel.judge_names, 0.0)
    for router in panel.routers:
        for judge, weight in router.judges.items():
            stated[judge] += panel.initial_trust[router.name] * weight
    scores = judge_scale(rows, options.scale).scores(rows.alpha, rows.beta)
    spoken = [{n: x for n, x in zip(names, row, strict=True) if not np.isnan(x)} for row in scores]
    means = [average(said, stated) for said in spoken]
    spread = [
        np.log(0.05 + (average({n: (x - mean) ** 2 for n, x in said.items()}, stated) or 0))
        for said, mean in zip(spoken, means, strict=True)
    ]
    heard = [r for r, said in enumerate(spoken) if said]
    count = np.ones(len(rows)) if rows.about == "category" else rows.number
    usual = np.average([spread[r] for r in heard], weights=count[heard])
    total = 0.0
    for r in np.flatnonzero(rows.trials > 0):
        eta = one["intercept"]
        if r in heard:
            line = pooled_line(one, spoken[r], means[r], panel)
            eta += line - one["bend"] * line**2
            eta += (spread[r] - usual) * (one["discord"] - one["damping"] * line)
        if "category_z" in one:
            eta += one["category_sd"] * one["category_z"][rows.category[r]]
        total += stats.binom.logpmf(rows.needs[r], rows.trials[r], special.expit(eta))
    return total


def pooled_line(one, said, mean, panel):
    """What the pooled score is a sum of, for a ticket on which some judges speak."""
    line = one["gain"] * mean
    for router, of_it in zip(panel.routers, one.get("router_gain", ()), strict=False):
        of_router = average(said, router.judges)
        line += 0 if of_router is None else of_it * (of_router - mean)
    for name, of_it in zip(panel.judge_names, one["judge_gain"], strict=True):
        line += of_it * (said.get(name, mean) - mean)
    return line


def extreme_rows():
    """Beliefs as sure as they may be, right and wrong, with missing ones."""
    low, high = 1e-6, 1e9
    alpha = np.array([[low, high, 1.0], [high, low, NAN], [NAN, NAN, NAN]])
    beta = np.array([[high, low, 1.0], [low, high, NAN], [NAN, NAN, NAN]])
    counts = np.array([2, 1, 1])
    return Rows("ticket", ("a", "b"), PANEL.judge_names, np.array([0, 0, 1]), alpha, beta, counts,
                np.array([1, 0, 1]), counts)  # fmt: skip


_DIMS = {"share": "router", "within": "seat", "judge_gain": "judge", "router_gain": "router"}


def one_draw(**values):
    return xr.Dataset(
        {
            name: (("chain", "draw", *([_DIMS[name]] if name in _DIMS else [])), [[x]])
            for name, x in values.items()
        },
        coords={"chain": [0], "draw": [0], "router": list(PANEL.router_names)},
    )


def repeat(draws, number):
    return draws.isel(draw=np.zeros(number, dtype=int)).assign_coords(draw=np.arange(number))


FIXED = {"share": PANEL.share, "within": PANEL.seats.within}


NUMBER = 4000
