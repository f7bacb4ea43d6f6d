"""Noise and drift in a shell are those of Python, and what cannot be meant is one sentence."""

from __future__ import annotations

import pytest
from support.commands import given

from trust_router.cli.modelling import Traits
from trust_router.inputs.periods import Clock
from trust_router.learning import fitting as sampling
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.seed import Seed
from trust_router.learning.noise import Noise


def test_what_is_said_becomes_options_of_the_model():
    assert Traits.of().model("switch", "ticket") == "switch"
    assert Traits.of().model(None, "category") is None
    assert Traits.of(noise=True).model(None, "category") == Seed(noise=Noise())
    one = Traits.of(false_needed="2, 20")
    assert one.model("pool", "category") == Pool(noise=Noise(false_needed=(2, 20)))
    both = Traits.of(True, "1,9", "3,9.5", "month", "Europe/Berlin")
    expected = Pool(noise=Noise((1, 9), (3, 9.5)), drift="month", time_zone="Europe/Berlin")
    assert both.model(None, "ticket") == expected
    assert both.clock == Clock("month", "Europe/Berlin")
    assert Traits.of(drift="day").model("pool", "ticket") == Pool(drift="day")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"false_needed": "2"},
            "--false-needed must be the two shapes of a Beta, as 2,20; got '2'",
        ),
        ({"false_resolved": "a,b"}, "--false-resolved must be the two shapes"),
        ({"false_needed": "-1,2"}, "`false_needed`: "),
        ({"false_needed": "9,1", "false_resolved": "9,1"}, "must add up to less than 1"),
        ({"time_zone": "UTC"}, "--time-zone says where a period of --drift begins; give both"),
        ({"drift": "week", "time_zone": "Mars"}, "`time_zone` must be the name of a time zone"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anything_is_read(options, said):
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        Traits.of(**options)


def test_drift_is_of_pools_and_of_tickets():
    with pytest.raises(
        ValueError, match="--drift is an option of --model pool; got --model switch"
    ):
        Traits.of(drift="week").model("switch", "ticket")
    with pytest.raises(ValueError, match="--drift is learned from single tickets; give a table"):
        Traits.of(drift="week").model(None, "category")


@pytest.mark.parametrize("command", ["fit", "report"])
def test_they_reach_the_fit(
    trust_router, ticket_files, tmp_path, monkeypatch, pool_posterior, command
):
    asked = {}

    def fit(*_inputs, **settings):
        asked.update(settings)
        return pool_posterior

    monkeypatch.setattr(sampling, "fit", fit)
    files = given(ticket_files, "panel", "outcomes", "beliefs")
    options = ("--noise", "--false-resolved", "3,9", "--drift", "week", "--time-zone", "Asia/Tokyo")
    code, _, err = trust_router(command, *files, *options, "--out", tmp_path / "out")
    assert code == 0, err
    noise = Noise(false_resolved=(3, 9))
    assert asked["model"] == Pool(noise=noise, drift="week", time_zone="Asia/Tokyo")


def test_a_backtest_gives_each_model_its_noise(trust_router, ticket_files, monkeypatch):
    asked = {}

    def run(*_inputs, **settings):
        asked.update(settings)
        raise ValueError("that will do")

    monkeypatch.setattr("trust_router.evaluation.backtesting.backtest", run)
    files = given(ticket_files, "panel", "outcomes", "beliefs")
    assert trust_router("backtest", *files)[0] == 2
    assert asked["models"] is None
    models = ("--model", "pool", "--model", "rates")
    assert "that will do" in trust_router("backtest", *files, "--noise", *models)[2]
    assert [(m.name, m.noise) for m in asked["models"]] == [("pool", Noise()), ("rates", Noise())]


def test_a_saved_posterior_has_its_own(trust_router, saved_pool, tmp_path):
    call = ("report", "--posterior", saved_pool, "--out", tmp_path / "r.html")
    code, _, err = trust_router(*call, "--noise")
    assert code == 2
    assert "give --posterior or --noise, not both; a posterior holds its beliefs, outcomes" in err
    assert "--drift is for a new fit" in trust_router(*call, "--drift", "week")[2]
