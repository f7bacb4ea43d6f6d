"""A share of tickets is never exceeded, and never left unused without need."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust_router.decisions.budget import check_share, limit


@given(st.lists(st.integers(0, 6), min_size=1, max_size=30), st.integers(0, 20))
def test_as_many_as_fit_are_escalated_and_equals_alike(worth, twentieths):
    worth, share = np.array(worth, dtype=float), twentieths / 20
    least, escalates = limit(worth, share)
    fit = twentieths * len(worth) // 20
    assert escalates.sum() <= fit
    assert (escalates == (worth > least)).all()
    left = worth[~escalates]
    if len(left):  # the next ones in line would not all have fitted
        assert escalates.sum() + (worth == left.max()).sum() > fit
        assert not escalates.any() or worth[escalates].min() > left.max()


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), "a fifth", True])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(ValueError, match="`share` must be a number from 0 to 1; got"):
        check_share(share)


@given(
    worth=st.lists(st.integers(0, 4), min_size=1, max_size=6),
    number=st.lists(st.integers(0, 5), min_size=6, max_size=6),
    share=st.floats(0, 1),
)
def test_rows_that_stand_for_many_tickets_are_limited_as_these_are(worth, number, share):
    each = np.array(number[: len(worth)])
    if not each.sum():
        return
    values = np.array(worth, dtype=float)
    least, escalates = limit(values, share, each)
    expanded, chosen = limit(np.repeat(values, each), share)
    assert least == expanded
    np.testing.assert_array_equal(np.repeat(escalates, each), chosen)
