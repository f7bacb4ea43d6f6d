"""The brief computes each number once, and pages and pictures see nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import trust_router as tr
from trust_router.decisions.policies import savings
from trust_router.learning.exact import closed_form
from trust_router.learning.posterior import Posterior
from trust_router.show.reports import brief as brief_file
from trust_router.show.reports import money as money_file
from trust_router.show.reports.brief import brief
from trust_router.show.reports.report import render_report

REPORTS = Path(brief_file.__file__).parent


def test_templates_and_pictures_see_no_posterior():
    for path in [*REPORTS.rglob("*.j2"), REPORTS / "pictures.py", REPORTS / "sentences.py"]:
        assert not re.search(r"\b[Pp]osterior\.|import Posterior", path.read_text()), path.name


def test_a_report_asks_for_each_table_once(exact_posterior, costs, monkeypatch):
    asked = []

    def counting(owner, name):
        original = getattr(owner, name)

        def counted(*args, **kwargs):
            asked.append(name)
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, counted)

    for name in ("trust", "need", "seats"):
        counting(Posterior, name)
    for name in ("closed_form", "judge_statements", "money_of", "insights_of"):
        counting(brief_file, name)
    for name in ("needs_of", "decided"):
        counting(money_file, name)
    render_report(exact_posterior, costs=costs)
    assert sorted(asked) == sorted(
        [
            *("trust", "need", "seats", "closed_form", "judge_statements"),
            *("money_of", "insights_of", "needs_of", "decided"),
        ]
    )


def test_what_is_told_of_the_seed_is_what_its_tables_say(exact_posterior, costs):
    told = brief(exact_posterior, costs)
    np.testing.assert_array_equal(told.trust["mean"], exact_posterior.trust_mean[0])
    assert told.trust["leads"].tolist() == [False, True, False]
    assert told.need["rate"].tolist() == [3 / 22]
    assert (told.trials, told.needs, told.missing, told.hidden) == (22, 3, 0, 0)
    assert told.single
    assert not told.some_silent
    assert told.statements.loc["claude-haiku", ["alpha", "beta"]].tolist() == [3, 3]
    assert told.seats["router_mean"].iloc[0] == exact_posterior.mixture(told.main, "simple").mean
    assert (told.oracle.largest, told.diagnostics, told.chains) == (None, None, None)
    assert told.oracle.log_evidence == pytest.approx(-10.187301368309845, abs=1e-12)
    expected = savings(exact_posterior, costs, random_seed=1).table()
    np.testing.assert_array_equal(told.money.policies.drop(columns="gain"), expected)


def test_draws_stand_beside_the_closed_form_in_monte_carlo_errors(nuts_posterior, seed):
    told = brief(nuts_posterior)
    exact = closed_form(*seed).trust.ravel()
    np.testing.assert_array_equal(told.trust["closed_form"], exact)
    expected = (told.trust["mean"] - exact) / told.trust["mcse"]
    np.testing.assert_allclose(told.trust["errors"], expected)
    assert told.oracle.largest == np.abs(expected).max()
    assert told.money is None
    assert told.chains is nuts_posterior.data


def test_many_categories_are_listed_by_volume_and_those_left_out_counted():
    names = [f"c{i}" for i in range(120)]
    panel = tr.Panel([tr.Router("r", {"j": 1.0})], [tr.Judge("j", tr.Beta(1, 3))])
    outcomes = tr.Outcomes(names, np.arange(120), np.zeros(120, dtype=int))
    told = brief(tr.solve(panel, tr.stated_beliefs(panel, names), outcomes))
    assert (told.main, told.shown[:2], len(told.shown)) == ("c119", ("c119", "c118"), 100)
    assert (told.hidden, told.by_volume, told.single) == (20, True, False)
    assert np.isnan(told.need.loc["c0", "rate"])
