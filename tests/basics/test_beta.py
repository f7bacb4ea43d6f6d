"""A Beta belief cannot be invalid, and follows from its mean and concentration."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust_router.basics.beta import Beta


@given(mean=st.floats(0.01, 0.99), concentration=st.floats(0.01, 1e6))
def test_from_mean_inverts_mean_and_concentration(mean, concentration):
    belief = Beta.from_mean(mean, concentration)
    assert belief.mean == pytest.approx(mean, rel=1e-12)
    assert belief.concentration == pytest.approx(concentration, rel=1e-12)


@pytest.mark.parametrize("name", ["alpha", "beta"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0, "`{}` must be positive; got 0"),
        (-0.2, "`{}` must be positive; got -0.2"),
        (math.nan, "`{}` must be finite; got nan"),
        (math.inf, "`{}` must be finite; got inf"),
        (True, "`{}` must be a number; got True"),
        ("3", "`{}` must be a number; got '3'"),
        (None, "`{}` must be a number; got None"),
        (1e-7, "`{}` must lie between 1e-06 and 1e[+]09; got 1e-07"),
        (1e10, "`{}` must lie between 1e-06 and 1e[+]09; got 1e[+]10"),
    ],
)
def test_beta_refuses_an_invalid_shape_and_names_it(name, value, message):
    with pytest.raises(ValueError, match=message.format(name)):
        Beta(**({"alpha": 1.0, "beta": 1.0} | {name: value}))


@pytest.mark.parametrize(
    ("mean", "concentration", "message"),
    [
        (0, 12, "`mean` must lie strictly between 0 and 1; got 0"),
        (1, 12, "`mean` must lie strictly between 0 and 1; got 1"),
        (0.25, 0, "`concentration` must be positive; got 0"),
        (0.25, math.nan, "`concentration` must be finite; got nan"),
        ("0.25", 12, "`mean` must be a number; got '0.25'"),
    ],
)
def test_from_mean_refuses_invalid_arguments(mean, concentration, message):
    with pytest.raises(ValueError, match=message):
        Beta.from_mean(mean, concentration)
