"""Baselines are what they say, from any feedback."""

from __future__ import annotations

import numpy as np
import pytest
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
