"""Baselines are what they say, from any feedback."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.metrics import log_loss
from support.backtested import JUDGES, inputs, table

from trust_router.evaluation.baselines import BASELINES, Tickets
from trust_router.inputs.matching import single_tickets


def tickets(frame):
    rows, names = single_tickets(*inputs(frame))
    return Tickets(rows, names, np.arange(len(frame), dtype=float))


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("fed", [[0], [0, 1, 2], list(range(40))], ids=len)
def test_every_baseline_predicts_probabilities_from_any_feedback(name, fed):
    frame = table(60)
    frame.loc[5, "good"] = np.nan
    frame.loc[50, list(JUDGES)] = np.nan
    asked = np.arange(40, 60)
    predicted = BASELINES[name](tickets(frame), np.array(fed), asked)
    assert predicted.shape == (20,)
    assert ((predicted > 0) & (predicted < 1)).all()


def test_the_best_judge_is_the_one_that_knows():
    frame = table(400)
    every = tickets(frame)
    fed, asked = np.arange(200), np.arange(200, 400)
    predicted = BASELINES["best judge"](every, fed, asked)
    order = np.argsort(frame["good"][200:].to_numpy())
    assert (np.diff(predicted[order]) >= 0).all()


FED, ASKED = np.arange(70), np.arange(70, 120)


@pytest.fixture(scope="module")
def some():
    """Tickets of which some judges are silent, and some tickets have a category of nobody fed."""
    frame = table(120, seed=2)
    frame.loc[frame.index % 5 == 0, "good"] = np.nan
    frame.loc[frame.index % 35 == 0, "noise"] = np.nan
    return frame, tickets(frame)


def test_rates_are_those_of_loops(some):
    frame, every = some
    y = frame["outcome"].to_numpy()
    rate = (y[FED].sum() + 1) / 72
    np.testing.assert_allclose(BASELINES["random"](every, FED, ASKED), rate)
    by_category, mean = (
        BASELINES[n](every, FED, ASKED) for n in ("category rate", "mean of judges")
    )
    for i, at in enumerate(ASKED):
        inside = y[FED][(frame["category"][:70] == frame["category"][at]).to_numpy()]
        assert by_category[i] == pytest.approx((inside.sum() + 10 * rate) / (len(inside) + 10))
        said = [x for x in every.rows.mean[at] if not np.isnan(x)]
        assert mean[i] == pytest.approx(np.mean(said) if said else rate)


def features(frame, every, *, category):
    """Log odds with the median of those fed where a judge is silent, and a column a category."""
    columns = []
    for j in range(2):
        x = special.logit(every.rows.mean[:, j])
        columns.append(np.where(np.isnan(x), np.nanmedian(x[FED]), x))
    if category:
        columns += [(frame["category"] == c).to_numpy(float) for c in "abc"]
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("category", [False, True])
def test_regressions_are_those_of_scikit_learn(some, category):
    frame, every = some
    x, y = features(frame, every, category=category), frame["outcome"].to_numpy()
    expected = LogisticRegression(max_iter=1000).fit(x[FED], y[FED]).predict_proba(x[ASKED])[:, 1]
    name = "logistic regression" + " + category" * category
    np.testing.assert_allclose(BASELINES[name](every, FED, ASKED), expected)
    if category:
        searched = LogisticRegressionCV(
            Cs=10.0 ** np.arange(-4, 3), l1_ratios=(0,), cv=5, scoring="neg_log_loss",
            max_iter=2000, use_legacy_attributes=False,
        ).fit(x[FED], y[FED])  # fmt: skip
        expected = searched.predict_proba(x[ASKED])[:, 1]
        np.testing.assert_allclose(BASELINES["ridge + category"](every, FED, ASKED), expected)
    else:
        long = np.log1p(np.arange(120.0))[:, None]
        expected = LogisticRegression(max_iter=1000).fit(long[FED], y[FED])
        found = BASELINES["text length"](every, FED, ASKED)
        np.testing.assert_allclose(found, expected.predict_proba(long[ASKED])[:, 1])


def test_the_best_judge_has_the_least_loss_of_those_recalibrated(some):
    frame, every = some
    x, y = features(frame, every, category=False), frame["outcome"].to_numpy()
    learned = [LogisticRegression(max_iter=1000).fit(x[FED][:, [j]], y[FED]) for j in range(2)]
    loss = [log_loss(y[FED], m.predict_proba(x[FED][:, [j]])) for j, m in enumerate(learned)]
    best = int(np.argmin(loss))
    expected = learned[best].predict_proba(x[ASKED][:, [best]])[:, 1]
    np.testing.assert_allclose(BASELINES["best judge"](every, FED, ASKED), expected)


@pytest.mark.parametrize("rare", [1, 2, 3])
def test_a_penalty_is_chosen_where_each_fold_can_have_both_outcomes(some, rare):
    frame, every = some
    x, y = features(frame, every, category=True), frame["outcome"].to_numpy()
    fed = np.sort(np.r_[np.flatnonzero(y == 1)[:rare], np.flatnonzero(y == 0)[:20]])
    found = BASELINES["ridge + category"](every, fed, ASKED)
    if rare == 1:
        np.testing.assert_allclose(found, 2 / 23)
    else:
        silent = np.isnan(special.logit(every.rows.mean))
        for j in range(2):
            x[silent[:, j], j] = np.median(x[fed][~silent[fed, j], j])
        searched = LogisticRegressionCV(
            Cs=10.0 ** np.arange(-4, 3), l1_ratios=(0,), cv=rare, scoring="neg_log_loss",
            max_iter=2000, use_legacy_attributes=False,
        ).fit(x[fed], y[fed])  # fmt: skip
        np.testing.assert_allclose(found, searched.predict_proba(x[ASKED])[:, 1])
