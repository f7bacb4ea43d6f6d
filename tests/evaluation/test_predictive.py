"""Predictive checks hold where the model is right, and find where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from support.desk import desk
from support.known_pool import fitted, good_and_coin

import trust_router as tr
from trust_router.evaluation.predictive import _curve, holds_predictive, loo_pit, predictive_check


def test_a_check_of_a_closed_form_is_its_beta_binomial(exact_posterior):
    found = predictive_check(exact_posterior).loc["transfer failed"]
    mixture = exact_posterior.mixture("transfer failed")
    again = stats.binom.rvs(22, mixture.sample(200_000, 1).ravel(), random_state=2)
    assert (found["trials"], found["needs"]) == (22, 3)
    assert found["expected"] == pytest.approx(22 * float(mixture.mean), abs=0.3)
    assert [found["lower"], found["upper"]] == np.quantile(again, [0.055, 0.945]).tolist()
    tail = min((again < 3).mean(), (again > 3).mean()) + (again == 3).mean() / 2
    assert found["p"] == pytest.approx(2 * tail, abs=0.06)


def test_a_model_that_is_wrong_about_a_category_is_found_out():
    """It knows no categories, and need differs between them beyond what judges say."""
    posterior = desk(number=900, answered=False, unseen=(-2.0, 0.0, 1.5))
    table = predictive_check(posterior)
    assert table.loc["login", "p"] < 0.01
    assert table.loc["login", "needs"] < table.loc["login", "lower"]
    assert table.loc["bug report", "needs"] > table.loc["bug report", "upper"]
    assert table["trials"].sum() == posterior.outcomes.trials.sum()


def test_what_cannot_be_checked_is_refused(exact_posterior, seed):
    with pytest.raises(ValueError, match="taken as noisy"):
        predictive_check(tr.solve(*seed, noise=tr.Noise()))
    panel, beliefs, _ = seed
    nothing = tr.solve(panel, beliefs, tr.Outcomes(["transfer failed"], [0], [0]))
    with pytest.raises(ValueError, match="there are no outcomes"):
        predictive_check(nothing)
    with pytest.raises(ValueError, match="LOO-PIT needs a fit with the predictive draws"):
        loo_pit(exact_posterior)
    assert not holds_predictive(fitted(good_and_coin(), [1, 0]))


@pytest.mark.parametrize(("power", "inside"), [(1.0, True), (0.5, False)])
def test_values_that_fall_unevenly_leave_the_band(power, inside):
    values = np.random.default_rng(1).random(300) ** power
    curve = _curve(values, 0.99, 1)
    assert tr.evaluation.LooPit(values, curve, 0.99).inside == inside
    assert f"300 rows {'stays in' if inside else 'leaves'} its 99% band" in repr(
        tr.evaluation.LooPit(values, curve, 0.99)
    )


def test_pit_of_a_fit_is_even_as_the_pool_is_right(pool_posterior, nuts_posterior):
    found = loo_pit(pool_posterior, ci_prob=0.99)
    assert found.inside
    assert len(found.values) == len(pool_posterior.rows.known())
    assert ((found.values >= 0) & (found.values <= 1)).all()
    with pytest.raises(ValueError, match="20 rows with outcomes or more; got 1"):
        loo_pit(nuts_posterior)
