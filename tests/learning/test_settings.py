"""Settings of the sampler are checked before anything is compiled."""

from __future__ import annotations

import pytest

import trust_router as tr


@pytest.mark.parametrize(
    ("argument", "value"),
    [("draws", 0), ("chains", 0), ("tune", 0), ("random_seed", -1), ("cores", 1.5)],
)
def test_bad_settings_are_refused_before_anything_is_compiled(seed, argument, value):
    with pytest.raises(ValueError, match=rf"`{argument}` must be a whole number.*got {value}"):
        tr.fit(*seed, **{argument: value})


def test_bad_on_failure_is_refused(seed):
    with pytest.raises(ValueError, match="`on_failure` must be 'raise' or 'warn'; got 'ignore'"):
        tr.fit(*seed, on_failure="ignore")
