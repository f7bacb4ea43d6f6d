"""Predictions say what is known of each ticket, and what is not."""

from __future__ import annotations

import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from support.pooled import pool_draws

import trust_router as tr
from trust_router.basics.draws import NeedDraws
from trust_router.inputs.matching import match
from trust_router.inputs.ticket_log import TicketLog
from trust_router.learning.prediction import Prediction, predict

VALUES = np.array([[0.1, 0.6], [0.3, 0.8], [0.2, 0.7]])


def prediction(**changes):
    arguments = {
        "tickets": ("t1", "t2", "t3"),
        "category": ("a", "new", "a"),
        "need": NeedDraws(VALUES),
        "row": np.array([0, 1, 0]),
        "unseen": np.array([False, True, False]),
        "speaking": np.array([2, 1, 2]),
    }
    return Prediction(**(arguments | changes))


def test_tickets_that_look_alike_share_a_need():
    np.testing.assert_allclose(prediction().mean, [0.2, 0.7, 0.2])


@pytest.mark.parametrize("kind", ["eti", "hdi"])
def test_table_has_a_line_for_each_ticket_and_says_what_is_unseen(kind):
    table = prediction().table(0.8, kind)
    assert table.index.tolist() == ["t1", "t2", "t3"]
    assert table["category"].tolist() == ["a", "new", "a"]
    assert table["unseen"].tolist() == [False, True, False]
    assert table["judges"].tolist() == [2, 1, 2]
    np.testing.assert_allclose(table["need"], [0.2, 0.7, 0.2])
    assert (table["lower"] <= table["need"]).all()
    assert (table["need"] <= table["upper"]).all()
    np.testing.assert_allclose(table.loc["t1", "lower":"upper"], table.loc["t3", "lower":"upper"])


def test_it_says_how_many_are_of_unseen_categories():
    assert repr(prediction()) == ("Prediction(3 tickets, mean need 36.7%, 1 of unseen categories)")
    seen = prediction(unseen=np.zeros(3, dtype=bool))
    assert repr(seen) == "Prediction(3 tickets, mean need 36.7%)"


def test_a_closed_form_predicts_no_tickets(seed):
    posterior = tr.solve(*seed)
    with pytest.raises(ValueError, match="a closed form predicts no tickets; fit the pool or swit"):
        posterior.predict(seed[1])


def test_a_prediction_knows_what_was_foretold_before(pooled):
    posterior, _ = pool_draws(*pooled, number=200)
    prediction = posterior.predict(pooled[1])
    assert prediction.past is not None
    np.testing.assert_array_equal(prediction.past.tickets, posterior.foretold.tickets)
    np.testing.assert_array_equal(prediction.past.need, posterior.foretold.need)


def test_lines_of_the_table_are_named_after_what_they_are():
    assert prediction().table().index.name == "ticket"


PANEL = tr.Panel([tr.Router("r", {"x": 0.5, "y": 0.5})])
SOURCE = SimpleNamespace(
    panel=PANEL,
    rows=SimpleNamespace(about="ticket", categories=("a",)),
    chains=1,
    need_draws=lambda rows, draws: np.full((draws, len(rows)), 0.5),
)


def asked(tickets):
    table = [{"ticket": t, "category": "a", "x": 0.1 * i} for i, t in enumerate(tickets)]
    return tr.read_beliefs(table, judges=PANEL)


def test_a_judge_of_the_panel_that_is_absent_from_a_table_is_said_aloud():
    said = "1 of 2 judges of the panel says nothing of any of 2 tickets, .* without it: y; is a col"
    with pytest.warns(UserWarning, match=said):
        predict(SOURCE, asked(["t", "u"]), 10, True, None)
    silent = [{"ticket": t, "x": 0.2, "y": None} for t in "tu"]
    with pytest.warns(UserWarning, match=said):
        predict(SOURCE, tr.read_beliefs(silent, judges=PANEL), 10, True, None)


def test_of_a_single_ticket_a_judge_may_say_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        predict(SOURCE, asked(["t"]), 10, True, None)


class Source:
    """What predicts, with two categories."""

    chains = 1

    def __init__(self, panel, rows):
        self.panel, self.rows = panel, rows

    def need_draws(self, rows, draws):
        return np.full((4, len(rows)), 0.5)


@pytest.mark.parametrize(
    ("category", "said"),
    [
        (None, r"none of 2 tickets has a category, .* the fit knows login, refund"),
        (["x", ""], r"none of 2 tickets is of a category that was fitted.* the tickets 'x'"),
    ],
)
def test_tickets_of_which_none_has_a_known_category_are_questioned(category, said):
    panel = tr.Panel([tr.Router("r", {"a": 1.0})])
    beliefs = tr.Beliefs(["s", "t"], ["a"], [[1], [2]], [[1], [2]], about="ticket")
    log = TicketLog(["s", "t"], [0, 1], [0, 1])
    outcomes = tr.Outcomes(["login", "refund"], [1, 1], [0, 1], log=log)
    source = Source(panel, match(panel, beliefs, outcomes))
    with pytest.warns(UserWarning, match=said):
        assert predict(source, replace(beliefs, category=category), 4, True, None).unseen.all()
    predict(source, replace(beliefs, category=["", "login"]), 4, True, None)  # one is enough
    alone = tr.Beliefs(["s"], ["a"], [[1]], [[1]], about="ticket")
    assert predict(source, alone, 4, True, None).unseen.all()  # a single one may well be new
