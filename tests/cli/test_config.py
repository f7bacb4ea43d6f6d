"""Settings of a folder hold where no option says otherwise, and never against one."""

from __future__ import annotations

import os

import pytest
from support.commands import PANEL
from support.simulated import simulated_tickets

PANEL_TEXT = "[routers.r]\njudges = { good = 0.5, weak = 0.3, vain = 0.2 }\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = simulated_tickets(60, 1)
    table.rename(columns={"outcome": "worked"}).to_csv(tmp_path / "log.csv", index=False)
    (tmp_path / "panel.toml").write_text(PANEL_TEXT)
    write(tmp_path)
    return tmp_path


def write(folder, more=""):
    (folder / "trust_router.toml").write_text(
        'panel = "panel.toml"\noutcomes = "log.csv"\nbeliefs = "log.csv"\nneed = 1\n'
        f'posterior = "p.nc"\n{more}\n[columns]\noutcome = "worked"\n'
    )


@pytest.mark.usefixtures("folder")
def test_files_and_columns_come_from_the_settings_and_are_named(trust_router):
    code, out, err = trust_router("check")
    assert code == 0, err
    assert "trust_router.toml: panel.toml, log.csv" in err
    assert "about 60 tickets; 60 of 60 outcomes have some" in out


def test_an_option_comes_first(trust_router, folder):
    simulated_tickets(40, 2).to_csv(folder / "other.csv", index=False)
    other = ("--outcomes", "other.csv", "--beliefs", "other.csv", "--column", "outcome=outcome")
    code, out, err = trust_router("check", *other)
    assert code == 0, err
    assert "about 40 tickets" in out
    assert "other.csv" not in err


def test_a_posterior_that_is_there_is_read_and_files_are_not(trust_router, folder, saved_pool):
    (folder / "p.nc").write_bytes(saved_pool.read_bytes())
    code, _, err = trust_router("judges")
    assert code == 0, err
    assert "trust_router.toml: p.nc" in err
    assert "log.csv" not in err


def test_older_posteriors_are_told_from_newer_files(trust_router, folder, saved_pool):
    (folder / "p.nc").write_bytes(saved_pool.read_bytes())
    os.utime(folder / "p.nc", (1, 1))
    err = trust_router("judges")[2]
    assert "warning: panel.toml, log.csv changed after p.nc was made" in err


@pytest.mark.usefixtures("folder")
def test_a_posterior_that_is_given_is_not_held_against_the_files(trust_router, saved_pool):
    code, _, err = trust_router("savings", "--posterior", saved_pool, "--costs", PANEL)
    assert code == 0, err
    assert "not both" not in err


def test_files_that_are_given_are_not_held_against_the_posterior(trust_router, folder, saved_pool):
    (folder / "p.nc").write_bytes(saved_pool.read_bytes())
    (folder / "o.csv").write_text("category,worked\na,1\na,0\n")
    write(folder)
    code, out, err = trust_router(
        "route", "--panel", "panel.toml", "--outcomes", "o.csv", "--costs", PANEL
    )
    assert "not both" not in err
    assert code == 2  # beliefs about tickets, which the closed form does not take
    assert "use `trust-router fit`" in err
    assert out == ""


@pytest.mark.usefixtures("folder")
def test_a_command_without_the_posterior_it_needs_says_what_makes_it(trust_router):
    code, _, err = trust_router("predict", "--beliefs", "log.csv")
    assert code == 2
    assert "p.nc is not there yet; run `trust-router fit` first" in err


def test_the_beliefs_of_the_past_are_not_those_to_predict(trust_router, folder, saved_pool):
    (folder / "p.nc").write_bytes(saved_pool.read_bytes())
    code, _, err = trust_router("predict")
    assert code == 2
    assert "--beliefs" in err
    write(folder, "[predict]\nbeliefs = 'log.csv'\n")
    code, out, err = trust_router("predict")
    assert code == 0, err
    assert out.count("\n") == 61


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('panle = "x"', "unknown name 'panle'"),
        ("panel = 3", "`panel` must be the name of a file, in quotes; got 3"),
        ("[columns]\noutcome = 3", "[columns] must hold names of columns"),
        ("[check]\ncolour = 'red'", "`check` has no option --colour; it has panel"),
        ("[chekc]\npanel = 'x'", "unknown name 'chekc'"),
        ("panel =", "trust_router.toml is not valid TOML"),
        ("fit = 3", "[fit] must be a table with options of `fit`; got 3"),
        ("scale = 5", '`scale` must be "1..5", or a table [scale]'),
        ("[high_means]\ngood = 1", '`high_means` must be "need", or a table [high_means]'),
    ],
)
def test_settings_that_are_none_are_one_sentence(trust_router, folder, text, said):
    (folder / "trust_router.toml").write_text(text)
    code, _, err = trust_router("check")
    assert code == 2
    assert said in err
    assert trust_router("check", "--help")[0] == 0


def test_scores_on_a_scale_are_stated_once_for_all_commands(trust_router, folder, saved_pool):
    table = simulated_tickets(60, 1)
    table[["good", "weak"]] = (1 + 4 * table[["good", "weak"]]).round()
    table["vain"] = 1 - table["vain"]
    table.rename(columns={"outcome": "worked"}).to_csv(folder / "log.csv", index=False)
    stated = (
        '[scale]\ngood = "1..5"\nweak = "1..5"\n'
        '[high_means]\ngood = "need"\nweak = "need"\nvain = "resolved"\n'
    )
    write(folder, f"{stated}[predict]\nbeliefs = 'log.csv'\n")
    code, out, err = trust_router("check")
    assert code == 0, err
    assert "60 of 60 outcomes have some" in out
    (folder / "p.nc").write_bytes(saved_pool.read_bytes())  # it holds what the past was read by
    assert trust_router("judges")[0] == 0
    code, out, err = trust_router("predict")
    assert code == 0, err
    assert out.count("\n") == 61


def test_texts_have_columns_of_their_own(trust_router, folder):
    (folder / "texts.csv").write_text(
        "id,body\n"
        + "".join(f"{i},my parcel {i} is late and the courier is lost\n" for i in range(30))
    )
    (folder / "trust_router.toml").write_text(
        'tickets = "texts.csv"\n[columns]\nticket = "id"\ntext = "body"\ntime = "at"\n'
    )
    code, out, err = trust_router("categorize", "--categories", "1")
    assert code == 0, err
    assert "30" in out


def test_without_settings_nothing_changes(trust_router, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, out, err = trust_router("solve")
    assert "using the bundled panel and outcomes" in err
    assert "transfer failed" in out


def test_settings_name_files_to_read_and_never_one_to_write(trust_router, folder):
    before = (folder / "log.csv").read_bytes()
    (folder / "scores.csv").write_text("trace_id,name,value,data_type\na,good,0.4,NUMERIC\n")
    trust_router("logs", "langfuse", "scores.csv", "--judge", "good")
    assert (folder / "log.csv").read_bytes() == before
