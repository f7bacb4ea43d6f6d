"""Outcomes that come later give what all at once would have given."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special
from support.drawn import drawn, tickets
from support.three_routers import COUNTED, PANEL, STATED
from support.toy import Deaf
from support.updated import with_stats

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.inputs.ticket_log import TicketLog
from trust_router.learning.storage import assemble

LONE = tr.Panel([tr.Router("r", {"x": 1.0})])
SAID = [0.1, 0.3, 0.5, 0.7, 0.9] * 24
NEEDS = np.random.default_rng(3).random(120) < special.expit(4 * (np.array(SAID) - 0.6))
BELIEFS, ALL = tickets({"x": SAID}, NEEDS.astype(int))
NO_EFFECTS = tr.models.Pool(category_effects=False)


def outcomes_of(chosen):
    """Outcomes of some of the tickets."""
    log, at = ALL.log, np.asarray(chosen)
    needs = log.outcome[at]
    part = TicketLog(tuple(log.tickets[i] for i in at), log.category[at], needs)
    return tr.Outcomes(ALL.categories, [len(at)], [int(needs.sum())], log=part)


@cache
def grid(number):
    """Exact posterior of the first outcomes on a grid of intercept, gain and bend."""
    axes = np.meshgrid(
        *[np.linspace(m - 4 * s, m + 4 * s, 61) for m, s in ((-0.5, 1.0), (1.2, 1.4), (0.12, 0.2))],
        indexing="ij",
    )
    points = np.stack([axis.ravel() for axis in axes], axis=-1)
    rows = match(LONE, BELIEFS, outcomes_of(range(number)))
    vector = NO_EFFECTS.vector(LONE, rows)
    log_p = NO_EFFECTS.log_likelihood(vector.unpack(points), LONE, rows) + vector.log_prior(points)
    return points, special.softmax(log_p)


def sampled(number, draws=4000, seed=1):
    """A posterior whose draws are independent ones of that grid, spread inside its cells."""
    points, weight = grid(number)
    rng = np.random.default_rng(seed)
    step = np.array([8 / 60, 8 * 1.4 / 60, 8 * 0.2 / 60])
    at = points[rng.choice(len(points), draws, p=weight)]
    at = at + step * (rng.random((draws, 3)) - 0.5)
    values = dict(zip(("intercept", "gain", "bend"), at.reshape(4, -1, 3).T, strict=True))
    values = {name: x.T for name, x in values.items()}
    return with_stats(drawn(LONE, BELIEFS, outcomes_of(range(number)), NO_EFFECTS, **values))


def test_draws_of_the_pool_follow_the_exact_posterior():
    posterior, first = sampled(40), None
    for start in (40, 60, 80, 100):
        posterior = posterior.update(outcomes=outcomes_of(range(start, start + 20)))
        first = first or posterior
    assert [u["by"] for u in posterior.updates] == ["weights"] * 4
    assert posterior.method == "updated"
    assert posterior.converged
    assert posterior.outcomes.trials.tolist() == [120]
    points, weight = grid(120)
    for i, name in enumerate(("intercept", "gain", "bend")):
        table = posterior.parameter(name)
        exact = weight @ points[:, i]
        sd = np.sqrt(weight @ (points[:, i] - exact) ** 2)
        assert abs(table["mean"].iloc[0] - exact) < 5 * table["mcse"].iloc[0]
        assert table["sd"].iloc[0] == pytest.approx(sd, rel=0.08)


def test_order_makes_no_difference_and_the_same_again_none_at_all():
    start = sampled(40)
    late, early = outcomes_of(range(70, 100)), outcomes_of(range(40, 70))
    one = start.update(outcomes=early).update(outcomes=late)
    other = start.update(outcomes=late).update(outcomes=early)
    assert one.rows.trials.tolist() == other.rows.trials.tolist()
    a, b = one.parameter("gain").iloc[0], other.parameter("gain").iloc[0]
    assert abs(a["mean"] - b["mean"]) < 5 * np.hypot(a["mcse"], b["mcse"])
    again = one.update(outcomes=late)
    assert again.updates[-1]["same"] == 30
    np.testing.assert_allclose(again.rows.needs, one.rows.needs)


def test_the_old_one_is_untouched_and_a_file_holds_the_new_one(tmp_path):
    start = sampled(40)
    before = start.data.attrs["digest"]
    updated = start.update(outcomes=outcomes_of(range(40, 70)))
    assert start.data.attrs["digest"] == before
    assert start.updates == ()
    loaded = tr.load(updated.save(tmp_path / "p.nc"))
    xr.testing.assert_identical(
        loaded.update(outcomes=outcomes_of([80])).data["posterior"],
        updated.update(outcomes=outcomes_of([80])).data["posterior"],
    )
    assert loaded.updates == updated.updates


def test_draws_that_no_longer_hold_ask_for_a_refit():
    flipped, beliefs = replace_needs(), BELIEFS
    updated = sampled(40, draws=800).update(beliefs, flipped)
    assert not updated.converged
    assert "refit needed" in updated.diagnostics.verdict
    with pytest.raises(tr.ConvergenceError, match="refit needed"):
        updated.predict(beliefs)
    with pytest.raises(tr.ConvergenceError, match='; update with `refit="auto"`, which'):
        updated.update(outcomes=outcomes_of([3]))


def replace_needs():
    """Every outcome corrected to its opposite, so that nothing of what was learned holds."""
    log = ALL.log
    part = TicketLog(log.tickets, log.category, 1 - log.outcome)
    return tr.Outcomes(ALL.categories, [120], [int((1 - log.outcome).sum())], log=part)


def test_a_new_category_starts_from_its_population():
    names = ["a", "b"] * 30
    beliefs, seen = tickets({"x": SAID[:60]}, NEEDS[:60].astype(int), names)
    rng = np.random.default_rng(4)
    z = rng.normal(size=(4, 1000)) / np.sqrt(2)
    values = {
        "intercept": rng.normal(0, 0.3, (4, 1000)),
        "gain": rng.normal(1, 0.2, (4, 1000)),
        "bend": rng.normal(0, 0.1, (4, 1000)),
        "category_sd": np.exp(rng.normal(-1, 0.2, (4, 1000))),
        "category_z": np.stack([z, -z], axis=-1),
    }
    start = with_stats(drawn(LONE, beliefs, seen, tr.models.Pool(), **values))
    new = tr.Beliefs(["n1"], ["x"], [[5]], [[5]], about="ticket", category=["c"])
    updated = start.update(new)
    assert updated.rows.categories == ("a", "b", "c")
    z = updated.data["posterior"]["category_z"]
    np.testing.assert_allclose(z.sum("category"), 0, atol=1e-9)
    # No outcome of it is known, so that its effect is as wide as its population.
    spread = float(z.sel(category="c").std())
    assert spread == pytest.approx(np.sqrt(1 - 1 / 3), rel=0.1)


COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5)


@settings(max_examples=10)
@given(COUNTS)
def test_chunks_of_the_seed_are_all_at_once(chunks):
    category = COUNTED.categories[:1]
    posterior, total = tr.solve(PANEL, STATED, COUNTED), COUNTED
    for needs, rest in chunks:
        more = tr.Outcomes(category, [needs + rest], [needs])
        posterior, total = posterior.update(outcomes=more), total + more
    exact = tr.solve(PANEL, STATED, total)
    np.testing.assert_allclose(posterior.trust_mean, exact.trust_mean, rtol=0, atol=1e-12)
    np.testing.assert_allclose(posterior.need()["mean"], exact.need()["mean"], rtol=0, atol=1e-12)
    assert len(posterior.updates) == len(chunks)


def test_draws_of_a_switch_are_weighted():
    rng = np.random.default_rng(1)
    share = rng.dirichlet(PANEL.share * 10, (4, 1000))
    within = np.broadcast_to(PANEL.seats.within, (4, 1000, 5)) * np.ones((4, 1000, 1))
    options = tr.Switch(calibration=False)
    start = with_stats(drawn(PANEL, STATED, COUNTED, options, share=share, within=within))
    more = tr.Outcomes(COUNTED.categories[:1], [4], [3])
    updated = start.update(outcomes=more)
    found = updated.updates[-1]
    given = xr.Dataset(
        {
            "share": (("chain", "draw", "router"), share),
            "within": (("chain", "draw", "seat"), within),
        }
    )
    log_p = [
        options.log_likelihood(given, PANEL, match(PANEL, STATED, seen))
        for seen in (COUNTED, COUNTED + more)
    ]
    weight = special.softmax(log_p[1] - log_p[0])
    expected = weight @ share.reshape(-1, share.shape[-1])
    mean = updated.data["posterior"]["share"].mean(("chain", "draw"))
    np.testing.assert_allclose(mean, expected, atol=3e-3)
    assert found["by"] == "weights"


def test_draws_that_may_not_be_trusted_are_fitted_anew_where_that_is_asked():
    stuck = sampled(40, draws=40)
    assert not stuck.converged

    class Refitted:
        def fit_rows(self, rows, random_seed, on_failure):
            return drawn_of(rows)

    def drawn_of(rows):
        values = stuck.data["posterior"].to_dataset()[["intercept", "gain", "bend"]]
        made = NO_EFFECTS.recover(values, LONE, rows)
        groups = {"posterior": made.assign_coords(NO_EFFECTS.coords(LONE, rows))}
        groups["sample_stats"] = stuck.data["sample_stats"].to_dataset()
        return assemble(groups, LONE, rows, stuck.provenance)

    with pytest.raises(tr.ConvergenceError):
        stuck.update(outcomes=outcomes_of([50]))
    assert stuck.update(outcomes=outcomes_of([50]), refit=Refitted()).updates[-1]["by"] == "nuts"
    kept = stuck.update(outcomes=outcomes_of([50]), allow_unconverged=True)
    assert kept.updates[-1]["by"] == "weights"


def test_without_effects_a_second_category_is_like_the_first():
    news = tr.Outcomes(["z"], [1], [1], log=TicketLog(["new"], [0], [1]))
    held = sampled(40).update(outcomes=news)
    assert held.outcomes.trials.tolist() == [40, 1]
    assert held.updates[-1]["by"] == "weights"


def test_a_model_of_ones_own_with_a_parameter_for_each_category_takes_no_new_one_by_weights():
    def deaf(names):
        beliefs, seen = tickets({"x": SAID[:60]}, NEEDS[:60].astype(int), names)
        level = np.random.default_rng(1).normal(size=(2, 500, len(set(names))))
        made = drawn(LONE, beliefs, seen, Deaf(), level=level)
        return with_stats(made)

    news = tr.Outcomes(["c"], [1], [1], log=TicketLog(["new"], [0], [1]))
    for names in (["a", "b"] * 30, ["a"] * 60):
        with pytest.raises(ValueError, match="'c' is new, and the deaf model cannot learn"):
            deaf(names).update(outcomes=news, allow_unconverged=True)
