"""How many independent judges those of a panel count as, on judges of which it is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats
from support import known_pool
from support.drawn import tickets

import trust_router as tr
from trust_router.insight import effective
from trust_router.insight.effective import _judges, _numbers, effective_of
from trust_router.insight.twin import Moments, at_least, twin

SIX = np.full(6, 0.7)
NONE = np.zeros(6)
THREE = np.array([0.6, 0.6, 0.6, 0, 0, 0])
TRUE_OF_THREE = 4.24  # k' S^-1 k / mean(k^2 / diag S), and S the covariance of the errors


def simulated(knows, shares, seed=1, size=1500):
    """Scores of judges with these loadings, whose tickets differ in need and in category."""
    rng = np.random.default_rng(seed)
    category, level = rng.integers(0, 4, size), rng.normal(0, 0.5, 4)
    t, f = rng.normal(size=(2, size, 1))
    own = np.sqrt(1 - knows**2 - shares**2) * rng.normal(size=(size, len(knows)))
    scores = knows * t + shares * f + own + 0.5 * level[category][:, None]
    need = special.expit(-0.4 + level[category] + 1.8 * t[:, 0])
    return scores, rng.random(size) < need, [f"kind {c}" for c in category]


def counted(scores, outcome, category):
    stated = {f"judge {j}": special.expit(column) for j, column in enumerate(scores.T)}
    panel = tr.Panel(
        [tr.Router("all", dict.fromkeys(stated, 1 / len(stated)))],
        [tr.Judge(name, by_ticket=True) for name in stated],
    )
    return tr.insight.effective_judges(panel, *tickets(stated, outcome, category))


def test_independent_errors_count_each_and_errors_that_some_share_as_known():
    # Within outcomes of such judges errors correlate by .25, for need still differs there.
    assert counted(*simulated(SIX, NONE)).numbers.loc["most", "number"] > 5.2
    shared = counted(*simulated(SIX, THREE)).numbers
    assert shared.loc["most", "number"] == pytest.approx(TRUE_OF_THREE, abs=0.4)
    assert shared.loc["least", "upper"] < TRUE_OF_THREE


def test_what_all_share_alike_lies_between_the_two_numbers():
    # 6 x .36 / (.28 + 6 x .36) over .36 / .64: luck in the outcome would look the same.
    numbers = counted(*simulated(SIX - 0.1, NONE + 0.6)).numbers
    assert numbers.loc["least", "lower"] < 1.57 < numbers.loc["most", "upper"]
    assert numbers.loc["least", "number"] == pytest.approx(1.4, abs=0.15)


def test_a_reversed_judge_counts_as_if_it_were_not():
    scores, *rest = simulated(SIX, THREE)
    straight = counted(scores, *rest)
    turned = counted(scores * [1, -1, 1, 1, 1, -1], *rest)
    assert turned.numbers.to_numpy() == pytest.approx(straight.numbers.to_numpy(), rel=0.02)
    assert turned.judges["correlation"].iloc[1] < 0


def test_a_copy_does_not_count_and_a_near_one_hardly():
    scores, *rest = simulated(SIX[:4], NONE[:4])
    four = counted(scores, *rest).numbers["number"]
    copied = counted(np.hstack([scores, scores[:, :1]]), *rest)
    assert copied.judges["role"].tolist() == ["counts"] * 4 + ["copy"]
    assert copied.numbers["number"].to_numpy() == pytest.approx(four.to_numpy())
    assert "copy: judge 4" in repr(copied)
    near = scores[:, :1] + 0.1 * np.random.default_rng(2).normal(size=(len(scores), 1))
    nearly = counted(np.hstack([scores, near]), *rest).numbers["number"]
    assert nearly["most"] < 4.1
    assert nearly["least"] < four["least"] + 0.3


def test_who_knows_nothing_does_not_count():
    knows = np.array([0.7, 0.7, 0.7, 0.7, 0, 0])
    found = counted(*simulated(knows, NONE))
    assert found.judges["role"].tolist() == ["counts"] * 4 + ["knows nothing"] * 2
    assert "4 judges count as at most" in repr(found)
    assert found.table().loc["most", "upper"] <= 4
    alone = counted(*simulated(knows[3:], NONE[3:]))
    assert repr(alone).startswith("1 judge of 3 can be counted")


def test_silent_judges_are_missing_and_no_middle_opinion():
    scores, *rest = simulated(SIX, THREE)
    full = counted(scores, *rest).numbers["number"]
    hidden = np.random.default_rng(3).random(scores.shape) < 0.3
    some = counted(np.where(hidden, np.nan, scores), *rest).numbers["number"]
    assert some.to_numpy() == pytest.approx(full.to_numpy(), abs=0.4)


def test_two_judges_have_no_most_and_it_is_said():
    found = counted(*simulated(SIX[:2], THREE[:2]))
    assert found.numbers.loc["most", "number"] == pytest.approx(2, abs=0.1)
    assert "at most says nothing" in repr(found)


def test_what_cannot_be_counted_is_refused(exact_posterior):
    scores, outcome, category = simulated(SIX[:2], NONE[:2], size=19)
    with pytest.raises(ValueError, match="20 outcomes or more; got 19"):
        counted(scores, outcome, category)
    scores, outcome, category = simulated(SIX[:2], NONE[:2], size=40)
    with pytest.raises(ValueError, match="both outcomes"):
        counted(scores, np.ones(40), category)
    with pytest.raises(ValueError, match="one judge is one judge"):
        counted(scores[:, :1], outcome, category)
    inputs = exact_posterior.panel, exact_posterior.beliefs, exact_posterior.outcomes
    with pytest.raises(ValueError, match="must be about tickets"):
        tr.insight.effective_judges(*inputs)


def test_both_outcomes_must_be_of_one_category():
    scores = simulated(SIX[:2], NONE[:2], size=40)[0]
    apart = np.arange(40) < 20
    with pytest.raises(ValueError, match="both outcomes"):
        counted(scores, apart, np.where(apart, "a", "b").tolist())


@pytest.mark.parametrize("knows", [1, 0])
def test_one_judge_or_none_that_knows_something_counts_as_so_many(knows):
    known = np.array([0.9 * knows, 0, 0])
    found = counted(*simulated(known, NONE[:3], seed=2, size=400))
    assert (found.judges["role"] == "counts").sum() == knows
    assert found.numbers.columns.tolist() == ["number", "lower", "upper"]
    assert (found.numbers == knows).all(axis=None)
    assert repr(found).startswith(f"{knows} judge{'s' * (1 - knows)} of 3 can be counted")


@pytest.mark.parametrize("prob", [0.5, 0.89])
def test_which_judges_count_is_told_by_their_correlations_and_errors(prob):
    known, error = np.array([0.5, 0.1, -0.4, 0.5, 0.19]), 0.1
    pairs = np.full(10, 0.3)
    pairs[2], pairs[6] = 0.9995, 0.99  # the fourth is a copy of the first; of the third nearly one
    found = Moments(np.concatenate([known, pairs]), error**2 * np.eye(15), 5)
    table = _judges(("a", "b", "c", "d", "e"), found, prob)
    assert table["role"].tolist() == ["counts", "knows nothing", "counts", "copy", "knows nothing"]
    assert table.index.name == "judge"
    reach = stats.norm.ppf((1 + prob) / 2) * error
    np.testing.assert_allclose(table["correlation"], known)
    np.testing.assert_allclose(table["lower"], known - reach)
    np.testing.assert_allclose(table["upper"], known + reach)


def test_numbers_lie_inside_their_intervals_and_between_one_and_all(monkeypatch):
    monkeypatch.setattr(effective, "_DRAWS", 30)
    i, j = np.triu_indices(4, 1)
    k = np.array([0.6, 0.5, 0.6, 0.4])
    exact = np.concatenate([0.8 * k, k[i] * k[j]])
    found = Moments(exact, 0.03**2 * np.eye(10), 4)
    wide, narrow = _numbers(found, 0.95), _numbers(found, 0.5)
    np.testing.assert_array_equal(wide[:, 0], narrow[:, 0])
    np.testing.assert_allclose(wide[:, 0], [twin(found).effective, at_least(found)])
    for numbers in (wide, narrow):
        assert (numbers[:, 1] <= numbers[:, 0]).all()
        assert (numbers[:, 0] <= numbers[:, 2]).all()
        assert ((numbers >= 1) & (numbers <= 4)).all()
    assert (wide[:, 1] <= narrow[:, 1]).all()
    assert (wide[:, 2] >= narrow[:, 2]).all()
    poor = Moments(exact / 20, 0.2**2 * np.eye(10), 4)
    assert _numbers(poor, 0.9).min() >= 1


def test_a_posterior_counts_the_judges_it_was_fitted_with():
    posterior, given = known_pool.counted(*known_pool.four_who_know())
    found = effective_of(posterior)
    assert repr(found) == repr(given)
    assert found.numbers.equals(given.numbers)
    assert found.judges.equals(given.judges)
    assert 1 < found.numbers.loc["least", "number"] < 4


def test_a_posterior_of_which_nothing_can_be_told_counts_nobody(exact_posterior):
    stated, outcome = known_pool.four_who_know()
    few = {name: said[:19] for name, said in stated.items()}
    assert effective_of(exact_posterior) is None  # beliefs about categories
    assert effective_of(known_pool.fitted({"judge 0": stated["judge 0"]}, [1.0], outcome)) is None
    assert effective_of(known_pool.fitted(few, np.ones(4), outcome[:19])) is None
    assert effective_of(known_pool.fitted(stated, np.ones(4), np.ones(400, int))) is None
