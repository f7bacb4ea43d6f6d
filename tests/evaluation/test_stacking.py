"""A stack predicts the weighted mean of its models."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pooled import pool_draws

import trust_router as tr
from trust_router.evaluation.stacking import _shared_out, _stretched


def test_a_stack_predicts_the_weighted_mean(pooled):
    panel, beliefs, outcomes = pooled
    models = {
        "both": pool_draws(panel, beliefs, outcomes)[0],
        "b": pool_draws(tr.Panel([tr.Router("r", {"b": 1.0})]), beliefs, outcomes)[0],
    }
    stacked = tr.evaluation.Stack(models, tr.compare(models).assign(weight=[0.75, 0.25]))
    prediction = stacked.predict(beliefs)
    parts = [models[name].predict(beliefs) for name in stacked.weights.index]
    expected = 0.75 * parts[0].mean + 0.25 * parts[1].mean
    spread = 5 * max(part.need.sd.max() for part in parts) / np.sqrt(250)
    np.testing.assert_allclose(prediction.mean, expected, atol=spread)
    assert prediction.need.values.shape[0] == 1000
    assert len(prediction.table()) == 60


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=6), st.integers(1, 1000))
def test_draws_are_shared_out_by_weight_to_less_than_one_each(parts, draws):
    weights = np.array(parts) / sum(parts)
    counts = _shared_out(weights, draws)
    assert counts.sum() == draws
    assert np.abs(counts - weights * draws).max() < 1


def test_largest_remainders_come_first():
    assert _shared_out(np.array([0.34, 0.5, 0.16]), 10).tolist() == [3, 5, 2]


@pytest.mark.parametrize(
    ("number", "taken"), [(2, [1, 4]), (3, [1, 3, 5]), (6, [0, 1, 2, 3, 4, 5])]
)
def test_draws_are_taken_evenly_from_those_there_are(number, taken):
    assert _stretched(np.arange(6), number).tolist() == taken
    assert _stretched(np.arange(2), 4).tolist() == [0, 0, 1, 1]


def test_stacking_gives_weights_that_add_up(pooled):
    panel, beliefs, outcomes = pooled
    good, _ = pool_draws(panel, beliefs, outcomes)
    other, _ = pool_draws(tr.Panel([tr.Router("r", {"b": 1.0})]), beliefs, outcomes)
    stacked = tr.evaluation.stack({"good": good, "other": other})
    assert stacked.weights.sum() == pytest.approx(1)
    assert stacked.weights["good"] > stacked.weights["other"]
    assert "good" in repr(stacked)
    assert stacked.table().index.tolist() == stacked.weights.index.tolist()


def test_a_stack_says_which_models_outcomes_do_not_tell_from_the_best():
    behind = pd.DataFrame(
        {
            "elpd_diff": [0.0, -3.9, -9.0, -9.0, -30.0],
            "dse": [0.0, 0.1, 4.6, 4.4, 3.0],
            "weight": [0.7, 0.1, 0.1, 0.1, 0.0],
        },
        index=pd.Index(["best", "near", "unsure", "sure", "far"], name="model"),
    )
    stacked = tr.evaluation.Stack({}, behind)
    assert stacked.undecided == ("near", "unsure")
    assert repr(stacked).endswith("far 0%; outcomes do not tell near, unsure from best)")
    alone = tr.evaluation.Stack({}, behind.loc[["best", "far"]])
    assert alone.undecided == ()
    assert repr(alone) == "Stack(best 100%, far 0%)"


def test_what_cannot_predict_cannot_be_stacked(categories):
    exact = tr.solve(*categories)
    with pytest.raises(ValueError, match="the seed model 'a' cannot; leave it out"):
        tr.evaluation.stack({"a": exact, "b": exact})


def test_one_posterior_is_no_stack(categories):
    with pytest.raises(ValueError, match="must map two or more names to fitted models"):
        tr.evaluation.stack(tr.solve(*categories))


def test_weights_are_those_that_foretell_tickets_best(pooled):
    """The score of a mean of two models, maximised on a grid, from exact leave-one-out values."""
    panel, beliefs, outcomes = pooled
    other = tr.Panel([tr.Router("r", {"a": 0.05, "b": 0.95})])
    models, exact = zip(
        *(pool_draws(p, beliefs, outcomes, number=20_000) for p in (panel, other)), strict=True
    )
    rows = models[0].rows
    counts = np.stack([rows.trials - rows.needs, rows.needs], axis=-1)
    first, second = (np.exp(values)[counts > 0] for values in exact)
    weight = np.linspace(0, 1, 1001)
    mixed = weight[:, None] * first + (1 - weight[:, None]) * second
    score = np.log(mixed) @ counts[counts > 0]
    got = tr.evaluation.stack(dict(zip("ab", models, strict=True))).weights["a"]
    assert got == pytest.approx(weight[score.argmax()], abs=0.05)
    assert score.max() - np.interp(got, weight, score) < 0.01


def test_models_that_share_no_judge_are_stacked_by_tickets_that_are_named(pooled):
    _, beliefs, outcomes = pooled
    models = {
        name: pool_draws(tr.Panel([tr.Router("r", {name: 1.0})]), beliefs, outcomes, number=400)[0]
        for name in "ab"
    }
    stacked = tr.evaluation.stack(models, beliefs=beliefs, outcomes=outcomes)
    expected = tr.compare(models, beliefs=beliefs, outcomes=outcomes)
    pd.testing.assert_frame_equal(stacked.comparison, expected)
    assert stacked.weights.to_dict() == pytest.approx(expected["weight"].to_dict())
