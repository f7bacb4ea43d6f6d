"""Times of exports, as text and as counts from 1970."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.inputs.reading.logs.moments import moments


def test_counts_from_1970_have_their_unit_in_the_name():
    for unit, count in (("s", 86_400), ("ms", "86400000"), ("us", 86.4e9), ("ns", 86_400 * 10**9)):
        found = moments((f"at:{unit}", [count, None, ""]), 3)
        assert found.astype(str).tolist() == ["1970-01-02T00:00:00.000000", "NaT", "NaT"]


def test_text_is_an_instant_and_nothing_is_none():
    assert moments(("at", ["1970-01-02T01:00:00+01:00"]), 1)[0] == np.datetime64("1970-01-02")
    assert np.isnat(moments(None, 2)).tolist() == [True, True]


@pytest.mark.parametrize(
    "found", [("at:ms", ["soon"]), ("at:weeks", [3]), ("at:s", [float("inf")])]
)
def test_what_counts_nothing_is_refused(found):
    with pytest.raises(ValueError, match="time must count from 1970 in s, ms, us, ns; got"):
        moments(found, 1)
