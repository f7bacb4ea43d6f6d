"""What is shown of rates of wrong outcomes, of draws and of the closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from support.three_routers import CHECKED_ROWS, COUNTED, PANEL, STATED

import trust_router as tr
from trust_router.learning.noise_rates import noise_sentences, noise_table
from trust_router.learning.posterior import Posterior
from trust_router.learning.provenance import describe_run
from trust_router.learning.storage import assemble

NOISE = tr.Noise((1, 9), (2, 6))


def sampled(rows=CHECKED_ROWS, number=400) -> Posterior:
    rng = np.random.default_rng(1)
    draws = {n: (("chain", "draw"), rng.beta(a, b, (2, number))) for n, a, b in RATES}
    run = describe_run(
        PANEL, rows, method="nuts", model="pool", libraries=(),
        settings={"options": tr.Pool(noise=NOISE).options()},
    )  # fmt: skip
    return assemble({"posterior": xr.Dataset(draws)}, PANEL, rows, run)


RATES = [("false_needed", 20, 180), ("false_resolved", 30, 70)]


def test_rates_are_tabulated_beside_what_was_stated_and_checked():
    posterior = sampled()
    table = noise_table(posterior, 0.89, "eti")
    assert table.index.tolist() == ["false_needed", "false_resolved"]
    assert table["stated"].tolist() == [0.1, 0.25]
    counts = CHECKED_ROWS.checked.sum(axis=0)
    assert table["checked"].tolist() == [counts[0, :2].sum(), counts[1, :2].sum()]
    assert table["wrong"].tolist() == [counts[0, 1], counts[1, 0]]
    np.testing.assert_allclose(table["mean"], [0.1, 0.3], atol=0.01)
    assert (table["lower"] < table["mean"]).all()
    assert (table["r_hat"] < 1.02).all()


def test_the_closed_form_has_rates_too():
    posterior = tr.solve(PANEL, STATED, COUNTED, noise=NOISE)
    table = noise_table(posterior, 0.5, "eti")
    assert (table["lower"] < table["mean"]).all()
    assert (table["mcse"] == 0).all()
    wide = noise_table(posterior, 0.95, "eti")
    assert (wide["upper"] > table["upper"]).all()


def test_a_sentence_says_how_often_and_how_it_is_known():
    posterior = sampled()
    (sentence,) = noise_sentences(posterior)
    assert "Outcomes may be wrong: 10" in sentence
    assert sentence.endswith(f"{CHECKED_ROWS.found.sum()} outcomes were checked.")
    (unchecked,) = noise_sentences(sampled(replace(CHECKED_ROWS, checked=None)))
    assert "no outcome was checked, so that these rates are mostly the prior's doing" in unchecked


def test_a_posterior_with_noise_says_so_wherever_it_is_shown(tmp_path):
    posterior = tr.solve(PANEL, STATED, COUNTED, noise=NOISE)
    again = tr.load(posterior.save(tmp_path / "noisy.nc"))
    assert again.noise == NOISE
    for shown in (repr(again), again._repr_html_()):
        assert "Outcomes may be wrong" in shown
    assert "Outcomes may be wrong" not in repr(tr.solve(PANEL, STATED, COUNTED))


def test_without_noise_there_are_no_rates():
    with pytest.raises(ValueError, match="outcomes were taken as true; give `noise`"):
        noise_table(tr.solve(PANEL, STATED, COUNTED), 0.89, "eti")
