"""Tables of draws, and of what is exact."""

from __future__ import annotations

import numpy as np
import pytest

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
