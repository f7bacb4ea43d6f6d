"""Insights are there where they apply, and what is left out is said."""

from __future__ import annotations

import numpy as np
import pytest
from support.desk import desk
from support.drifted import drifted

import trust_router as tr
from trust_router.show.reports import insights
from trust_router.show.reports.insights import insights_of


@pytest.fixture(scope="module")
def posterior():
    return desk()


def test_each_is_what_its_function_says(posterior):
    found = insights_of(posterior, 0.37)
    worth, check = tr.insight.judge_worth(posterior), tr.evaluation.predictive_check(posterior)
    np.testing.assert_array_equal(found.worth.judges, worth.judges)
    np.testing.assert_array_equal(found.check, check)
    assert repr(found.selection) == repr(tr.insight.selection(posterior, threshold=0.37))
    assert found.calibration.judges.loc["flipped", "slope_upper"] < 0
    curve = found.reliability.loc["all judges"]
    assert curve["tickets"].sum() == posterior.outcomes.trials.sum()
    assert curve["needs"].sum() == posterior.outcomes.needs.sum()
    assert (found.drift, found.pit, found.sensitivity, found.skipped) == (None, None, None, ())


def test_of_a_closed_form_with_one_category_only_the_check_applies(exact_posterior):
    found = insights_of(exact_posterior, 0.37)
    told = {name for name, value in vars(found).items() if value is not None and len(value)}
    assert told == {"check"}


def test_what_drifts_is_told():
    assert insights_of(drifted(), None).drift.alarm.raised is not None


def test_what_takes_too_long_is_left_out_and_said(posterior, monkeypatch):
    monkeypatch.setattr(insights, "_MANY", 10)
    found = insights_of(posterior, 0.37)
    assert (found.worth, found.selection) == (None, None)
    assert found.check is not None
    assert [each.split(" (")[0] for each in found.skipped] == [
        "what each judge is worth",
        "how far decisions hold for tickets without an outcome",
    ]
    assert f"there are {len(posterior.rows)} different tickets" in found.skipped[0]


@pytest.mark.slow
def test_a_fit_has_sensitivity_and_pit(pool_posterior):
    found = insights_of(pool_posterior, None)
    assert repr(found.sensitivity) == repr(tr.insight.prior_sensitivity(pool_posterior))
    pit = tr.evaluation.loo_pit(pool_posterior, ci_prob=0.99)
    np.testing.assert_array_equal(found.pit.values, pit.values)
