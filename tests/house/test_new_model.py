"""A new model is one file: everything that comes after a fit takes it as it is."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib import pyplot as plt
from support.toy import Deaf

import trust_router as tr
from trust_router.learning.models.kind import MODELS, Model

pytestmark = pytest.mark.slow

COSTS = tr.Costs(simple=0.03, complex=3.0, failure=5.0)


@pytest.fixture(scope="module")
def posterior(ticket_inputs):
    with pytest.warns(tr.JudgeWarning, match="'vain' cannot be told from a coin"):
        return tr.fit(*ticket_inputs, model=Deaf(spread=2.0), random_seed=1, draws=500, tune=500)


def test_it_is_known_by_its_name_and_comes_back_from_a_file(posterior, tmp_path):
    assert MODELS["deaf"] is Deaf
    again = tr.load(posterior.save(tmp_path / "p.nc"))
    assert again.options == Deaf(spread=2.0)
    np.testing.assert_array_equal(again.trust_mean, posterior.trust_mean)


def test_two_models_of_one_name_are_refused():
    with pytest.raises(ValueError, match="a model named 'deaf' already"):
        type("Other", (Model,), {"name": "deaf"})


def test_tables_say_what_it_says(posterior):
    assert posterior.diagnostics.converged
    trust = posterior.trust()
    assert trust.index.get_level_values("category").unique().tolist() == ["all categories"]
    np.testing.assert_allclose(trust["mean"], trust["initial"])
    np.testing.assert_allclose(posterior.seats()["weight"], posterior.seats()["prior"])
    need, counts = posterior.need(), posterior.outcomes
    assert (np.abs(need["mean"] - counts.needs / counts.trials) < 0.1).all()
    assert list(posterior.parameter("level").index) == list(counts.categories)


def test_decisions_and_predictions_take_it(posterior, ticket_inputs):
    table = tr.decide_all(posterior, COSTS)
    np.testing.assert_allclose(table["need"], posterior.need()["mean"], rtol=1e-12)
    tickets = tr.decide_tickets(posterior.predict(ticket_inputs[1]), COSTS)
    assert tickets.groupby("category")["need"].std().max() < 1e-12  # judges are not heard
    assert tr.savings(posterior, COSTS, random_seed=1).table().loc["decide", "p_saves"] >= 0
    assert tr.route(posterior, "login", COSTS, random_seed=1)[0].category == "login"


def test_leave_one_out_and_comparison_take_it(posterior, pool_posterior):
    assert np.isfinite(tr.evaluation.ticket_loo(posterior).elpd).any()
    assert set(tr.compare({"deaf": posterior, "pool": pool_posterior}).index) == {"deaf", "pool"}


def test_a_picture_and_a_report_take_it(posterior, tmp_path):
    tr.plots.trust(posterior)
    plt.close("all")
    page = tr.write_report(posterior, tmp_path / "r.html", costs=COSTS).read_text()
    assert "This model does not listen to judges." in page
    assert "log odds of need in the category" in page
