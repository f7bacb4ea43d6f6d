"""Instants are microseconds of UTC in years that people live in."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.basics.instants import INSTANT, instants


@pytest.mark.parametrize("unit", ["D", "h", "s", "ms", "us", "ns"])
def test_every_unit_becomes_microseconds(unit):
    found = instants("time", np.array(["2026-09-01", "NaT"], dtype=f"datetime64[{unit}]"))
    assert found.dtype == INSTANT
    assert found[0] == np.datetime64("2026-09-01T00:00:00.000000")
    assert np.isnat(found[1])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["2026-09-01"], "`time` must be a list of datetime64, instants of UTC; got"),
        ([7.0], "`time` must be a list of datetime64"),
        (np.array([["2026-09-01"]], "M8[D]"), "`time` must be a list of datetime64"),
        (np.array("2026-09-01", "M8[D]"), "`time` must be a list of datetime64"),
        (np.array(["2026-09-01", "9999-12-31"], "M8[D]"), "got 9999-12-31.* at position 1"),
        (np.array(["0001-01-01"], "M8[D]"), "must lie in the years 1000 to 2999; got 0001-01-01"),
    ],
)
def test_what_is_no_instant_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        instants("time", given)
