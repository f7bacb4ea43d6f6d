"""Judges are checked whenever somebody asks, and unconverged draws are refused as elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

import trust_router as tr


def test_a_backwards_judge_is_found_in_the_closed_form():
    need = np.linspace(0.1, 0.9, 8)
    names = [f"c{i}" for i in range(8)]
    panel = tr.Panel([tr.Router("r", {"bad": 1.0})])
    beliefs = tr.Beliefs(names, ["bad"], 9 * (1 - need[:, None]), 9 * need[:, None])
    outcomes = tr.Outcomes(names, [30] * 8, (30 * need).astype(int))
    (found,) = (f for f in tr.insight.check_judges(tr.solve(panel, beliefs, outcomes)) if f.judges)
    assert (found.kind, found.judges) == ("reversed", ("bad",))
    assert found.numbers["upper"] < 0.5


def test_something_else_is_refused():
    with pytest.raises(TypeError, match="`posterior`"):
        tr.insight.check_judges("posterior.nc")
