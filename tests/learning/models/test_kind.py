"""What must hold of every model: rows, gradients, priors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pymc as pm
import pytensor
import pytest
from scipy import special
from support.kinds import KINDS, made, predicted_likelihood, stated_priors
from support.three_routers import (
    CATEGORY_ROWS,
    FIXED,
    PANEL,
    REWRITTEN,
    TICKET_ROWS,
    alone,
    density,
    extreme_rows,
    one_draw,
    points,
    repeat,
    ticket_rows,
)

import trust_router as tr
from trust_router.basics.evidence import log_binomial
from trust_router.inputs.rows import Rows
from trust_router.learning.models.counts import log_ways
from trust_router.learning.models.kind import _log_chances
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.rates import Rates
from trust_router.learning.models.switch import Switch


def some_points(kind):
    return points(kind.model.build(PANEL, kind.rows), 4)


def test_the_graph_is_the_model_that_predicts(kind):
    for point in some_points(kind):
        draws, _, likelihood = kind.at(point)
        expected = predicted_likelihood(kind.model, draws, kind.rows)
        assert likelihood == pytest.approx(expected, rel=1e-9, abs=1e-8)


def test_every_prior_is_the_documented_one(kind):
    stated = stated_priors(kind.model, kind.rows)
    for point in some_points(kind):
        draws, priors, _ = kind.at(point)
        for name, found in priors.items():
            expected = np.sum(stated[name](draws[name].values[0, 0]))
            # PyTensor takes logs of constants in single precision.
            assert found.sum() == pytest.approx(expected, rel=1e-6, abs=1e-6), name


@pytest.mark.parametrize("name", [n for n in KINDS if n.startswith(("pool", "rates"))])
def test_tickets_one_by_one_have_the_likelihood_that_rows_have(name):
    """Of models whose tickets are independent; but for constants, which count orders."""
    kind = made(name)
    rows, draws = kind.rows, kind.at(some_points(kind)[0])[0]
    log_p = kind.model.ticket_log_likelihood(draws, PANEL, rows, rows)[0]
    counts = np.stack([rows.trials - rows.needs, rows.needs], axis=1)
    ways = log_ways(rows) if kind.model.noise else log_binomial(rows.needs, rows.trials)
    expected = predicted_likelihood(kind.model, draws, rows)
    assert (counts * log_p).sum() + ways.sum() == pytest.approx(expected, rel=1e-9, abs=1e-8)


def test_what_is_recovered_belongs_together(kind):
    """Trust is a probability, and that of the seats of a router."""
    draws, _, _ = kind.at(some_points(kind)[0])
    found = kind.model.recover(draws, PANEL, kind.rows)
    trust, seat = found["trust"].values, found["seat_posterior"].values
    np.testing.assert_allclose(trust.sum(axis=-1), 1)
    np.testing.assert_allclose(trust, PANEL.seats.sum_by_router(seat), rtol=1e-9)


@pytest.mark.parametrize("options", [Switch(), Pool()], ids=["switch", "pool"])
def test_merging_rows_that_are_alike_leaves_the_likelihood_as_it_is(options):
    merged, single = TICKET_ROWS, alone(TICKET_ROWS)
    assert len(single) > len(merged)
    ways = (
        special.gammaln(merged.trials + 1).sum()
        - (
            special.gammaln(merged.needs + 1) + special.gammaln(merged.trials - merged.needs + 1)
        ).sum()
    )
    models = [options.build(PANEL, rows) for rows in (merged, single)]
    a, b = (density(model) for model in models)
    for point in points(models[0]):
        assert a(point) - ways == pytest.approx(b(point), abs=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (Switch(), CATEGORY_ROWS),
        (Switch(), TICKET_ROWS),
        (Switch(), extreme_rows()),
        (Switch(calibration=False), extreme_rows()),
        (Pool(), TICKET_ROWS),
        (Pool(), extreme_rows()),
        (Pool(scale="log odds"), extreme_rows()),
    ],
)
def test_density_and_gradient_are_finite(options, rows):
    model = options.build(PANEL, rows)
    logp, gradient = model.compile_logp(mode=REWRITTEN), model.compile_dlogp(mode=REWRITTEN)
    for point in [model.initial_point(), *points(model)]:
        assert np.isfinite(logp(point))
        assert np.isfinite(gradient(point)).all()


@pytest.mark.parametrize("options", [Switch(), Pool()], ids=["switch", "pool"])
def test_a_model_without_outcomes_is_its_prior(options):
    quiet = replace(TICKET_ROWS, trials=0 * TICKET_ROWS.trials, needs=0 * TICKET_ROWS.needs)
    model = options.build(PANEL, quiet)
    assert density(model)(points(model)[0]) == pytest.approx(0, abs=1e-12)


def test_tickets_without_a_category_do_not_count_in_the_need_of_any():
    rows = ticket_rows(missing=0)
    stray = rows.take(np.zeros(50, dtype=int))
    stray = replace(stray, category=np.full(50, -1), trials=0 * stray.trials, needs=0 * stray.needs)
    fields = ("category", "alpha", "beta", "trials", "needs", "number")
    both = replace(
        rows, **{n: np.concatenate([getattr(rows, n), getattr(stray, n)]) for n in fields}
    )
    draws = repeat(one_draw(**FIXED, gain=1.5, intercept=-0.5, bend=0.1), 10)
    for options in (Switch(calibration=False), Pool(scale="log odds")):
        parts = [options.recover(draws, PANEL, held)["need"] for held in (rows, both)]
        np.testing.assert_allclose(parts[0], parts[1])


def test_data_of_the_graph_are_those_that_change_and_dims_are_the_stated_ones(kind):
    graph, given = kind.model.build(PANEL, kind.rows), kind.model.data(PANEL, kind.rows)
    held = {variable.name for variable in graph.data_vars} - {"log_weight"}  # of the panel
    assert {"observed", "trials"} <= held <= set(given)
    for name in held:
        np.testing.assert_array_equal(graph[name].get_value(), given[name])
    assert set(graph.coords) == set(kind.model.coords(PANEL, kind.rows))
    labelled = {"share": "router", "within": "seat", "need_logit": "category", "need": "category"}
    labelled |= {"category_z": "category", "router_gain": "router"}
    labelled |= {f"{name}_gain": name for name in ("router", "judge")}
    labelled |= {"level_step": "step", "gain_step": "step", "judge_step": "judge step"}
    for name in ("bias", "slope", "sharpness"):
        labelled |= {name: "judge", f"{name}_z": "judge"}
    for variable in graph.unobserved_RVs:
        dims = graph.named_vars_to_dims.get(variable.name)
        expected = labelled.get(variable.name, "")
        if not variable.name.startswith("within_"):
            assert list(dims or ()) == expected.split(), variable.name
    assert [variable.name for variable in graph.observed_RVs] == ["needs"]


def test_parameters_that_are_explained_are_those_of_the_graph(kind):
    free = {v.name for v in kind.model.build(PANEL, kind.rows).unobserved_RVs}
    explained = kind.model.facts(kind.rows).parameters
    assert free & {"category_sd", "gain", "bend", "discord", "bias", "slope"} <= set(explained)
    assert all(len(meaning) > 20 for meaning in explained.values())
    assert kind.model.facts(kind.rows).name == kind.model.name


def test_what_is_recovered_has_the_dims_of_draws(kind):
    draws, _, _ = kind.at(some_points(kind)[0])
    found = kind.model.recover(repeat(draws, 3), PANEL, kind.rows)
    sample, number = ("chain", "draw"), len(kind.rows.categories)
    assert found["need"].dims == (*sample, "category")
    assert found["need"].shape == (1, 3, number)
    for name, own in (("trust", "router"), ("seat_posterior", "seat")):
        assert found[name].dims in ((*sample, own), (*sample, "category", own))
    for name, own in (("share", "router"), ("within", "seat")):
        if name in found:
            assert found[name].dims == (*sample, own)


def test_outcomes_that_are_certain_have_a_chance_of_one_and_none():
    found = _log_chances(np.array([[0.0, 1.0, 0.25]]))
    np.testing.assert_allclose(np.exp(found), [[[1, 0], [0, 1], [0.75, 0.25]]])


def test_the_switch_replicates_outcomes_with_the_labels_of_its_draws():
    draws = repeat(one_draw(**FIXED, silent_logit=0.3), 4).assign_coords(draw=[2, 5, 7, 9])
    options = Switch(calibration=False, category_effects=False)
    first, again, other = (
        options.predictive(draws, PANEL, TICKET_ROWS, random_seed=seed) for seed in (1, 1, 2)
    )
    assert set(first) == {"posterior_predictive", "log_likelihood"}
    for group in first.values():
        assert group["needs"].dims == ("chain", "draw", "needs_dim_0")
        assert group["needs"].shape == (1, 4, len(TICKET_ROWS.known()))
        assert group["draw"].values.tolist() == [2, 5, 7, 9]
    name = "posterior_predictive"
    assert first[name].equals(again[name])
    assert not first[name].equals(other[name])


@pytest.mark.parametrize("options", [Switch(), Switch(category_effects=True), Pool(), Rates()])
def test_where_there_is_one_category_it_has_no_effect(options):
    rows = replace(TICKET_ROWS, category=0 * TICKET_ROWS.category, categories=("all",))
    graph = options.build(PANEL, rows)
    assert not {"category_sd", "category_z"} & {variable.name for variable in graph.free_RVs}
    two = replace(TICKET_ROWS, category=TICKET_ROWS.category % 2, categories=("all", "other"))
    assert "category_sd" in {variable.name for variable in options.build(PANEL, two).free_RVs}


@pytest.mark.parametrize("about", ["ticket", "category"])
def test_the_switch_draws_counts_of_tickets_by_one_rate_and_of_categories_by_many(about):
    panel = tr.Panel([tr.Router("r", {"j": 1.0})], [tr.Judge("j", tr.Beta(0.6, 1.4))])
    number = np.array([10_000])
    shapes = {"alpha": np.array([[0.6]]), "beta": np.array([[1.4]])}
    rows = Rows(about, ("all",), ("j",), np.array([0]), **shapes, trials=number, needs=number // 2,
                number=number)  # fmt: skip
    graph = Switch(weights="fixed", calibration=False).build(panel, rows)
    with pytensor.config.change_flags(mode="FAST_COMPILE"):
        share = pm.draw(graph["needs"], 30, random_seed=1)[:, 0] / 10_000
    if about == "ticket":
        assert np.abs(share - 0.3).max() < 0.03
    else:
        assert share.std() == pytest.approx(np.sqrt(0.3 * 0.7 / 3), rel=0.4)
