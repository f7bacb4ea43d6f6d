"""One real backtest a session."""

from __future__ import annotations

import numpy as np
import pytest
from support.backtested import inputs, table

import trust_router as tr


@pytest.fixture(scope="session")
def backtested():
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
