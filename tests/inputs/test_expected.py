"""What stands where an object of ours is expected is named, with the call that gives the object."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

import trust_router as tr
from trust_router.examples import load_seed
from trust_router.inputs.expected import expect
from trust_router.inputs.llm import LLM
from trust_router.inputs.matching import match, single_tickets
from trust_router.inputs.predicted import rows_to_predict
from trust_router.learning.prediction import Prediction

PANEL, BELIEFS, OUTCOMES = load_seed()
FRAME = pd.DataFrame({"category": ["a"], "outcome": [1]})
ORDER = "the order is panel, beliefs, outcomes"


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        (
            FRAME,
            tr.Outcomes,
            "must be Outcomes; got a DataFrame; read it with `read_outcomes(frame)`",
        ),
        (
            pl.DataFrame(),
            tr.Beliefs,
            "be Beliefs; got a DataFrame; read it with `read_beliefs(fr",
        ),
        (
            FRAME,
            tr.Panel,
            "be a Panel; got a DataFrame; make it with `Panel(routers, judges)`",
        ),
        ("p.toml", tr.Panel, "must be a Panel; got 'p.toml'; read it with `read_panel(path)`"),
        (Path("p.nc"), tr.Posterior, "be a Posterior; got 'p.nc'; read it with `load(path)`"),
        ("c.toml", tr.Costs, "must be Costs; got 'c.toml'; read it with `read_costs(path)`"),
        ({}, tr.Panel, "must be a Panel; got a dict; make it with `Panel.from_dict(data)`"),
        ({}, tr.Costs, "must be Costs; got a dict; make it with `Costs(simple, complex)`"),
        (None, tr.Outcomes, "got None; make it with `Outcomes(categories, trials, needs)`"),
        ([1], tr.Posterior, "got [1]; make it with `solve(panel, beliefs, outcomes)`"),
        (OUTCOMES, tr.Beliefs, f"must be Beliefs; got Outcomes: {ORDER}"),
        (BELIEFS, tr.Panel, f"must be a Panel; got Beliefs: {ORDER}"),
        (PANEL, tr.Costs, f"must be Costs; got a Panel: {ORDER}, posterior, costs"),
        (BELIEFS, Prediction, "got Beliefs; make it with `posterior.predict(beliefs)`"),
        ({}, LLM, "must be of kind LLM; got a dict"),
    ],
)
def test_one_sentence_says_what_to_call_instead(value, kind, message):
    with pytest.raises(TypeError) as caught:
        expect(value, kind, "it")
    assert message in str(caught.value)
    assert str(caught.value).startswith("`it` must be ")


def test_what_is_expected_passes():
    expect(PANEL, tr.Panel, "panel")
    expect(True, int, "number")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: match(PANEL, OUTCOMES, BELIEFS), f"`beliefs` must be Beliefs; .*: {ORDER}$"),
        (lambda: match(PANEL, BELIEFS, FRAME), "`outcomes` must be Outcomes; got a DataFrame; r"),
        (lambda: match("p.toml", BELIEFS, OUTCOMES), "`panel` must be a Panel; got 'p.toml'; r"),
        (lambda: single_tickets(PANEL, None, OUTCOMES), "`beliefs` must be Beliefs; got None"),
        (lambda: rows_to_predict(PANEL, np.ones(2), ["a"]), "`beliefs` must be Beliefs; got arr"),
        (lambda: tr.stated_beliefs(BELIEFS, ["a"]), f"`panel` must be a Panel; .*: {ORDER}$"),
    ],
)
def test_matching_refuses_what_is_swapped_or_not_read(call, message):
    with pytest.raises(TypeError, match=message):
        call()
