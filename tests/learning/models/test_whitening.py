"""The graph that is sampled is the documented one in other coordinates, in which it is round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytensor.tensor as pt
import pytest
from scipy import optimize
from support.three_routers import PANEL, PLAIN, TICKET_ROWS, TWO, parameters, points, ticket_rows

from trust_router.learning.models import whitening
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.vector import Vector
from trust_router.learning.models.whitening import SAMPLED

KINDS = {
    "each": (Pool(), PANEL),
    "two": (Pool(gain_mean=0.7, bend_sd=0.4, category_sd=1.5), TWO),
    "none": (Pool(category_effects=False), PANEL),
}


def apart(turned, plain):
    """Log density of a graph less that of the plain one where it stands, at some points.

    Without that of the change of effects at a given spread, by which densities do differ.
    """
    values, found = parameters(turned), turned.compile_logp(mode=PLAIN)
    expected = plain.compile_logp(mode=PLAIN)
    for point in points(turned):
        known = {name: x[0] for name, x in values(point).items()}
        there = {}
        for free, value in plain.rvs_to_values.items():
            if free in plain.free_RVs:
                change = plain.rvs_to_transforms[free]
                x = pt.as_tensor(known[free.name])
                there[value.name] = (x if change is None else change.forward(x)).eval(mode=PLAIN)
        density = found(point) - expected(there)
        if "effects_told" in turned.named_vars:
            told = turned["effects_told"].get_value()
            density += np.log1p(told * known["category_sd"] ** 2).sum() / 2
        yield density


@pytest.mark.parametrize(("options", "panel"), KINDS.values(), ids=KINDS)
def test_the_density_is_the_same_up_to_a_constant(options, panel):
    turned, plain = options.sampled(panel, TICKET_ROWS), options.build(panel, TICKET_ROWS)
    assert np.ptp(list(apart(turned, plain))) < 1e-8
    size = len(options.vector(panel, TICKET_ROWS).stated[0])
    assert turned[SAMPLED[0]].eval().shape == (size,)
    assert (SAMPLED[1] in turned.named_vars) == options.category_effects


def test_effects_of_very_many_categories_stay_as_they_are(monkeypatch):
    monkeypatch.setattr(whitening, "_MOST", 2)
    turned, plain = Pool().sampled(PANEL, TICKET_ROWS), Pool().build(PANEL, TICKET_ROWS)
    assert SAMPLED[1] not in turned.named_vars
    assert np.ptp(list(apart(turned, plain))) < 1e-8


@pytest.mark.parametrize("options", [Pool(), Pool(category_sd=2.0)], ids=["usual", "wide"])
def test_at_the_mode_the_density_is_as_round_as_a_standard_normal(options):
    """Information about what is sampled, by finite differences of the graph's own density."""
    rows = ticket_rows(4000, seed=5, missing=0.0)
    model = options.sampled(PANEL, rows)
    density = model.compile_logp(mode="FAST_RUN")
    start = model.initial_point()
    spread = np.log(options.category_sd)  # at which the mode is looked for
    sizes = [start[name].size for name in SAMPLED]

    def at(x):
        parts = dict(zip(SAMPLED, np.split(x, [sizes[0]]), strict=True))
        return -float(density({"category_sd_log__": np.array(spread), **parts}))

    zero, step = np.zeros(sum(sizes)), 0.1
    moved = np.eye(len(zero)) * step
    base = at(zero)
    single = np.array([at(m) for m in moved])
    curved = [[at(a + b) for a in moved] for b in moved]
    found = (np.array(curved) - single - single[:, None] + base) / step**2
    np.testing.assert_allclose(found, np.eye(len(zero)), atol=0.08)
    slope = [(at(m) - at(-m)) / (2 * step) for m in moved]
    np.testing.assert_allclose(slope, 0, atol=0.15)


def test_the_mode_is_that_of_an_optimiser():
    """Of two Normals and three categories, one of which has no outcomes and some rows none."""
    known = replace(TICKET_ROWS.known(), category=np.arange(len(TICKET_ROWS.known())) % 3 - 1)
    vector = Vector({"intercept": (0.5, 2.0, 0), "gain": (1.0, 0.5, 0)}, 0.8, 3)
    x = np.linspace(-2, 3, len(known))

    def log_odds(draws, rows):
        a, g = (draws[name].values.reshape(-1, 1) for name in ("intercept", "gain"))
        place = np.searchsorted(x, x)[: len(rows)]
        return a + g * x[place]

    def against(both):
        point, effect = both[:2], both[2:] @ vector.basis
        eta = 0.5 + 2 * point[0] + (1 + 0.5 * point[1]) * x + np.append(effect, 0)[known.category]
        likelihood = known.needs @ eta - known.trials @ np.logaddexp(0, eta)
        return (point @ point + both[2:] @ both[2:] / 0.8**2) / 2 - likelihood

    best = optimize.minimize(against, np.zeros(4), tol=1e-10).x
    fit = whitening._mode(vector, log_odds, known)
    np.testing.assert_allclose(np.append(fit.point, fit.effect), best, atol=0.05)


def test_rows_without_outcomes_leave_what_was_stated():
    rows = replace(TICKET_ROWS, trials=TICKET_ROWS.trials * 0, needs=TICKET_ROWS.needs * 0)
    values = Pool().data(PANEL, rows)
    np.testing.assert_allclose(values["whitened_sd"], 1)
    np.testing.assert_allclose(values["effects_told"], 0, atol=1e-9)
    np.testing.assert_allclose(values["whitened_at"], 0, atol=1e-9)


def test_the_coordinates_do_not_depend_on_how_many_rows_are_looked_at_at_once(monkeypatch):
    whole = Pool().data(PANEL, TICKET_ROWS)
    monkeypatch.setattr(whitening, "blocks", lambda n, _: [slice(0, 7), slice(7, n)])
    parts = Pool().data(PANEL, TICKET_ROWS)
    for name in ("whitened_sd", "effects_told", "effects_at"):
        np.testing.assert_allclose(parts[name], whole[name], rtol=1e-9, atol=1e-9)
    assert not np.isnan(whole["effects_by"]).any()
