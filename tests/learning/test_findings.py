"""What is said against judges is so, and is not said of judges that are right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from support.drawn import drawn, tickets
from support.pooled import pool_draws, straight, straight_pool

import trust_router as tr
from trust_router.basics.warned import JudgeWarning
from trust_router.inputs.matching import match
from trust_router.inputs.rows import Rows
from trust_router.learning.findings import (
    _correlation,
    _rate_loss,
    constant_judges,
    find,
    judge_findings,
)


def panel_of(*names):
    return tr.Panel(
        [tr.Router(f"router of {name}", {name: 1.0}) for name in names],
        [tr.Judge(name, by_ticket=True) for name in names],
    )


def told(size=400, seed=1, **stated):
    """Outcomes of which some judges know something, and what the pool makes of them.

    ``stated`` is a function of the true log odds and a generator.
    """
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-0.5, 1.5, size)
    said = {name: special.expit(of(log_odds, rng)) for name, of in stated.items()}
    return panel_of(*stated), *tickets(said, rng.random(size) < special.expit(log_odds))


def knows(log_odds, rng):
    return log_odds + rng.normal(0, 1, len(log_odds))


def backwards(log_odds, rng):
    return -knows(log_odds, rng)


def guesses(log_odds, rng):
    return rng.normal(0, 1, len(log_odds))


def one_note(log_odds, _rng):
    return np.full(len(log_odds), 2.0)


def found(*inputs):
    flat = np.ones((2, 50))
    draws = straight(-0.5 * flat, flat)
    return {(f.kind, f.judges): f for f in find(drawn(*inputs, straight_pool(), **draws))}


def test_judges_that_know_something_are_left_in_peace():
    assert not found(*told(first=knows, second=knows))


def test_few_outcomes_say_nothing_against_anybody():
    assert not found(*told(size=12, first=backwards, second=guesses))


def test_a_judge_that_ranks_backwards_is_named_with_its_numbers():
    finding = found(*told(good=knows, bad=backwards))["reversed", ("bad",)]
    assert finding.numbers["upper"] < 0.5
    assert finding.sentence.startswith(
        f"Judge 'bad' ranks tickets backwards (AUC {finding.numbers['auc']:.2f}, 99 % interval"
    )
    assert "this model turns it round by itself" in finding.sentence
    assert finding.numbers["outcomes"] == 400


def test_a_judge_that_ranks_categories_backwards_is_named_too():
    rng = np.random.default_rng(2)
    need = np.linspace(0.1, 0.9, 8)
    panel = tr.Panel([tr.Router("r", {"good": 0.5, "bad": 0.5})])
    mean = np.stack([need, 1 - need], axis=1)
    names = [f"c{i}" for i in range(8)]
    beliefs = tr.Beliefs(names, ["good", "bad"], 9 * mean, 9 * (1 - mean))
    outcomes = tr.Outcomes(names, [30] * 8, rng.binomial(30, need))
    assert [(f.kind, f.judges) for f in find(tr.solve(panel, beliefs, outcomes))] == [
        ("reversed", ("bad",))
    ]


def test_a_judge_that_guesses_is_told_from_one_that_knows():
    kinds = found(*told(size=2000, good=knows, coin=guesses))
    assert set(kinds) == {("coin", ("coin",))}
    assert kinds["coin", ("coin",)].numbers["upper"] < 0.6


def test_a_judge_that_always_says_the_same_cannot_be_learned():
    inputs = told(good=knows, other=knows, still=one_note)
    finding = found(*inputs)["constant", ("still",)]
    assert finding.numbers["stated"] == pytest.approx(special.expit(2.0))
    assert finding.numbers["trust"] == pytest.approx(1 / 3)
    assert "cannot be learned from these outcomes" in finding.sentence


def test_what_is_stated_about_one_category_is_no_fault(exact_posterior):
    assert find(exact_posterior) == ()
    assert not constant_judges(exact_posterior.rows, pooled=False).any()


def test_copies_are_named_together_with_what_they_hold():
    panel, beliefs, outcomes = told(a=knows, b=knows, c=knows)
    alpha, beta = beliefs.alpha.copy(), beliefs.beta.copy()
    alpha[:, 2], beta[:, 2] = alpha[:, 0], beta[:, 0]
    alpha[:5, 2] = beta[:5, 2] = np.nan  # a copy that is silent now and then is a copy
    copied = tr.Beliefs(
        beliefs.labels, beliefs.judges, alpha, beta, about="ticket", category=beliefs.category
    )
    kinds = found(panel, copied, outcomes)
    assert set(kinds) == {("copies", ("a", "c"))}
    finding = kinds["copies", ("a", "c")]
    assert finding.numbers["correlation"] == pytest.approx(1)
    assert finding.numbers["trust"] == pytest.approx(2 / 3)
    assert "66.7%" in finding.sentence


def categories(number, **stated):
    """What judges state about categories of which each had two outcomes."""
    names = [f"c{i}" for i in range(number)]
    mean = np.stack(list(stated.values()), axis=1)[:number]
    beliefs = tr.Beliefs(names, list(stated), 9 * mean, 9 * (1 - mean))
    panel = tr.Panel([tr.Router("r", dict.fromkeys(stated, 1 / len(stated)))])
    outcomes = tr.Outcomes(names, [2] * number, [1] * number)
    return judge_findings(match(panel, beliefs, outcomes), np.array([0.5, 0.3, 0.2]), pooled=False)


@pytest.mark.parametrize(("number", "kinds"), [(9, []), (10, ["copies"])])
def test_copies_among_beliefs_about_categories_are_known_by_ten_of_them(number, kinds):
    said = np.linspace(0.1, 0.9, 10)
    found = categories(number, a=said, b=np.roll(said, 4), c=said)
    assert [finding.kind for finding in found] == kinds
    for finding in found:
        assert finding.judges == ("a", "c")
        assert finding.numbers == pytest.approx({"correlation": 1, "trust": 0.7})


@pytest.mark.parametrize("pooled", [True, False])
def test_the_same_about_all_categories_says_nothing_where_only_the_order_counts(pooled):
    said = np.linspace(0.1, 0.9, 10)
    names = [f"c{i}" for i in range(10)]
    mean = np.stack([said, np.full(10, 0.3)], axis=1)
    panel = tr.Panel([tr.Router("r", {"a": 0.5, "still": 0.5})])
    beliefs = tr.Beliefs(names, ["a", "still"], 9 * mean, 9 * (1 - mean))
    rows = match(panel, beliefs, tr.Outcomes(names, [2] * 10, [1] * 10))
    assert constant_judges(rows, pooled=pooled).tolist() == [False, pooled]


@pytest.mark.parametrize(("each", "constant"), [(9, False), (10, True)])
def test_a_judge_counts_as_constant_from_twenty_tickets_on(each, constant):
    number = np.array([each, 10])
    rows = Rows(
        "ticket", ("c",), ("a", "b"), np.zeros(2, dtype=np.intp), np.array([[3.0, 2], [3, 5]]),
        np.array([[3.0, 4], [3, 4]]), number, number // 2, number,
    )  # fmt: skip
    assert constant_judges(rows, pooled=True).tolist() == [constant, False]


def test_a_panel_that_foretells_worse_than_a_rate_is_told_so():
    kinds = found(*told(size=800, a=backwards, b=backwards))
    finding = kinds["panel", ("a", "b")]
    assert finding.numbers["loss"] > finding.numbers["rate_loss"]
    assert finding.numbers["difference"] > 2 * finding.numbers["error"]
    assert "worse than the share of all tickets" in finding.sentence


def test_losses_are_those_of_leave_one_out(pooled):
    posterior, exact = pool_draws(*pooled)
    past = posterior.foretold
    assert -np.nansum(past.tickets * past.log_chance) == pytest.approx(
        -np.nansum(past.tickets * exact), rel=0.01
    )


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 4)), min_size=1))
def test_a_rate_is_that_of_all_other_tickets(table):
    group, zeros, ones = np.array(table).T
    count = np.stack([zeros, ones], axis=-1)
    if count.sum() < 1:
        return
    overall, grouped = _rate_loss(count), _rate_loss(count, group)
    for row, outcome in np.argwhere(count > 0):
        others = count.copy()
        others[row, outcome] -= 1
        rate = (others[:, 1].sum() + 0.5) / (others.sum() + 1)
        assert overall[row, outcome] == pytest.approx(-np.log(rate if outcome else 1 - rate))
        inside = others[group == group[row]]
        shrunk = (inside[:, 1].sum() + rate) / (inside.sum() + 1)
        assert grouped[row, outcome] == pytest.approx(-np.log(shrunk if outcome else 1 - shrunk))


def test_the_switch_says_the_same_of_its_judges():
    panel, beliefs, outcomes = told(good=knows, bad=backwards)
    flat, model = np.ones((2, 50)), tr.Switch(weights="fixed", calibration=False)
    posterior = drawn(panel, beliefs, outcomes, model, silent_logit=0 * flat)
    kinds = {(f.kind, f.judges) for f in find(posterior)}
    assert ("reversed", ("bad",)) in kinds


@pytest.mark.slow
def test_a_fit_warns_of_scores_that_are_upside_down():
    inputs = told(a=backwards, b=backwards)
    with pytest.warns(JudgeWarning, match="'a' ranks tickets backwards.*'b' ranks") as said:
        posterior = tr.fit(*inputs, random_seed=1)
    assert len(said) == 1
    assert said[0].filename == __file__
    # The pool turns them round, so all together they are worth hearing, and deciding by them too.
    assert {found.kind for found in tr.insight.check_judges(posterior)} == {"reversed"}
    assert posterior.parameter("gain")["upper"].iloc[0] < 0
    tr.decide_tickets(posterior.predict(inputs[1]), tr.Costs(0.03, 3.0, failure=5.0))


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.integers(1, 4)), min_size=3),
)
def test_a_correlation_counts_each_ticket(table):
    x, y, number = np.array(table).T
    number = number.astype(int)
    pair = np.repeat(np.stack([x, y], axis=1), number, axis=0)
    found = _correlation(np.stack([x, y], axis=1), number.astype(float))
    if pair.std(axis=0).min() > 1e-6:
        assert found == pytest.approx(np.corrcoef(pair.T)[0, 1], abs=1e-9)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        assert found == 0


def test_what_is_found_rests_on_the_numbers_that_it_names():
    panel, beliefs, outcomes = told(size=300, good=knows, bad=backwards)
    finding = found(panel, beliefs, outcomes)["reversed", ("bad",)]
    said, needed = beliefs.alpha[:, 1] / 10, outcomes.log.outcome == 1
    above = said[needed][:, None] > said[~needed]
    same = said[needed][:, None] == said[~needed]
    auc = (above + same / 2).mean()
    numbers = dict(finding.numbers)
    assert set(numbers) == {"auc", "lower", "upper", "outcomes"}
    assert numbers["auc"] == pytest.approx(auc)
    assert numbers["upper"] - auc == pytest.approx(auc - numbers["lower"])
    assert numbers["upper"] - numbers["lower"] == pytest.approx(2 * 2.576 * 0.03, rel=0.3)


def test_a_judge_silent_on_all_outcomes_is_passed_over():
    rng = np.random.default_rng(1)
    outcome = rng.integers(0, 2, 200)
    said = {"mute": [0.3] + [np.nan] * 200, "bad": np.r_[0.5, 0.6 - 0.2 * outcome]}
    rows = match(panel_of(*said), *tickets(said, [None, *outcome.tolist()]))
    kinds = [(f.kind, f.judges) for f in judge_findings(rows, np.full(2, 0.5), pooled=True)]
    assert kinds == [("reversed", ("bad",))]


@pytest.mark.parametrize("pooled", [True, False])
def test_what_a_constant_judge_costs_depends_on_the_model(pooled):
    panel, beliefs, outcomes = told(size=60, good=knows, still=one_note)
    rows = match(panel, beliefs, outcomes)
    (finding,) = judge_findings(rows, np.array([0.8, 0.2]), pooled=pooled)
    what = "its trust" if pooled else "which tickets it is right about"
    assert finding.kind == "constant"
    assert f"the same (88.1%): {what} cannot be learned from these outcomes" in finding.sentence
    assert "the 20.0% that it holds say nothing of it" in finding.sentence
