"""How the command line ends: one sentence for people, exit codes that mean something."""

from __future__ import annotations

import pytest
from support.commands import PANEL


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
