"""Ranks of true parameters are uniform, and the check sees it where they are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from trust_router.evaluation import RankCheck
from trust_router.examples import sbc
from trust_router.examples.sbc import check_ranks, plot_ranks, standard_cases


def check(power):
    u = np.random.default_rng(1).random((200, 2))
    return RankCheck("any", pd.DataFrame({"right": u[:, 0], "wrong": u[:, 1] ** power}), 0)


def test_uniform_ranks_stay_in_the_band_and_others_leave_it():
    table = check(2).table()
    assert table["inside"].to_dict() == {"right": True, "wrong": False}
    assert check(1).table()["inside"].all()


def test_the_band_holds_simultaneously_as_often_as_it_says():
    ranks = pd.DataFrame(np.random.default_rng(2).random((100, 1000)))
    inside = RankCheck("any", ranks.rename(columns=str), 0).table(0.9)["inside"].mean()
    assert abs(inside - 0.9) < 5 * np.sqrt(0.09 / 1000) + 0.01


def test_picture_names_what_is_outside():
    figure = plot_ranks([check(2), check(1)], ["a", "b"])
    texts = [[t.get_text() for t in ax.get_legend().get_texts()] for ax in figure.axes]
    assert texts == [["99 % band", "wrong"], ["99 % band"]]


@pytest.mark.slow
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
