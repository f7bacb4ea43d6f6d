"""What is asked about becomes rows, and nothing that was said of it is lost."""

from __future__ import annotations

import numpy as np
import pytest
from support.matching import NAN, PANEL, tickets

import trust_router as tr
from trust_router.inputs.predicted import rows_to_predict


def test_rows_to_predict_know_what_is_unseen_and_where_each_ticket_went():
    beliefs = tickets([[0.2, 0.4], [0.3, NAN], [0.2, 0.4]], category=["a", "new", "a"])
    rows, inverse = rows_to_predict(PANEL, beliefs, ("b", "a"))
    assert len(rows) == 2
    assert rows.category[inverse].tolist() == [1, -2, 1]
    assert [rows.names[i] for i in inverse] == ["a", "new", "a"]
    np.testing.assert_allclose(rows.mean[inverse], beliefs.mean)
    assert rows.number[inverse].tolist() == [2, 1, 2]
    assert rows.trials.sum() == 0


def test_rows_to_predict_take_tickets_on_which_nobody_speaks():
    rows, inverse = rows_to_predict(PANEL, tickets([[NAN, NAN]]), ("a",))
    assert inverse.tolist() == [0]
    assert np.isnan(rows.alpha).all()


def test_categories_to_predict_need_a_belief_of_every_judge():
    stated = tr.Beliefs(["b", "new"], ["y", "x"], [[1, 2], [3, 4]], [[5, 6], [7, 8]])
    rows, inverse = rows_to_predict(PANEL, stated, ("a", "b"))
    assert rows.category[inverse].tolist() == [1, -2]
    np.testing.assert_array_equal(rows.alpha[inverse], [[2, 1], [4, 3]])
    with pytest.raises(ValueError, match="there is no belief for judge 'y'; beliefs cover 1: x"):
        rows_to_predict(PANEL, tr.Beliefs(["a"], ["x"], [[1]], [[1]]), ("a",))


def test_tickets_of_no_category_are_of_the_only_one_where_there_are_none():
    rows, _ = rows_to_predict(PANEL, tickets([[0.2, 0.4]]), ("all",))
    assert rows.category.tolist() == [0]
    rows, _ = rows_to_predict(PANEL, tickets([[0.2, 0.4]]), ("a",))
    assert rows.category.tolist() == [-1]
