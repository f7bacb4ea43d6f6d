"""How the command line ends: one sentence for people, exit codes that mean something."""

from __future__ import annotations

import pytest
from support.commands import PANEL
from support.full_disk import full_disk

from trust_router.learning import fitting


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("solve", "--panel", "nope.toml"), "there is no panel file 'nope.toml'"),
        (("solve", "--outcomes", "nope.csv"), "there is no outcomes file 'nope.csv'"),
        (("route", "--costs", "nope.toml"), "there is no costs file 'nope.toml'"),
        (("solve", "--category", "x"), "unknown category 'x'"),
        (("solve", "--column", "outcome"), "--column must read ours=theirs"),
        (("route", "x"), "unknown category 'x'"),
        (("route", "--posterior", "nope.nc", "--costs", PANEL), "no posterior file 'nope.nc'"),
        (("route", "--posterior", "nope.nc"), "no costs are stated"),
        (("fit", "--out", "nowhere/p.nc"), "there is no folder 'nowhere'"),
        (("report", "--out", "nowhere/r.html"), "there is no folder 'nowhere'"),
        (("report", "--out", "."), "--out must name a file"),
        (("route", "--tickets", "9" * 20), "`tickets` must be at most 1,000,000; got 9999"),
        (("fit", "--draws", "9" * 20), "`draws` must be at most 1,000,000; got 9999"),
        (("fit", "--chains", "9" * 20), "`chains` must be at most 1,000; got 9999"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(trust_router, arguments, said):
    code, out, err = trust_router(*arguments)
    assert code == 2
    assert out == ""
    last = err.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert said in last
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("command", "option"), [("report --exact", "--out"), ("export", "--out"), ("fit", "--out")]
)
def test_a_full_disk_keeps_the_old_file_and_is_said_after_what_was_found(
    trust_router, tmp_path, monkeypatch, nuts_posterior, command, option
):
    monkeypatch.setattr(fitting, "fit", lambda *_args, **_kwargs: nuts_posterior)
    kept = tmp_path / "kept"
    kept.write_text("old")
    with full_disk():
        code, out, err = trust_router(*command.split(), option, kept)
    assert code == 2
    assert err.strip().splitlines()[-1] == f"error: '{kept}' cannot be written: File too large"
    assert ("transfer failed" in out) == (command == "fit")
    assert kept.read_text() == "old"
    assert list(tmp_path.iterdir()) == [kept]
