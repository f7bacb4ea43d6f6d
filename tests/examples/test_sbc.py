"""Simulation-based calibration draws what it finds, and finds the seed model calibrated."""

from __future__ import annotations

import pytest
from support.ranked import check

from trust_router.examples import sbc
from trust_router.examples.sbc import check_ranks, plot_ranks, standard_cases


def test_picture_names_what_is_outside():
    figure = plot_ranks([check(2), check(1)], ["a", "b"])
    texts = [[t.get_text() for t in ax.get_legend().get_texts()] for ax in figure.axes]
    assert texts == [["99 % band", "wrong"], ["99 % band"]]


@pytest.mark.statistics
def test_seed_model_is_calibrated_in_a_few_simulations():
    found = check_ranks(*standard_cases()["seed"], simulations=30)
    assert found.ranks.shape == (30, 6)
    assert found.divergent == 0
    assert found.table(0.999)["inside"].all()


def test_the_command_writes_a_picture_and_a_summary(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sbc, "check_ranks", lambda *_, **__: check(1))
    sbc.main(["--simulations", "3", "--out", str(tmp_path / "new")])
    assert {p.name for p in (tmp_path / "new").iterdir()} == {"sbc.csv", "sbc.png"}
    assert "seed: 2 of 2 quantities inside their 99 % band" in capsys.readouterr().out
