"""Tables of draws, and of what is exact."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn import drawn
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr

STATISTICS = ["mean", "sd", "lower", "upper", "mcse", "ess_bulk", "ess_tail", "r_hat"]


def test_tables_have_the_same_shape_however_they_were_computed(exact_posterior, nuts_posterior):
    sampled = nuts_posterior
    for name in ("trust", "need", "seats"):
        exact, drawn = (getattr(p, name)() for p in (exact_posterior, sampled))
        assert exact.columns.equals(drawn.columns)
        assert exact.index.equals(drawn.index)
    assert list(sampled.trust().columns) == ["initial", *STATISTICS]


@pytest.mark.parametrize("kind", ["exact_posterior", "nuts_posterior"])
@pytest.mark.parametrize("table", ["trust", "need"])
@pytest.mark.parametrize(
    ("interval", "message"),
    [
        ({"ci_prob": 3}, "`ci_prob` must lie strictly between 0 and 1; got 3"),
        ({"ci_prob": "0.9"}, "`ci_prob` must lie strictly between 0 and 1; got '0.9'"),
        ({"ci_kind": "x"}, "`ci_kind` must be 'eti' or 'hdi'; got 'x'"),
    ],
)
def test_an_interval_that_is_none_is_refused(kind, table, interval, message, request):
    posterior = request.getfixturevalue(kind)
    with pytest.raises(ValueError, match=message):
        getattr(posterior, table)(**interval)


def test_pooled_seats_are_weights_that_add_up(pool_posterior):
    seats = pool_posterior.seats().loc["all categories"]
    assert seats["probability"].sum() == pytest.approx(1)
    trust = pool_posterior.trust().loc["all categories"]["mean"]
    by_router = seats["probability"].groupby("router").sum()
    np.testing.assert_allclose(by_router[trust.index], trust)
    np.testing.assert_allclose(seats["weight"].groupby("router").sum(), 1)
    assert (seats["lower"] <= seats["probability"]).all()
    assert (seats["probability"] <= seats["upper"]).all()
    assert "alpha" not in seats


def test_parameters_are_tabulated_by_name(pool_posterior, exact_posterior):
    table = pool_posterior.parameter("gain", 0.5)
    draws = pool_posterior.data["posterior"]["gain"]
    assert table["mean"].item() == pytest.approx(float(draws.mean()))
    assert table["lower"].item() == pytest.approx(float(draws.quantile(0.25)))
    with pytest.raises(ValueError, match="there are no draws of 'slope'"):
        pool_posterior.parameter("slope")
    with pytest.raises(ValueError, match="there are no draws of 'gain'"):
        exact_posterior.parameter("gain")


@pytest.mark.parametrize(("ci_kind", "ci_prob"), [("eti", 0.8), ("hdi", 0.5)])
def test_tables_of_draws_are_what_numpy_finds(ci_kind, ci_prob):
    rng = np.random.default_rng(2)
    share = rng.dirichlet([3, 2, 1], (2, 300))
    within = np.broadcast_to(PANEL.seats.within, (2, 300, 5))
    model = tr.Switch(calibration=False)
    posterior = drawn(PANEL, STATED, COUNTED, model, share=share, within=within)
    held = posterior.data["posterior"]
    for table, name in (
        (posterior.trust(ci_prob, ci_kind), "trust"),
        (posterior.need(ci_prob, ci_kind), "need"),
        (posterior.parameter("share", ci_prob, ci_kind), "share"),
    ):
        values = held[name].values.reshape(600, -1)
        np.testing.assert_allclose(table["mean"], values.mean(axis=0))
        np.testing.assert_allclose(table["sd"], values.std(axis=0, ddof=1), rtol=1e-2)
        inside = (values >= table["lower"].to_numpy()) & (values <= table["upper"].to_numpy())
        np.testing.assert_allclose(inside.mean(axis=0), ci_prob, atol=0.01)
        if ci_kind == "eti":
            np.testing.assert_allclose(table["lower"], np.quantile(values, 0.1, axis=0), atol=0.003)
        np.testing.assert_allclose(table["mcse"], table["sd"] / np.sqrt(600), rtol=0.25)
        assert set(STATISTICS) <= set(table)
        assert (table["r_hat"] < 1.05).all()


def test_weights_inside_routers_are_ratios_with_the_error_of_ratios():
    rng = np.random.default_rng(4)

    def once(seed):
        rng = np.random.default_rng(seed)
        parts = [rng.dirichlet(4 * np.array(w), (2, 100)) for w in ([0.6, 0.4], [0.7, 0.3], [1.0])]
        share = rng.dirichlet([3, 2, 1], (2, 100))
        model = tr.Switch(calibration=False)
        return drawn(PANEL, STATED, COUNTED, model, share=share, within=np.concatenate(parts, -1))

    tables = [once(seed).seats() for seed in range(30)]
    weight = np.array([table["weight"] for table in tables])
    stated = np.array([table["mcse"] for table in tables]).mean(axis=0)
    seen = weight.std(axis=0, ddof=1)
    moving = seen > 1e-9
    assert (np.abs(np.log(stated[moving] / seen[moving])) < np.log(1.6)).all()
    np.testing.assert_allclose(stated[~moving], 0, atol=1e-9)
    one = once(rng.integers(9))
    held = one.data["posterior"]
    seat, trust = held["seat_posterior"].values.mean((0, 1)), held["trust"].values.mean((0, 1))
    expected = seat / trust[:, PANEL.seats.router]
    np.testing.assert_allclose(one.seats()["weight"], expected.ravel())
    np.testing.assert_allclose(one.seats()["probability"], seat.ravel())
    np.testing.assert_allclose(one.seats()["prior"], np.tile(PANEL.seats.within, 3))


def test_seats_of_a_pool_are_shares_of_trust_with_their_errors():
    rng, size = np.random.default_rng(5), (2, 100)
    given = {"gain": rng.normal(1, 0.3, size), "intercept": np.zeros(size), "bend": np.zeros(size)}
    given["judge_gain"] = rng.normal(0, 0.4, (*size, 3))
    posterior = drawn(PANEL, STATED, COUNTED, tr.Pool(category_effects=False), **given)
    seats, held = posterior.seats(), posterior.data["posterior"]
    within, share = (held[name].values.reshape(200, -1) for name in ("within", "share"))
    np.testing.assert_allclose(seats["weight"], within.mean(axis=0))
    np.testing.assert_allclose(seats["mcse"], within.std(axis=0) / np.sqrt(200), rtol=0.25)
    whole = share[:, PANEL.seats.router] * within
    np.testing.assert_allclose(seats["probability"], whole.mean(axis=0))
    np.testing.assert_allclose(seats["lower"], np.quantile(whole, 0.055, axis=0), atol=0.003)
