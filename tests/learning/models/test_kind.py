"""What must hold of every model: rows, gradients, priors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import special
from support.three_routers import (
    CATEGORY_ROWS,
    FIXED,
    PANEL,
    REWRITTEN,
    TICKET_ROWS,
    alone,
    density,
    extreme_rows,
    one_draw,
    points,
    repeat,
    ticket_rows,
)

from trust_router.learning.models.pool import Pool
from trust_router.learning.models.switch import Switch


@pytest.mark.parametrize(
    "options", [Switch(), Pool(), Pool(trust_by_category=True)], ids=["switch", "pool", "by cat"]
)
def test_merging_rows_that_are_alike_leaves_the_likelihood_as_it_is(options):
    merged, single = TICKET_ROWS, alone(TICKET_ROWS)
    assert len(single) > len(merged)
    ways = (
        special.gammaln(merged.trials + 1).sum()
        - (
            special.gammaln(merged.needs + 1) + special.gammaln(merged.trials - merged.needs + 1)
        ).sum()
    )
    models = [options.build(PANEL, rows) for rows in (merged, single)]
    a, b = (density(model) for model in models)
    for point in points(models[0]):
        assert a(point) - ways == pytest.approx(b(point), abs=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (Switch(), CATEGORY_ROWS),
        (Switch(), TICKET_ROWS),
        (Switch(), extreme_rows()),
        (Switch(calibration=False), extreme_rows()),
        (Pool(), TICKET_ROWS),
        (Pool(), extreme_rows()),
        (Pool(scale="log odds"), extreme_rows()),
    ],
)
def test_density_and_gradient_are_finite(options, rows):
    model = options.build(PANEL, rows)
    logp, gradient = model.compile_logp(mode=REWRITTEN), model.compile_dlogp(mode=REWRITTEN)
    for point in [model.initial_point(), *points(model)]:
        assert np.isfinite(logp(point))
        assert np.isfinite(gradient(point)).all()


@pytest.mark.parametrize("options", [Switch(), Pool()], ids=["switch", "pool"])
def test_a_model_without_outcomes_is_its_prior(options):
    quiet = replace(TICKET_ROWS, trials=0 * TICKET_ROWS.trials, needs=0 * TICKET_ROWS.needs)
    model = options.build(PANEL, quiet)
    assert density(model)(points(model)[0]) == pytest.approx(0, abs=1e-12)


def test_tickets_without_a_category_do_not_count_in_the_need_of_any():
    rows = ticket_rows(missing=0)
    stray = rows.take(np.zeros(50, dtype=int))
    stray = replace(stray, category=np.full(50, -1), trials=0 * stray.trials, needs=0 * stray.needs)
    fields = ("category", "alpha", "beta", "trials", "needs", "number")
    both = replace(
        rows, **{n: np.concatenate([getattr(rows, n), getattr(stray, n)]) for n in fields}
    )
    draws = repeat(one_draw(**FIXED, gain=1.5, intercept=-0.5), 10)
    for options in (Switch(calibration=False), Pool(scale="log odds")):
        parts = [options.recover(draws, PANEL, held)["need"] for held in (rows, both)]
        np.testing.assert_allclose(parts[0], parts[1])
