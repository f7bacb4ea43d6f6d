"""Calibration finds what simulated judges were given, and says it in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats
from support.drawn import drawn, tickets

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.insight import calibration
from trust_router.insight.calibration import JudgeCalibration, _calibration, _spoken

PANEL = tr.Panel([tr.Router("r", {"fair": 0.4, "low": 0.3, "loud": 0.3})])


def simulated(number, seed=0, **calibration):
    """Judges who all see the same need, each through its own bias and slope."""
    rng = np.random.default_rng(seed)
    need = rng.normal(0, 1, number)
    stated = {
        # logit(need) = bias + slope * logit(stated), so what is stated is the inverse.
        name: special.expit((need - bias) / slope)
        for name, (bias, slope) in calibration.items()
    }
    return tickets(stated, rng.random(number) < special.expit(need))


@pytest.fixture(scope="module")
def judged():
    return simulated(4000, fair=(0.0, 1.0), low=(1.5, 1.0), loud=(0.0, 0.4))


def test_known_bias_and_slope_are_found(judged):
    table = tr.insight.judge_calibration(PANEL, *judged).table()
    for name, bias, slope in (("fair", 0.0, 1.0), ("low", 1.5, 1.0), ("loud", 0.0, 0.4)):
        row = table.loc[name]
        for parameter, truth in (("bias", bias), ("slope", slope)):
            sd = (row[f"{parameter}_upper"] - row[f"{parameter}_lower"]) / 3.2
            assert abs(row[parameter] - truth) < 4 * sd
            assert sd < 0.1
    assert table.loc["low", "stated"] < 0.3 < 0.45 < table.loc["low", "needed_lower"]


def test_a_table_may_be_changed_without_changing_the_result(judged):
    found = tr.insight.judge_calibration(PANEL, *judged)
    table = found.table()
    table["bias"] = 0.0
    assert found.table().loc["low", "bias"] > 1


def test_words_say_who_is_off_and_how(judged):
    fair, low, loud = tr.insight.judge_calibration(PANEL, *judged).sentences()
    assert "neither over- nor underconfident" in fair
    assert low.startswith(("low says 2", "low says 3"))
    assert "overconfident: slope 0.4" in loud


def test_posterior_is_that_of_plain_logistic_regression():
    """The same posterior by brute force on a grid."""
    beliefs, outcomes = simulated(40, seed=2, only=(0.5, 0.8))
    panel = tr.Panel([tr.Router("r", {"only": 1.0})])
    bias, slope = (x.ravel() for x in np.meshgrid(np.linspace(-3, 3, 241), np.linspace(-2, 4, 241)))
    x, y = special.logit(beliefs.mean[:, 0]), outcomes.log.outcome
    eta = bias + np.outer(x, slope)
    log_p = (y @ eta) - np.logaddexp(0, eta).sum(axis=0)
    log_p += stats.norm.logpdf(bias, 0, 1.8) + stats.norm.logpdf(slope, 1, 0.7)
    weight = special.softmax(log_p)
    row = tr.insight.judge_calibration(panel, beliefs, outcomes).table().loc["only"]
    for name, values in (("bias", bias), ("slope", slope)):
        sd = np.sqrt(weight @ values**2 - (weight @ values) ** 2)
        assert row[name] == pytest.approx(weight @ values, abs=0.02 * sd)
        order = np.argsort(values)
        cdf = np.cumsum(weight[order])
        for end, q in (("lower", 0.055), ("upper", 0.945)):
            expected = values[order][np.searchsorted(cdf, q)]
            assert row[f"{name}_{end}"] == pytest.approx(expected, abs=0.1 * sd)


@pytest.mark.slow
def test_intervals_cover_as_often_as_they_say():
    """Judges drawn from the prior: 89 % intervals must hold the truth of 89 % of them."""
    rng = np.random.default_rng(5)
    covered = []
    for _ in range(150):
        bias, slope = rng.normal(0, 1.8), rng.normal(1, 0.7)
        stated = rng.uniform(0.02, 0.6, 30).round(2)
        y = rng.random(30) < special.expit(bias + slope * special.logit(stated))
        row = (
            tr.insight.judge_calibration(
                tr.Panel([tr.Router("r", {"j": 1.0})]), *tickets({"j": stated}, y)
            )
            .table()
            .loc["j"]
        )
        covered += [row["bias_lower"] < bias < row["bias_upper"]]
        covered += [row["slope_lower"] < slope < row["slope_upper"]]
    spread = np.sqrt(0.89 * 0.11 / 150)
    assert abs(np.mean(covered) - 0.89) < 4 * spread


def test_one_outcome_leaves_a_judge_nearly_unknown():
    table = tr.insight.judge_calibration(
        tr.Panel([tr.Router("r", {"j": 1.0})]), *tickets({"j": [0.2]}, [1])
    ).table()
    assert table.loc["j", "slope_lower"] < 0.3 < 1.6 < table.loc["j", "slope_upper"]


def test_a_judge_who_ranks_the_wrong_way_round_is_told():
    beliefs, outcomes = simulated(3000, fair=(0.0, 1.0), low=(0.0, -1.0), loud=(0.0, 1e3))
    _, low, same = tr.insight.judge_calibration(PANEL, beliefs, outcomes).sentences()
    assert "wrong way round" in low
    # One who always says 50 % says nothing of its slope, which stays as wide as the prior.
    assert "neither over- nor underconfident as far as known" in same


def test_beliefs_about_categories_have_sharpness_too():
    rng = np.random.default_rng(1)
    mean, names = rng.uniform(0.2, 0.8, 150), [f"c{i}" for i in range(150)]
    # The judge claims 400 observations and is worth 20: sharpness is log(20 / 400) = -3.
    need = rng.beta(20 * mean, 20 * (1 - mean))
    outcomes = tr.Outcomes(names, np.full(150, 50), rng.binomial(50, need))
    shape = (150, 1)
    beliefs = tr.Beliefs(
        names, ["j"], (400 * mean).reshape(shape), (400 * (1 - mean)).reshape(shape)
    )
    panel = tr.Panel([tr.Router("r", {"j": 1.0})])
    row = tr.insight.judge_calibration(panel, beliefs, outcomes).table().loc["j"]
    assert row["sharpness_lower"] < np.log(20 / 400) + 0.4
    assert row["sharpness_upper"] < -1.5
    assert row["slope_lower"] < 1 < row["slope_upper"]


def test_missing_beliefs_are_left_out_and_a_silent_judge_is_said_so():
    stated = pd.DataFrame({"a": [0.2, np.nan, 0.4, 0.9], "b": [np.nan, np.nan, np.nan, 0.5]})
    beliefs, outcomes = tickets(stated, [0, 1, 1, 0])
    panel = tr.Panel([tr.Router("r", {"a": 0.5, "b": 0.5})])
    table = tr.insight.judge_calibration(panel, beliefs, outcomes).table()
    assert table["tickets"].tolist() == [3, 1]
    unknown = tr.read_outcomes(
        pd.DataFrame(
            {"ticket": ["t0", "t1", "t2", "t3"], "category": "all", "outcome": [0, 1, 1, None]}
        )
    )
    found = tr.insight.judge_calibration(panel, beliefs, unknown)
    assert found.sentences()[1] == "b has spoken about no ticket with an outcome"
    assert found.table().loc["b", "tickets"] == 0


def test_without_outcomes_there_is_nothing_to_calibrate():
    beliefs, outcomes = tickets({"j": [0.2, 0.3]}, [None, None])
    with pytest.raises(ValueError, match="there are no outcomes"):
        tr.insight.judge_calibration(tr.Panel([tr.Router("r", {"j": 1.0})]), beliefs, outcomes)


def test_calibration_of_a_switch_is_that_of_its_draws():
    beliefs, outcomes = tickets({"a": [0.2, 0.3], "b": [0.5, 0.6]}, [0, 1])
    panel = tr.Panel([tr.Router("r", {"a": 1.0}), tr.Router("s", {"b": 1.0})])
    rng = np.random.default_rng(0)
    bias, slope = rng.normal([0, 2], 0.1, (2, 500, 2)), rng.normal([1, 0.3], 0.05, (2, 500, 2))
    one = np.ones((2, 500, 2))
    posterior = drawn(
        panel, beliefs, outcomes, "switch", share=one / 2, within=one, bias=bias, slope=slope,
        silent_logit=one[..., 0],
    )  # fmt: skip
    found = tr.insight.fitted_calibration(posterior, ci_prob=0.5)
    np.testing.assert_allclose(found.table()["bias"], bias.mean(axis=(0, 1)))
    np.testing.assert_allclose(found.table()["slope_lower"], np.quantile(slope, 0.25, axis=(0, 1)))
    assert "overconfident: slope 0.30" in found.sentences()[1]


def test_models_without_calibration_are_refused(exact_posterior):
    with pytest.raises(ValueError, match="no calibration of judges; use `judge_calibration`"):
        tr.insight.fitted_calibration(exact_posterior)


def test_arguments_in_another_order_are_told_so(judged):
    with pytest.raises(TypeError, match="`panel` must be a Panel; got Beliefs: the order is panel"):
        tr.insight.judge_calibration(judged[0], PANEL, judged[1])


def test_posterior_over_categories_is_that_of_a_grid():
    """Bias, slope and sharpness of one judge, few outcomes: the priors count."""
    trials, needs = np.array([4, 3, 5, 2]), np.array([1, 2, 4, 0])
    alpha, beta = np.array([2.0, 5.0, 3.0, 1.0]), np.array([6.0, 5.0, 1.0, 4.0])
    names = ["a", "b", "c", "d"]
    panel = tr.Panel([tr.Router("r", {"j": 1.0})])
    beliefs = tr.Beliefs(names, ["j"], alpha[:, None], beta[:, None])
    row = tr.insight.judge_calibration(panel, beliefs, tr.Outcomes(names, trials, needs)).table()
    bias, slope, sharpness = np.meshgrid(
        np.linspace(-7, 7, 57), np.linspace(-2, 4, 49), np.linspace(-5, 5, 51), indexing="ij"
    )
    log_p = sum(
        stats.norm.logpdf(x, m, s)
        for x, m, s in ((bias, 0, 1.8), (slope, 1, 0.7), (sharpness, 0, 1.1))
    )
    for a, b, n, k in zip(alpha, beta, trials, needs, strict=True):
        mean = special.expit(bias + slope * np.log(a / b))
        nu = (a + b) * np.exp(sharpness)
        log_p += special.betaln(mean * nu + k, (1 - mean) * nu + n - k)
        log_p -= special.betaln(mean * nu, (1 - mean) * nu)
    weight = special.softmax(log_p)
    for name, x in (("bias", bias), ("slope", slope), ("sharpness", sharpness)):
        mean = (weight * x).sum()
        sd = np.sqrt((weight * (x - mean) ** 2).sum())
        assert row.loc["j", name] == pytest.approx(mean, abs=0.03 * sd)
        width = row.loc["j", f"{name}_upper"] - row.loc["j", f"{name}_lower"]
        assert width == pytest.approx(3.2 * sd, rel=0.06)


ROW = {"tickets": 9, "stated": 0.3, "needed": 0.42, "needed_lower": 0.3, "needed_upper": 0.6}


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.5, 0.0, "it ranks them the wrong way round"),
        (0.0, 0.5, "whether it tells them apart is not known"),
        (-0.1, 1.4, "whether it tells them apart is not known"),
        (0.1, 0.99, "overconfident"),
        (0.1, 1.0, "neither over- nor underconfident as far as known"),
        (1.0, 1.5, "neither over- nor underconfident as far as known"),
        (1.01, 1.5, "underconfident, they differ more than it says"),
    ],
)
def test_what_differences_are_worth_is_said_by_where_the_interval_lies(low, high, said):
    table = pd.DataFrame(
        [ROW | {"slope": 0.25, "slope_lower": low, "slope_upper": high}], index=["j"]
    )
    found = JudgeCalibration(table, 0.89)
    assert found.sentences() == [
        f"j says 30% where 42% [30%, 60%] need the complex model; {said}: "
        f"slope 0.25 [{low:.2f}, {high:.2f}]"
    ]
    assert repr(found) == "\n".join(found.sentences())


@pytest.mark.parametrize("levels", [256, 5])
def test_what_a_judge_states_is_told_apart_as_finely_as_is_asked(monkeypatch, levels):
    monkeypatch.setattr(calibration, "_LEVELS", levels)
    stated = np.round(np.linspace(0.05, 0.95, 19), 2)
    outcome = [*([0, 1] * 9), None]
    beliefs, outcomes = tickets({"j": [*stated[:-1], 0.99]}, outcome)
    rows = match(tr.Panel([tr.Router("r", {"j": 1.0})]), beliefs, outcomes).known()
    x, trials, needs = _spoken(rows, 0)
    each = special.logit(rows.mean[:, 0])
    if levels == 256:
        np.testing.assert_allclose(x, np.unique(each))
        assert (trials == 1).all()
    else:
        edges = np.linspace(each.min(), each.max(), 6)
        bins = [np.clip(np.searchsorted(edges, e, "right") - 1, 0, 4) for e in each]
        groups = [each[np.array(bins) == b] for b in range(5)]
        np.testing.assert_allclose(x, [g.mean() for g in groups])
        assert trials.tolist() == [len(g) for g in groups]
    assert (trials.sum(), needs.sum()) == (18, 9)


@pytest.mark.parametrize("kind", ["eti", "hdi"])
def test_what_is_needed_is_the_calibrated_mean_over_the_tickets_of_a_judge(kind):
    rng = np.random.default_rng(2)
    beliefs, outcomes = tickets({"a": [0.2, 0.3, 0.8], "b": [np.nan, 0.5, np.nan]}, [0, 1, 1])
    panel = tr.Panel([tr.Router("r", {"a": 0.5, "b": 0.5})])
    draws = {"bias": rng.normal(size=(80, 2)), "slope": rng.normal(1, 0.3, (80, 2))}
    rows = match(panel, beliefs, outcomes).known()
    table = _calibration(rows, draws, 0.5, kind).table()
    for j, stated in enumerate(([0.2, 0.3, 0.8], [0.5])):
        eta = draws["bias"][:, [j]] + draws["slope"][:, [j]] * special.logit(stated)
        need = special.expit(eta).mean(axis=1)
        assert table["needed"].iloc[j] == pytest.approx(need.mean())
        if kind == "eti":
            ends = np.quantile(need, [0.25, 0.75])
            assert table[["needed_lower", "needed_upper"]].iloc[j].tolist() == pytest.approx(ends)
        else:
            order, width = (
                np.sort(need),
                table["needed_upper"].iloc[j] - table["needed_lower"].iloc[j],
            )
            assert width == pytest.approx((order[40:] - order[:-40]).min(), rel=0.05)
    assert table["tickets"].tolist() == [3, 1]
    assert table.index.name == "judge"
