"""Ratios of beta functions keep their digits: they agree with mpmath."""

from __future__ import annotations

import mpmath as mp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trust_router.basics.evidence import log_beta_ratio, log_left_out


def exact_beta_ratio(alpha: float, beta: float, needs: int, trials: int) -> tuple[mp.mpf, mp.mpf]:
    """Give the two parts of `log_beta_ratio`, with 60 digits."""
    a, b, k, n = (mp.mpf(x) for x in (alpha, beta, needs, trials))

    def log_beta(x, y):
        return mp.loggamma(x) + mp.loggamma(y) - mp.loggamma(x + y)

    common = sum((x * mp.log(x / n) for x in (k, n - k) if x), mp.mpf(0))
    return common, log_beta(a + k, b + n - k) - log_beta(a, b) - common


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    trials = draw(st.integers(0, 9).flatmap(lambda d: st.integers(0, 10**d)))
    return draw(st.sampled_from([0, trials]) | st.integers(0, trials)), trials


log_shape = st.floats(-3, 6).map(lambda e: 10.0**e)


@given(observed=counts())
def test_common_part_of_log_beta_ratio_is_accurate_even_if_needs_are_rare(observed):
    with mp.workdps(60):
        exact, _ = exact_beta_ratio(3.0, 9.0, *observed)
    assert abs(log_beta_ratio(3, 9, *observed)[0] - exact) <= 1e-14 * max(1, abs(exact))


@given(alpha=log_shape, beta=log_shape, observed=counts())
def test_many_trials_do_not_blur_what_log_beta_ratio_says_about_beliefs(alpha, beta, observed):
    with mp.workdps(60):
        common, relative = exact_beta_ratio(alpha, beta, *observed)
    error = abs(log_beta_ratio(alpha, beta, *observed)[1] - relative)
    assert error <= 1e-14 * max(1, abs(common), abs(relative))
    assert error <= 1e-12 * max(1, abs(relative))


def test_log_beta_ratio_broadcasts_and_is_zero_without_trials():
    common, relative = log_beta_ratio([[1.0], [0.2]], [3.0, 9.0, 27.0], 0, 0)
    assert common.shape == relative.shape == (2, 3)
    np.testing.assert_allclose(common + relative, 0, atol=1e-15)


def test_what_is_left_out_keeps_tiny_shapes():
    got = log_left_out(1e-40, 2.0, 1, 3)
    np.testing.assert_allclose(got, [np.log(3 / 4), np.log(1e-40 / 4)], rtol=1e-14)
    assert log_left_out(1.0, 1.0, 0, 3)[1] == 0
