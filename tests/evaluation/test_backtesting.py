"""What is held out is never learned from, and bad arguments are refused before compiling."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import rich.progress
from support.backtested import inputs, table

import trust_router as tr
from trust_router import defaults
from trust_router.evaluation import backtesting
from trust_router.evaluation.backtesting import _sizes, _tickets
from trust_router.evaluation.baselines import BASELINES
from trust_router.learning.diagnostics import Diagnostics


@pytest.mark.slow
def test_what_was_held_out_is_never_learned_from(backtested):
    """Turning the outcomes of held-out tickets around changes no prediction."""
    turned = table()
    at = backtested.held_out[0]
    turned.loc[at, "outcome"] = 1 - turned.loc[at, "outcome"]
    again = tr.backtest(
        *inputs(turned), feedbacks=[20], held_out=100, splits=1, draws=300, tune=300, chains=2
    )
    np.testing.assert_array_equal(again.held_out[0], at)
    for (method, size), predicted in again.predictions.items():
        np.testing.assert_array_equal(predicted[0], backtested.predictions[method, size][0])


@pytest.mark.slow
def test_beliefs_about_categories_can_be_backtested_too():
    frame = table(90)
    panel = tr.Panel(
        [tr.Router("low", {"x": 1.0}), tr.Router("high", {"y": 1.0})],
        [tr.Judge("x", tr.Beta(2, 8)), tr.Judge("y", tr.Beta(6, 4))],
    )
    outcomes = tr.read_outcomes(frame)
    beliefs = tr.stated_beliefs(panel, outcomes.categories)
    result = tr.backtest(
        panel, beliefs, outcomes, held_out=30, feedbacks=[10, 60], splits=1, draws=300, tune=300
    )
    assert result.methods[0] == "seed"
    predicted = result.predictions["seed", 60][0]
    assert len(np.unique(predicted)) == 3
    assert ((predicted > 0) & (predicted < 1)).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"held_out": 240}, "`held_out` must be a share between 0 and 1, or a number that leaves"),
        ({"held_out": 0}, "`held_out` must be"),
        ({"held_out": 2.5}, "`held_out` must be"),
        ({"held_out": "half"}, "`held_out` must be a number; got 'half'"),
        ({"feedbacks": [0]}, "`feedbacks` must be a whole number of at least 1"),
        ({"feedbacks": [500]}, "`feedbacks` must be numbers from 1 to 180"),
        ({"feedbacks": []}, "`feedbacks` must be numbers from 1 to 180"),
        ({"splits": 0}, "`splits` must be a whole number of at least 1"),
        ({"baselines": ["oracle"]}, "`baselines` may name random, category rate"),
        ({"baselines": ["text length"]}, r"got 'text length' \(facts hold no `length`\)"),
        ({"models": ["pool", "pool"]}, "need labels"),
        ({"models": {"random": "pool"}}, "may not be named like a baseline; got 'random'"),
        ({"models": [tr.Pool(drift="week")]}, "learns from their order; got 'pool' among"),
        ({"models": ["magic"]}, "`model` must be one of seed, switch, pool"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_compiled(change, said):
    with pytest.raises(ValueError, match=said):
        tr.backtest(*inputs(table()), **change)


def test_outcomes_without_single_tickets_cannot_be_held_out():
    panel, beliefs, outcomes = inputs(table(10))
    counts = tr.Outcomes(outcomes.categories, outcomes.trials, outcomes.needs)
    with pytest.raises(ValueError, match="10 of 10 outcomes belong to no named ticket"):
        tr.backtest(panel, beliefs, counts)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"models": "pool"}, r"`models` must be a list; got 'pool'; write \['pool'\]"),
        ({"models": tr.Pool()}, r"`models` must be a list; got Pool.*; write \[Pool"),
        ({"baselines": "random"}, r"`baselines` must be a list; got 'random'"),
        ({"costs": {"simple": 1}}, "`costs` must be Costs; got a dict"),
        ({"facts": "facts.csv"}, r"`facts` must be TicketFacts; got .*`read_facts\(path\)`"),
    ],
)
def test_other_objects_are_told_with_what_is_meant(change, said):
    with pytest.raises(TypeError, match=said):
        tr.backtest(*inputs(table()), **change)


def test_swapped_arguments_are_told_so():
    panel, beliefs, outcomes = inputs(table(10))
    with pytest.raises(TypeError, match="`beliefs` must be Beliefs; got Outcomes: the order is"):
        tr.backtest(panel, outcomes, beliefs)


class Listener:
    """Stands for a compiled model: predicts the rate of what it was fed, and keeps what it saw."""

    def __init__(self, about):
        self.about, self.seen, self.seeds = about, [], []

    def fit_rows(self, rows, *, random_seed, on_failure):
        assert on_failure == "warn"
        self.seen.append(rows)
        self.seeds.append(random_seed)
        rate = rows.needs.sum() / rows.trials.sum()
        by_category = np.full(3, rate) + np.arange(3) / 10
        return SimpleNamespace(
            diagnostics=Diagnostics(0, 1.0, 1e4, 1e4, 1.0, 0, () if len(self.seen) % 2 else ("x",)),
            facts=SimpleNamespace(has_mixtures=self.about == "category"),
            need_draws=lambda part: np.stack([np.full(len(part), rate), 0.01 * part.alpha[:, 0]]),
            need_distribution=lambda: SimpleNamespace(
                mean=by_category, sample=lambda number, _: np.tile(by_category, (number, 1))
            ),
        )


def listened(monkeypatch, data, **options):
    listener = Listener(data[1].about)
    monkeypatch.setattr(backtesting, "compile_model", lambda *_, **__: listener)
    return listener, tr.backtest(*data, random_seed=7, **options)


def test_a_model_is_fed_so_many_outcomes_and_no_belief_of_what_is_asked(monkeypatch):
    data = inputs(table())
    listener, result = listened(
        monkeypatch, data, held_out=0.25, feedbacks=[30, 10], splits=2, baselines=["random"]
    )
    assert result.feedbacks == (10, 30)
    assert [rows.trials.sum() for rows in listener.seen] == [10, 30, 10, 30]
    assert {rows.number.sum() for rows in listener.seen} == {180}
    assert listener.seeds == [7, 7, 8, 8]
    assert result.converged == {("pool", 10): 1.0, ("pool", 30): 0.0}
    assert result.settings["held_out"] == 60
    for split, at in enumerate(result.held_out):
        less, more = listener.seen[2 * split : 2 * split + 2]
        stated = np.array([data[1].alpha[i, 0] for i in at])
        for rows, size in ((less, 10), (more, 30)):
            assert not set(stated[stated > 0.1]) & set(rows.alpha[:, 0])  # 0.1: cut off there
            rate = rows.needs.sum() / size
            expected = (rate + 0.01 * stated) / 2
            np.testing.assert_allclose(result.predictions["pool", size][split], expected, rtol=1e-6)
            np.testing.assert_allclose(
                result.predictions["random", size][split], (rate * size + 1) / (size + 2), rtol=1e-6
            )
        heard = {tuple(x) for x in less.alpha[less.trials > 0]}
        assert heard <= {tuple(x) for x in more.alpha[more.trials > 0]}  # learning sets are nested


def test_beliefs_about_categories_are_kept_and_predict_their_mixtures(monkeypatch):
    frame = table(90)
    panel = tr.Panel([tr.Router("low", {"x": 1.0})], [tr.Judge("x", tr.Beta(2, 8))])
    outcomes = tr.read_outcomes(frame)
    beliefs = tr.stated_beliefs(panel, outcomes.categories)
    listener, result = listened(
        monkeypatch, (panel, beliefs, outcomes), held_out=30, feedbacks=[20], splits=1, baselines=[]
    )
    (rows,) = listener.seen
    assert len(rows) == 3
    assert rows.trials.sum() == 20
    at, rate = result.held_out[0], rows.needs.sum() / 20
    place = [outcomes.categories.index(name) for name in frame["category"].iloc[at]]
    expected = rate + np.array(place) / 10
    np.testing.assert_allclose(result.predictions["seed", 20][0], expected, rtol=1e-6)


def test_groups_of_held_out_tickets_are_foretold_by_models_and_not_by_baselines(monkeypatch):
    frame, data = table(), inputs(table())
    _, result = listened(
        monkeypatch, data, held_out=0.25, feedbacks=[10, 30], splits=2, baselines=["random"]
    )
    assert set(result.groups["method"]) == {"pool"}
    category = frame["category"].map({name: i for i, name in enumerate(data[2].categories)})
    for split, at in enumerate(result.held_out):
        part = result.groups.query(f"split == {split} and feedbacks == 30")
        own = part.query("groups == 'category'").set_index("group")
        need = result.predictions["pool", 30][split]
        for c in range(3):
            inside = (category.iloc[at] == c).to_numpy()
            assert own.loc[c, "tickets"] == inside.sum()
            assert own.loc[c, "observed"] == pytest.approx(frame["outcome"].iloc[at][inside].mean())
            assert own.loc[c, "predicted"] == pytest.approx(need[inside].mean(), rel=1e-5)
        assert set(part["groups"]) == {"category", "disagreement x need"}  # tenths are of 6 tickets
    coverage = result.coverage()
    assert coverage.columns.tolist() == [
        "method", "feedbacks", "groups", "nominal", "covered", "se", "number"
    ]  # fmt: skip
    assert coverage.query("groups == 'category'")["number"].unique().tolist() == [6]


def test_what_groups_of_categories_are_foretold_is_drawn_from_their_mixtures(monkeypatch):
    frame = table(90)
    panel = tr.Panel([tr.Router("low", {"x": 1.0})], [tr.Judge("x", tr.Beta(2, 8))])
    outcomes = tr.read_outcomes(frame)
    data = (panel, tr.stated_beliefs(panel, outcomes.categories), outcomes)
    listener, result = listened(
        monkeypatch, data, held_out=60, feedbacks=[20], splits=1, baselines=[]
    )
    rate = listener.seen[0].needs.sum() / 20
    own = result.groups.query("groups == 'category'")
    np.testing.assert_allclose(own["predicted"], rate + own["group"] / 10)
    assert "disagreement x need" not in set(result.groups["groups"])  # one judge


def test_facts_that_are_handed_in_arrive_in_the_result(monkeypatch):
    frame, data = table(), inputs(table())
    rng = np.random.default_rng(5)
    quality = rng.random((2, 240)).round(3)
    length = rng.integers(10, 500, 240).astype(float)
    order = rng.permutation(240)
    facts = tr.evaluation.TicketFacts(
        [*(f"t{i}" for i in order), "another"],
        simple_quality=[*quality[0][order], 0.5],
        complex_quality=[*quality[1][order], 0.5],
        length=[*length[order], 7],
    )
    options = {"held_out": 60, "feedbacks": [100], "splits": 1}
    _, result = listened(monkeypatch, data, facts=facts, baselines=["text length"], **options)
    np.testing.assert_array_equal(result.tickets.outcome, frame["outcome"])
    np.testing.assert_array_equal(result.tickets.simple_quality, quality[0])
    np.testing.assert_array_equal(result.tickets.complex_quality, quality[1])
    (at,) = result.held_out
    tickets, _ = _tickets(*data, facts, 7)
    fed = np.random.default_rng(7).permutation(240)[60:160]
    expected = BASELINES["text length"](tickets, fed, at)
    np.testing.assert_array_equal(tickets.length, length)
    np.testing.assert_allclose(result.predictions["text length", 100][0], expected, rtol=1e-6)
    _, without = listened(monkeypatch, data, baselines=["random"], **options)
    np.testing.assert_array_equal(without.tickets.simple_quality, 1 - frame["outcome"])
    np.testing.assert_array_equal(without.tickets.complex_quality, 1)


def test_models_are_compiled_with_all_that_was_given_and_are_fitted_shorter(monkeypatch):
    asked = []

    def compiled(*given, **options):
        asked.append((given, options))
        return Listener("ticket")

    data, costs = inputs(table()), tr.Costs(0.03, 3.0, failure=5.0)
    monkeypatch.setattr(backtesting, "compile_model", compiled)
    models = {"one": tr.Pool(), "other": "switch"}
    result = tr.backtest(
        *data, models=models, baselines=[], held_out=60, feedbacks=[20, 10], splits=3,
        costs=costs, random_seed=5, chains=3,
    )  # fmt: skip
    lengths = {"draws": defaults.REFIT_DRAWS, "tune": defaults.REFIT_TUNE, "chains": 3}
    options = [{"model": model, **lengths} for model in (tr.Pool(), tr.Switch())]
    assert asked == [(data, each) for each in options]
    assert result.methods == ("one", "other")
    assert result.costs is costs
    assert result.settings == {"random_seed": 5, "splits": 3, "held_out": 60, **lengths}
    assert [len(at) for at in result.held_out] == [60] * 3
    assert result.predictions["one", 10].shape == (3, 60)
    assert result.predictions["one", 10].dtype == np.float32  # there may be many
    tr.backtest(*data, baselines=[], held_out=60, feedbacks=[20], splits=1, draws=9, tune=8)
    assert asked[-1][1] == {"model": tr.Pool(), "draws": 9, "tune": 8}


@pytest.mark.parametrize("shown", [True, False])
def test_progress_is_shown_if_asked_for(monkeypatch, shown):
    asked = []

    def track(steps, what, **options):
        asked.append((what, options))
        return steps

    monkeypatch.setattr(rich.progress, "track", track)
    listened(monkeypatch, inputs(table(60)), splits=2, baselines=[], progressbar=shown)
    assert asked == [("backtest", {"disable": not shown, "transient": True})]


@pytest.mark.parametrize(
    ("known", "feedbacks", "held", "sizes", "test"),
    [
        (240, None, 0.25, (25, 100, 180), 60),
        (101, None, 0.5, (25, 51), 50),
        (2000, None, 0.25, (25, 100, 400, 1000, 1500), 500),
        (1334, None, 0.25, (25, 100, 400, 1000), 334),
        (10, [3, 1, 3], 1, (1, 3), 1),
    ],
)
def test_sizes_are_the_usual_ones_as_far_as_there_are_tickets(known, feedbacks, held, sizes, test):
    assert _sizes(known, feedbacks, held, 1) == (sizes, test)


def test_all_baselines_that_are_possible_are_the_default(monkeypatch):
    data = inputs(table(60))
    _, result = listened(monkeypatch, data, splits=1, feedbacks=[40])
    assert result.methods == ("pool", *[name for name in BASELINES if name != "text length"])
    facts = tr.evaluation.TicketFacts([f"t{i}" for i in range(60)], length=np.arange(60))
    _, result = listened(monkeypatch, data, splits=1, feedbacks=[40], facts=facts)
    assert result.methods == ("pool", *BASELINES)
