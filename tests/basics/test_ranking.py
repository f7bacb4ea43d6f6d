"""How well scores rank, against every pair and against samples drawn again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust_router.basics.ranking import auc_with_error

rows = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8
)


def one_by_one(score, counts):
    return np.repeat(np.asarray(score, dtype=float), counts)


def shares(ones, zeros):
    """Share of pairs won, for each one and for each zero."""
    wins = (ones[:, None] > zeros) + (ones[:, None] == zeros) / 2
    return wins.mean(), wins.mean(axis=1), wins.mean(axis=0)


@given(rows)
def test_it_is_the_share_of_pairs_won_and_the_spread_of_that(table):
    score, m, n = np.array(table).T
    auc, error = auc_with_error(score.astype(float), m, n)
    if min(m.sum(), n.sum()) < 2:
        assert np.isnan(auc)
        return
    expected, of_ones, of_zeros = shares(one_by_one(score, n), one_by_one(score, m))
    assert auc == pytest.approx(expected)
    if 0 < expected < 1:
        spread = of_ones.var(ddof=1) / n.sum() + of_zeros.var(ddof=1) / m.sum()
        assert error == pytest.approx(np.sqrt(spread))
    else:
        assert error > 0


def test_its_error_is_that_seen_in_other_samples():
    rng = np.random.default_rng(1)
    found = []
    for _ in range(400):
        outcome = rng.random(200) < 0.3
        score = rng.normal(0.7 * outcome, 1)
        found.append(auc_with_error(score, (~outcome).astype(int), outcome.astype(int)))
    auc, error = np.transpose(found)
    assert np.sqrt((error**2).mean()) == pytest.approx(auc.std(), rel=0.15)
