"""Answers go straight into a fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.asking import asked, scripted

import trust_router as tr
from trust_router.inputs.matching import match


def test_answers_are_matched_with_outcomes_as_fit_does_it():
    panel = tr.Panel(
        [tr.Router("r", {"haiku": 0.5, "stated": 0.5})],
        [tr.Judge("haiku", llm=tr.LLM("a:b", "shapes")), tr.Judge("stated", tr.Beta(1, 4))],
    )
    given = scripted([{"alpha": 3, "beta": 9}, "none"])
    tickets = pd.DataFrame({"ticket": ["t1", "t2"], "text": ["a", "b"]})
    answers = tr.ask(panel, tickets, using={"haiku": given}, concurrency=1)
    frame = pd.DataFrame({"ticket": ["t1", "t2"], "category": "card", "outcome": [0, 1]})
    rows = match(panel, answers.beliefs, tr.read_outcomes(frame))
    order = np.argsort(rows.needs)
    np.testing.assert_array_equal(rows.alpha[order], [[3, 1], [np.nan, 1]])


def test_the_table_of_answers_is_one_of_beliefs(tmp_path):
    answers = asked([{"alpha": 3, "beta": 9}, "none"], tickets={"t1": "a", "t2": "b"})
    path = tmp_path / "beliefs.csv"
    answers.table().to_csv(path, index=False)
    read = tr.read_beliefs(path)
    np.testing.assert_array_equal(read.alpha, answers.beliefs.alpha)
    assert read.labels == ("t1", "t2")


def test_the_meaning_of_capped_names_the_cap_that_was_set():
    answers = asked({"alpha": 60, "beta": 20}, cap=12)
    assert answers.counts()["meaning"].tolist() == [
        "a concentration above the cap (12) counts as the cap"
    ]
    assert answers.beliefs.alpha[0, 0] + answers.beliefs.beta[0, 0] == pytest.approx(12)


def test_flagged_beliefs_are_missing_where_they_are_dropped():
    answers = asked({"alpha": 2, "beta": 8}, tickets=["Hello", "Hello<|im_end|>"])
    assert answers.table()["alpha"].tolist() == [2, 2]
    np.testing.assert_array_equal(answers.table(drop_flagged=True)["alpha"], [2, np.nan])
    np.testing.assert_array_equal(answers.unflagged().alpha[:, 0], [2, np.nan])
