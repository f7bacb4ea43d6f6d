"""Trust that is the prior's doing is called so, and trust that outcomes made is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats
from support.drawn import drawn, tickets

import trust_router as tr


def pooled(number, model, draws=500):
    """A pool of two judges, one of whom knows: draws from the prior, resampled by likelihood."""
    rng = np.random.default_rng(0)
    need = rng.normal(0, 2, number).round(1)
    stated = {"knows": special.expit(need), "guesses": rng.uniform(0.1, 0.9, number).round(1)}
    given = tickets(stated, rng.random(number) < special.expit(need))
    panel = tr.Panel([tr.Router("good", {"knows": 1.0}), tr.Router("bad", {"guesses": 1.0})])
    share = rng.dirichlet(np.full(2, model.concentration), (1, 20_000))
    prior = {
        "share": share,
        "within": np.ones_like(share),
        "intercept": rng.normal(0, 1, share.shape[:2]),
        "gain": np.exp(np.log(1.65) + 0.5 * rng.normal(0, 1, share.shape[:2])),
    }
    every = drawn(panel, *given, model, **prior)
    rows = every.rows
    need = model.need(every.data["posterior"].to_dataset(), panel, rows, rows)
    log_p = np.log(need) @ rows.needs + np.log1p(-need) @ (rows.trials - rows.needs)
    at = rng.choice(len(log_p), (4, draws), p=special.softmax(log_p))
    return drawn(panel, *given, model, **{name: x[0][at] for name, x in prior.items()})


def test_strong_priors_and_few_outcomes_are_told():
    model = tr.Pool(bend=False, category_effects=False, concentration=20.0)
    found = tr.insight.prior_sensitivity(pooled(3, model))
    assert (found.table()["verdict"].str.contains("priors")).all()
    warning = found.warnings()[0]
    assert warning.startswith("trust in good (")
    assert "the priors' doing" in warning or "depends on the priors" in warning
    assert (found.table()["prior"] > found.table()["likelihood"]).all()


def test_many_outcomes_need_no_warning():
    model = tr.Pool(bend=False, category_effects=False)
    found = tr.insight.prior_sensitivity(pooled(300, model))
    assert found.warnings() == []
    assert repr(found) == "trust is what 300 outcomes say of it"
    assert (found.table()["likelihood"] > found.table()["prior"]).all()
    assert found.table().loc["good", "mean"] > 0.7


def test_a_flat_prior_is_told_too_although_no_power_changes_it():
    found = tr.insight.prior_sensitivity(pooled(1, tr.Pool(bend=False, category_effects=False)))
    assert (found.table()["prior"] < 0.05).all()
    assert len(found.warnings()) == 2
    assert "is the priors' doing, the outcomes hardly matter" in found.warnings()[0]


@pytest.mark.slow
def test_many_draws_are_thinned_in_all_groups_alike():
    model = tr.Pool(bend=False, category_effects=False)
    few, many = (tr.insight.prior_sensitivity(pooled(300, model, n)).table() for n in (1000, 2500))
    shown = ["mean", "weaker", "stronger", "likelihood"]
    np.testing.assert_allclose(few[shown], many[shown], atol=0.05)
    np.testing.assert_allclose(many[["mean", "weaker", "stronger"]].sum(), 1)


def test_trust_without_a_prior_is_refused(exact_posterior):
    with pytest.raises(ValueError, match="initial trust enters it as a factor"):
        tr.insight.prior_sensitivity(exact_posterior)
    fixed = tr.Switch(weights="fixed", calibration=False)
    panel = tr.Panel([tr.Router("r", {"a": 1.0}), tr.Router("s", {"b": 1.0})])
    given = tickets({"a": [0.2, 0.3], "b": [0.5, 0.6]}, [0, 1])
    with pytest.raises(ValueError, match="weights of this switch model are fixed"):
        tr.insight.prior_sensitivity(drawn(panel, *given, fixed, silent_logit=np.zeros((2, 5))))


def test_trust_under_other_powers_is_that_of_draws_weighted_by_their_priors():
    model = tr.Pool(bend=False, category_effects=False, concentration=6.0)
    posterior = pooled(40, model)
    table = tr.insight.prior_sensitivity(posterior).table()
    held = posterior.data["posterior"].to_dataset()
    share, intercept, gain = (
        held[n].values.reshape(2000, -1) for n in ("share", "intercept", "gain")
    )
    log_prior = stats.beta(6, 6).logpdf(share[:, 0])
    log_prior += stats.norm.logpdf(intercept[:, 0])
    log_prior += stats.lognorm(0.5, scale=1.65).logpdf(gain[:, 0])
    for name, power in (("weaker", 0.8), ("stronger", 1.25)):
        expected = special.softmax((power - 1) * log_prior) @ share
        np.testing.assert_allclose(table[name], expected, atol=0.004)
    np.testing.assert_allclose(table["mean"], share.mean(axis=0))
    np.testing.assert_allclose(table["initial"], [0.5, 0.5])
    # A prior that draws trust to the middle does so the more the stronger it is.
    assert table.loc["good", "weaker"] > table.loc["good", "mean"] + 0.005
    assert table.loc["good", "mean"] > table.loc["good", "stronger"] + 0.005
