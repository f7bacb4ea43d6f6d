"""The pool that drifts: its graph, the Kalman filter's case, and what it says of the present."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from support.drifted import inputs
from support.three_routers import PANEL, PLAIN, TICKET_ROWS, WEEKS, dated

import trust_router as tr
from trust_router.learning.models.drift import period_scale
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.walks import drifts


def drawn(seed=0, number=6, **changed):
    """Draws of the prior, as draws of one chain."""
    model, rows = Pool(drift="week", **changed), dated(TICKET_ROWS)
    with model.build(PANEL, rows) as graph:
        free = [variable.name for variable in graph.free_RVs]
        tree = pm.sample_prior_predictive(
            number, var_names=free, random_seed=seed, compile_kwargs={"mode": PLAIN}
        )
    return model, rows, tree["prior"].to_dataset()


def test_without_steps_it_is_the_static_model():
    model, rows, draws = drawn()
    still = draws.assign({n: 0 * draws[n] for n in draws if n.endswith("_scale")})
    static = Pool().ticket_log_likelihood(draws, PANEL, rows.timeless(), rows.timeless())
    np.testing.assert_allclose(model.ticket_log_likelihood(still, PANEL, rows, rows), static)
    moved = model.ticket_log_likelihood(draws, PANEL, rows, rows)
    assert np.abs(moved - static).max() > 0.001


def test_tickets_of_the_last_period_and_new_ones_know_no_walk():
    model, rows, draws = drawn()
    now = model.need(draws, PANEL, rows, rows.timeless())
    own = model.need(draws, PANEL, rows, rows)
    last = rows.period == len(WEEKS) - 1
    np.testing.assert_allclose(own[:, last], now[:, last])
    assert np.abs(own - now)[:, ~last].min(axis=1).max() > 0
    unknown = replace(rows, period=np.full(len(rows), -1))
    np.testing.assert_allclose(model.need(draws, PANEL, rows, unknown), now)


def test_need_by_category_is_that_of_the_present():
    model, rows, draws = drawn()
    found = model.recover(draws, PANEL, rows)["need"]
    static = Pool().recover(draws, PANEL, rows.timeless())["need"]
    xr.testing.assert_allclose(found, static)


def test_one_period_or_none_has_nothing_to_walk():
    rows = dated(TICKET_ROWS)
    one = replace(rows, period=np.zeros(len(rows), dtype=int), periods=WEEKS[:1])
    assert not drifts(one)
    for kept in (one, rows.timeless()):
        names = {v.name for v in Pool(drift="week").build(PANEL, kept).free_RVs}
        assert names == {v.name for v in Pool().build(PANEL, rows.timeless()).free_RVs}


def test_variances_of_steps_add_up_over_a_week():
    assert 7 * period_scale(0.1, "day") ** 2 == pytest.approx(period_scale(0.1, "week") ** 2)
    assert 12 * period_scale(0.1, "month") ** 2 == pytest.approx(365.25 / 7 * 0.1**2)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"drift": "year"}, "'week'"), ({"drift": "day", "time_zone": "X"}, "time zone")],
)
def test_a_drift_that_cannot_be_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        Pool(**given)


@pytest.mark.statistics
def test_a_fit_finds_a_jump_and_predicts_what_comes_after_it(tmp_path):
    panel, beliefs, outcomes = inputs()
    with pytest.warns(UserWarning, match="'z' cannot be told from a coin"):  # over all weeks
        posterior = tr.fit(panel, beliefs, outcomes, model=Pool(drift="week"), random_seed=1)
    again = tr.load(posterior.save(tmp_path / "drift.nc"))
    assert again.rows.periods == posterior.rows.periods
    found = tr.insight.drift(again)
    assert {c.period for c in found.changes} == {"2026-W16"}
    assert [c.name for c in found.changes if c.of == "judge"] == ["z"]
    late = outcomes.log.time >= np.datetime64("2026-04-13")
    seen = outcomes.log.outcome[late].mean()
    assert again.predict(beliefs).mean.mean() == pytest.approx(seen, abs=0.05)
