"""Draws that have not converged decide, predict and save nothing, unless that very call says so."""

from __future__ import annotations

import inspect
import os
from contextlib import nullcontext

import numpy as np
import pytest
import xarray as xr
from support.drawn import drawn
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr
from trust_router.learning.diagnostics import Diagnostics, beside_exact
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior
from trust_router.learning.storage import assemble

COSTS = tr.Costs(0.03, 3.0, failure=5.0)


@pytest.fixture(scope="module")
def stuck(tmp_path_factory):
    """Chains that stand apart, saved and loaded again."""
    rng = np.random.default_rng(1)
    share = np.stack(
        [rng.dirichlet(200 * np.array(p), 200) for p in ([0.8, 0.1, 0.1], [0.1, 0.1, 0.8])]
    )
    within = np.broadcast_to(PANEL.seats.within, (2, 200, 5)) * np.ones((2, 200, 1))
    one = drawn(PANEL, STATED, COUNTED, tr.Switch(calibration=False), share=share, within=within)
    still = xr.Dataset(
        {
            name: (("chain", "draw"), np.zeros((2, 200), bool))
            for name in ("diverging", "maxdepth_reached")
        }
    )
    groups = {"posterior": one.data["posterior"].to_dataset(), "sample_stats": still}
    made = assemble(groups, one.panel, one.rows, one.provenance)
    assert not made.converged
    return tr.load(made.save(tmp_path_factory.mktemp("gate") / "u.nc"))


CALLS = {
    "predict": lambda p, **kw: p.predict(STATED, **kw),
    "decide": lambda p, **kw: tr.decide(p, "a", COSTS, **kw),
    "decide_all": lambda p, **kw: tr.decide_all(p, COSTS, **kw),
    "route": lambda p, **kw: tr.route(p, "a", COSTS, random_seed=1, **kw),
    "export": lambda p, **kw: tr.decisions.export(p, COSTS, os.devnull + "/none/e.json", **kw),
    "explore": lambda p, **kw: tr.decisions.explore(p, COSTS, horizon=100, **kw),
    "savings": lambda p, **kw: tr.savings(p, COSTS, random_seed=1, **kw),
    "ticket_loo": lambda p, **kw: tr.evaluation.ticket_loo(p, **kw),
    "predictive_check": lambda p, **kw: tr.evaluation.predictive_check(p, **kw),
    "loo_pit": lambda p, **kw: tr.evaluation.loo_pit(p, **kw),
    "check_judges": lambda p, **kw: tr.insight.check_judges(p, **kw),
    "panel_knowledge": lambda p, **kw: tr.insight.panel_knowledge(p, **kw),
    "judge_worth": lambda p, **kw: tr.insight.judge_worth(p, **kw),
    "trust_by_category": lambda p, **kw: tr.insight.trust_by_category(p, **kw),
    "compare": lambda p, **kw: tr.compare({"one": p, "two": p}, **kw),
    "stack": lambda p, **kw: tr.evaluation.stack({"one": p, "two": p}, **kw),
    "write_report": lambda p, **kw: tr.write_report(p, os.devnull + "/none/page.html", **kw),
    "source_costs": lambda p, **kw: tr.examples.source_costs(p, "a", **kw),
    "fitted_calibration": lambda p, **kw: tr.insight.fitted_calibration(p, **kw),
    "noise_rates": lambda p, **kw: tr.insight.noise_rates(p, **kw),
    "drift": lambda p, **kw: tr.insight.drift(p, **kw),
    "prior_sensitivity": lambda p, **kw: tr.insight.prior_sensitivity(p, **kw),
    "selection": lambda p, **kw: tr.insight.selection(p, threshold=0.4, **kw),
}
# What they say next of this posterior, once the gate is open.
NEXT = {
    "export": (FileNotFoundError, "no folder"),
    "write_report": (FileNotFoundError, "no folder"),
    "source_costs": (ValueError, "has no `price`"),
    "fitted_calibration": (ValueError, "no calibration of judges"),
    "noise_rates": (ValueError, "outcomes were taken as true"),
    "drift": (ValueError, "without drift"),
    "loo_pit": (ValueError, "LOO-PIT needs a fit"),
    "prior_sensitivity": (KeyError, "within"),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_has_not_converged_is_refused_unless_allowed_in_the_call(stuck, name):
    with pytest.raises(tr.ConvergenceError, match=r"not converged: .*allow_unconverged=True"):
        CALLS[name](stuck)
    error, message = NEXT.get(name, (None, ""))
    with nullcontext() if error is None else pytest.raises(error, match=message):
        CALLS[name](stuck, allow_unconverged=True)


def test_a_prediction_remembers_that_its_draws_had_not_converged(stuck):
    prediction = stuck.predict(STATED, allow_unconverged=True)
    with pytest.raises(ValueError, match="not converged"):
        tr.decide_tickets(prediction, COSTS)
    assert len(tr.decide_tickets(prediction, COSTS, allow_unconverged=True)) == 3


def test_every_public_function_that_takes_a_posterior_has_the_gate():
    found = {}
    spaces = (tr, tr.decisions, tr.evaluation, tr.insight, tr.reports, tr.examples)
    for space in spaces:
        for name in dir(space):
            thing = getattr(space, name)
            if not inspect.isfunction(thing):
                continue
            parameters = inspect.signature(thing).parameters
            if any("Posterior" in str(p.annotation) for p in parameters.values()):
                found[name] = "allow_unconverged" in parameters
    found.pop("judge_statements", None)
    assert [name for name, gated in found.items() if not gated] == []
    assert set(found) == set(CALLS) - {"predict"}


def test_the_gate_lets_pass_what_is_exact_and_refuses_what_is_no_posterior(stuck):
    check_posterior(tr.solve(PANEL, STATED, COUNTED), allow_unconverged=False)
    with pytest.raises(TypeError, match="`posterior` must be a Posterior"):
        check_posterior(PANEL, allow_unconverged=True)
    with pytest.raises(tr.ConvergenceError):
        check_posterior(stuck, allow_unconverged=False)
    assert isinstance(stuck, Posterior)


def test_what_nuts_cannot_sample_and_is_known_exactly_is_sent_to_solve(stuck):
    exact = tr.solve(PANEL, STATED, COUNTED)
    found = stuck.diagnostics
    assert "take the closed form, `solve`, which" in str(tr.ConvergenceError(exact, found))
    for other in (stuck, None):
        assert "closed form" not in str(tr.ConvergenceError(other, found))
        assert "sample longer" in str(tr.ConvergenceError(other, found))


def test_draws_that_agree_and_missed_a_narrow_belief_have_not_converged(seed):
    """Chains that never find a spike look well, and trust would be wrong without a word."""
    trust = tr.solve(*seed).trust_mean
    noise = 0.01 * np.random.default_rng(1).normal(size=(4, 500, 1, 1))
    dims, good = ("chain", "draw", "category", "router"), Diagnostics(0, 1.0, 1e4, 1e4, 1.0, 0)
    near = xr.DataArray(trust + noise * [1, -1, 0], dims=dims)
    assert beside_exact(good, near, trust) == good
    still = xr.DataArray(np.broadcast_to([0.0, 1.0, 0.0], near.shape), dims=dims)
    missed = beside_exact(good, still, trust)
    assert not missed.converged
    assert "from the closed form, which `solve` gives" in missed.verdict
