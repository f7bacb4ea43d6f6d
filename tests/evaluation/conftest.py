"""Models whose posterior is known, and one real backtest a session."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from support.backtested import inputs, table
from support.drawn import tickets

import trust_router as tr


@pytest.fixture(scope="module")
def categories():
    panel = tr.Panel(
        [tr.Router("low", {"a": 0.7, "b": 0.3}), tr.Router("high", {"b": 0.2, "c": 0.8})],
        [tr.Judge("a", tr.Beta(2, 9)), tr.Judge("b", tr.Beta(3, 3)), tr.Judge("c", tr.Beta(6, 1))],
    )
    outcomes = tr.Outcomes(["x", "y", "z"], trials=[12, 7, 1], needs=[2, 7, 0])
    return panel, tr.stated_beliefs(panel, outcomes.categories), outcomes


@pytest.fixture(scope="module")
def pooled():
    """Two judges about 60 tickets, and a pool whose only parameters are intercept and gain."""
    rng = np.random.default_rng(3)
    lo = rng.normal(-1, 1, 60).round(1)
    stated = {"a": special.expit(lo), "b": special.expit(lo + rng.normal(0, 1, 60).round())}
    beliefs, outcomes = tickets(stated, rng.random(60) < special.expit(1 + lo))
    panel = tr.Panel([tr.Router("r", {"a": 0.6, "b": 0.4})])
    return panel, beliefs, outcomes


@pytest.fixture(scope="session")
def result():
    data = inputs(table())
    facts = tr.evaluation.TicketFacts(data[1].labels, length=np.arange(240))
    return tr.backtest(
        *data,
        feedbacks=[20, 80],
        held_out=100,
        splits=3,
        facts=facts,
        costs=tr.Costs(0.03, 3.0, failure=5.0),
        draws=300,
        tune=300,
        chains=2,
    )
