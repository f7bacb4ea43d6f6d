"""Log odds and the digamma function are SciPy's to all digits."""

from __future__ import annotations

import numpy as np
from scipy import special

from trust_router.basics.log_odds import digamma, expit, log_odds


def test_digamma_is_scipys_over_all_shapes_that_beliefs_may_have():
    x = np.geomspace(1e-6, 1e9, 20_001)
    np.testing.assert_allclose(digamma(x), special.digamma(x), rtol=5e-15, atol=5e-15)
    assert np.isnan(digamma(np.array([np.nan]))).all()


def test_expit_keeps_the_digits_of_tiny_probabilities():
    x = np.linspace(-750, 750, 3001)
    np.testing.assert_allclose(expit(x), special.expit(x), rtol=1e-15)
    assert expit(x, out=x) is x


def test_log_odds_are_scipys():
    p = np.linspace(1e-9, 1 - 1e-9, 999)
    np.testing.assert_allclose(log_odds(p), special.logit(p), rtol=1e-13, atol=1e-15)
