"""`judges` and `savings` print what Python says, for people and as JSON."""

from __future__ import annotations

import json

import pytest
from support.commands import PANEL
from support.desk import desk, turned

import trust_router as tr
from trust_router.cli.judging import _less, _sure, _Told
from trust_router.show.reports.money import money_of


def test_judges_are_the_table_of_the_posterior(trust_router, pool_posterior, saved_pool):
    code, out, err = trust_router("judges", "--posterior", saved_pool, "--json")
    assert code == 0, err
    found = json.loads(out)
    table, worth = pool_posterior.judges(), tr.insight.judge_worth(pool_posterior).table()
    assert [row["judge"] for row in found["judges"]] == list(table.index)
    for row in found["judges"]:
        assert row["auc"] == pytest.approx(table.auc[row["judge"]])
        assert row["slope_upper"] == pytest.approx(table.slope_upper[row["judge"]])
        assert row["worth"] == pytest.approx(worth.change[row["judge"]])
        assert row["repeated"] == pytest.approx(worth.repeated[row["judge"]])
    said = [finding["sentence"] for finding in found["findings"]]
    assert said == [finding.sentence for finding in tr.insight.check_judges(pool_posterior)]


def test_judges_are_printed_with_intervals_and_what_columns_mean(trust_router, saved_pool):
    code, out, _ = trust_router("judges", "--posterior", saved_pool)
    assert code == 0
    assert "good" in out
    assert "0.5 is a coin" in out
    assert "89% intervals" in out


def test_judges_of_categories_have_what_they_stated_alone(trust_router):
    code, out, _ = trust_router("judges")
    assert code == 0
    assert "gpt-4o-mini" in out
    assert "auc" not in out
    assert "Outcomes say nothing against a judge." in out


def test_savings_are_those_of_python(trust_router, pool_posterior, saved_pool):
    asked = ("savings", "--posterior", saved_pool, "--costs", PANEL, "--tickets", "1000")
    code, out, err = trust_router(*asked, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert (found["tickets"], found["currency"]) == (1000, "USD")
    costs = tr.read_costs(PANEL)
    table = tr.savings(pool_posterior, costs, tickets=1000, random_seed=1).table()
    assert found["advised"] == "decide each ticket"
    (first, _) = found["saves"]
    assert first["against"] == "all complex"  # who answers today is not in these tables
    less = table.cost["all complex"] - table.cost[found["advised"]]
    assert first["saves"] == pytest.approx(less)
    for row in found["policies"]:
        assert row["cost"] == pytest.approx(table.cost[row["policy"]])
        assert row["saving_upper"] == pytest.approx(table.saving_upper[row["policy"]])
    shown = trust_router(*asked)[1]
    assert "USD for 1,000 tickets" in shown
    assert shown.count("' against '") == 2


def test_savings_are_compared_with_today_as_in_the_report(trust_router, tmp_path, monkeypatch):
    posterior, costs = desk(), tr.Costs(0.03, 3.0, failure=5.0)
    monkeypatch.setattr("trust_router.cli.judging._posterior", lambda *_: posterior)
    (tmp_path / "c.toml").write_text("[costs]\nsimple = 0.03\ncomplex = 3.0\nfailure = 5.0\n")
    asked = ("savings", "--costs", tmp_path / "c.toml")
    found, told = json.loads(trust_router(*asked, "--json")[1]), money_of(posterior, costs)
    assert (found["advised"], found["saves"][0]["against"]) == (told.stated.policy, "as today")
    for name in ("lower", "upper", "probability", "share"):
        of_all = 100 if name in ("lower", "upper") else 1
        assert found["saves"][0][name] == pytest.approx(of_all * getattr(told.stated.gain, name))
    assert "'decide each ticket' against 'as today': saves" in trust_router(*asked)[1]


@pytest.mark.filterwarnings("ignore::trust_router.JudgeWarning")
def test_no_saving_is_told_by_a_model_that_was_wrong_about_the_past(capsys):
    posterior, costs = turned(desk(answered=False)), tr.Costs(0.03, 3.0, failure=5.0)
    told = _Told.of(tr.savings(posterior, costs, random_seed=1), posterior, costs)
    told.show()
    assert "not told by a model that was wrong about the past" in capsys.readouterr().out
    assert told.described()["saves"] == []


def test_savings_need_costs(trust_router, saved_pool):
    code, _, err = trust_router("savings", "--posterior", saved_pool)
    assert code == 2
    assert "no costs are stated; give --costs FILE" in err


def test_savings_of_the_bundled_example_are_exact(trust_router):
    code, out, _ = trust_router("savings")
    assert code == 0
    assert "138.4" in out


def test_nothing_is_saved_with_a_minus_sign_or_for_sure():
    assert _less(-3.0, -4.0, -2.0, "USD") == "costs 3.00 USD more [2.00, 4.00]"
    assert _less(3.0, 2.0, 4.0, "USD") == "saves 3.00 USD [2.00, 4.00]"
    assert _sure(1.0) == "above 99.9%"
    assert _sure(0.0) == "below 0.1%"
    assert _sure(0.5) == "50.0%"
