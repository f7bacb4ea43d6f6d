"""Methods predict what is asked, and models say how groups were foretold."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from support.backtested import inputs, table

from trust_router import defaults
from trust_router.evaluation.baselines import BASELINES, Tickets
from trust_router.evaluation.methods import learned, refitted
from trust_router.inputs.matching import single_tickets

FED, ASKED = np.arange(40), np.arange(40, 240)


@pytest.fixture(scope="module")
def given():
    rows, names = single_tickets(*inputs(table()))
    return Tickets(rows, names)


class Sure:
    """Stands for a compiled model that is sure of the need of every ticket: the judge's mean."""

    def fit_rows(self, rows, *, random_seed, on_failure):
        assert rows.trials.sum() == len(FED)
        return SimpleNamespace(
            diagnostics=None,
            facts=SimpleNamespace(has_mixtures=False),
            need_draws=lambda part: np.tile(part.mean[:, 0], (50, 1)),
        )


def test_a_baseline_has_no_draws_of_groups(given):
    found = learned(BASELINES["random"])(given, FED, ASKED, 0)
    assert found.converged
    assert found.groups is None
    np.testing.assert_allclose(found.need, BASELINES["random"](given, FED, ASKED))


def test_a_model_is_asked_for_the_tickets_a_few_at_a_time(given, monkeypatch):
    apart = np.random.default_rng(0).random(240)
    whole = refitted(Sure(), 3, apart)(given, FED, ASKED, 0)
    monkeypatch.setattr(defaults, "POINTWISE_VALUES", 7 * defaults.PREDICTION_DRAWS)
    parts = refitted(Sure(), 3, apart)(given, FED, ASKED, 0)
    assert not whole.converged  # nothing is known of its draws
    np.testing.assert_allclose(whole.need, given.rows.mean[ASKED, 0])
    np.testing.assert_allclose(whole.need, parts.need)
    known = ["groups", "group", "tickets", "predicted", "observed"]
    pd.testing.assert_frame_equal(whole.groups[known], parts.groups[known])
    assert set(whole.groups["groups"]) == {"category", "need", "disagreement x need"}


def test_places_are_drawn_anew_in_each_split_and_the_same_when_run_again(given):
    method = refitted(Sure(), 3, np.zeros(240))
    one, again, other = (method(given, FED, ASKED, split).groups["place"] for split in (0, 0, 1))
    assert one.equals(again)
    assert not one.equals(other)
