"""What streams in is what all at once would be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.drawn import tickets
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr
from trust_router.learning.streaming import Stream

CATEGORIES = STATED.labels
SEEN = st.lists(st.tuples(st.sampled_from(CATEGORIES), st.integers(0, 1)), max_size=30)


@settings(max_examples=30)
@given(SEEN, SEEN)
def test_one_at_a_time_and_many_at_once_are_the_sum_of_counts(single, many):
    stream = Stream(PANEL, STATED, COUNTED)
    for category, outcome in single:
        stream.add(category, outcome)
    stream.add_many([c for c, _ in many], [y for _, y in many])
    trials = dict.fromkeys(CATEGORIES, 0) | dict(
        zip(COUNTED.categories, COUNTED.trials.tolist(), strict=True)
    )
    needs = dict.fromkeys(CATEGORIES, 0) | dict(
        zip(COUNTED.categories, COUNTED.needs.tolist(), strict=True)
    )
    for category, outcome in single + many:
        trials[category] += 1
        needs[category] += outcome
    assert stream.outcomes.trials.tolist() == list(trials.values())
    assert stream.outcomes.needs.tolist() == list(needs.values())
    exact = tr.solve(PANEL, STATED, stream.outcomes)
    np.testing.assert_allclose(stream.now().trust, exact.trust_mean, rtol=0, atol=1e-12)
    one = stream.now(CATEGORIES[1]).trust
    np.testing.assert_allclose(one[0], exact.trust_mean[1], rtol=0, atol=1e-12)


def test_positions_do_as_names():
    stream, other = Stream(PANEL, STATED), Stream(PANEL, STATED)
    stream.add_many(np.array([0, 2, 2]), np.array([1, 0, 1]))
    other.add_many([CATEGORIES[0], CATEGORIES[2], CATEGORIES[2]], [1, 0, 1])
    assert stream.outcomes.to_dict() == other.outcomes.to_dict()


@pytest.mark.parametrize(
    ("categories", "outcomes", "said"),
    [
        (["nowhere"], [1], "unknown category 'nowhere'"),
        ([0, 9], [1, 1], "`categories` must be positions below"),
        ([0], [2], "`outcomes` must be 0 or 1; got 2 at 0"),
        ([0, 1], [1], "an outcome a ticket; got 1 for 2"),
    ],
)
def test_what_is_wrong_is_refused_whole(categories, outcomes, said):
    stream = Stream(PANEL, STATED)
    with pytest.raises(ValueError, match=said):
        stream.add_many(categories, outcomes)
    assert stream.outcomes.trials.sum() == 0


def test_single_ones_are_looked_at_too():
    stream = Stream(PANEL, STATED)
    with pytest.raises(ValueError, match="unknown category 'nowhere'"):
        stream.add("nowhere", 1)
    with pytest.raises(ValueError, match="`outcome` must be 0 or 1; got 2"):
        stream.add(CATEGORIES[0], 2)
    with pytest.raises(ValueError, match="must be about categories"):
        Stream(PANEL, tickets({"x": [0.5]}, [1])[0])
