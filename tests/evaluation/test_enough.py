"""How many outcomes it takes goes with the rarer kind, and with what is known of its rate."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy import stats

import trust_router as tr
from trust_router.evaluation.enough import outcomes_needed


def of(known, needs):
    return outcomes_needed(tr.Outcomes(["a"], trials=[known], needs=[needs]))


def test_the_range_is_that_of_the_rule_over_the_interval_of_the_rate():
    found = of(100, 20)
    rate = stats.beta(20.5, 80.5).interval(0.89)
    assert found.least == round(60 / rate[1])
    assert found.most == round(180 / rate[0])
    assert found.missing == (found.least - 100, found.most - 100)


def test_needs_and_resolved_are_alike():
    assert of(100, 20) == of(100, 80)


@pytest.mark.parametrize(
    ("known", "needs", "said"),
    [
        (1848, 351, "351 of the rarer kind: enough, for it takes 60 to 180"),
        (500, 100, "perhaps enough, .* at most [0-9]+ more"),
        (25, 5, "not enough, .* 147 to 1,805 more"),
        (10, 0, "not enough, .* 290 to 890 more outcomes if one in five is of it"),
        (0, 0, "0 outcomes"),
    ],
)
def test_it_is_said_in_words(known, needs, said):
    assert re.search(said, str(of(known, needs)))


def test_more_outcomes_never_ask_for_more():
    most = [of(n, n // 5).missing[1] for n in range(50, 1000, 50)]
    assert most == sorted(most, reverse=True)
    assert most[-1] == 0


def test_the_rule_is_what_the_desk_shows():
    """The figures of docs/evaluation.md, by which nine tenths of the gain came after 61 needs."""
    sizes = np.log([25, 50, 100, 200, 400, 800, 1600])
    loss = np.array([0.490, 0.515, 0.503, 0.475, 0.454, 0.445, 0.444])
    gain = (0.609 - loss) / (0.609 - loss[-1])
    outcomes = np.exp(np.interp(0.9, gain[3:], sizes[3:]))
    assert 60 <= outcomes * 0.19 <= 63


def test_only_outcomes_are_taken():
    with pytest.raises(TypeError, match="outcomes"):
        outcomes_needed([1, 0])
