"""The control shows what decisions and savings say, at the start and elsewhere, in a browser."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape

import pytest
from support.browser import chromium
from support.desk import desk
from support.hostile import hostile_posterior

import trust_router as tr
from trust_router.basics.words import percent, probability, rounded
from trust_router.decisions.policies import TODAY
from trust_router.show.reports.play import changed, script, script_hash
from trust_router.show.reports.report import render_report

COSTS = tr.Costs(0.03, 3.0, failure=5.0)
VOLUME = 2000


@pytest.fixture(scope="module")
def posterior():
    return desk()


@pytest.fixture(scope="module")
def page(posterior):
    return render_report(posterior, costs=COSTS, volume=VOLUME)


def cells(page):
    """What stands in each cell that the script may write."""
    found = re.findall(r'data-cell="([^"]+)"[^>]*>(.*?)</', page)
    assert found
    return {name: unescape(text) for name, text in found}


def expected(posterior, costs, volume):
    """What cells must hold, from the functions that users call."""
    saved = tr.savings(posterior, costs, random_seed=1)
    table, decisions = saved.table(), tr.decide_all(posterior, costs)
    gain, draws = saved.saved("decide each ticket", TODAY)
    told = {
        "threshold": percent(costs.threshold),
        "gain": changed(volume * gain),
        "sure": probability(float((draws > 0).mean())),
        "advised": "ticket by ticket",
    }
    for i, cost in enumerate(table["cost"]):
        told[f"cost-{i}"] = rounded(volume * (cost / 100))
    for i, certainty in enumerate(decisions["certainty"]):
        told[f"certainty-{i}"] = probability(certainty)
    return told


def agree(found, told):
    for name, text in told.items():
        # A kind that is decided ticket by ticket has no decision as a whole to be right.
        if not (name.startswith("certainty") and found[name] == "\N{EN DASH}"):
            assert found[name] == text, name


def test_the_page_without_script_says_what_decisions_and_savings_say(page, posterior):
    agree(cells(page), expected(posterior, COSTS, VOLUME))


def test_the_policy_allows_this_script_alone(page):
    policy = unescape(re.search(r'Content-Security-Policy" content="(.*?)"', page).group(1))
    (inside,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    hashed = b64encode(sha256(inside.encode()).digest()).decode()
    assert f"script-src 'sha256-{hashed}'" in policy
    assert script_hash() == f"sha256-{hashed}"
    assert policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in policy.split("script-src")[1]
    assert not re.search(r"innerHTML|eval|fetch|XMLHttp|import\(|document\.write", script())
    assert len(script().splitlines()) < 80


def test_data_hold_no_name_and_each_position_has_all_cells():
    page = render_report(hostile_posterior(), costs=COSTS)
    data = unescape(re.search(r'data-positions="(.*?)"', page).group(1))
    assert "alert" not in data
    held = json.loads(data)
    assert held["positions"][held["start"]]["failure"] == 5.0
    assert {len(each["actions"]) for each in held["positions"]} == {2}


def test_without_costs_there_is_no_script(posterior):
    page = render_report(posterior)
    assert "<script" not in page
    assert "script-src" not in page


def shown(page, tmp_path, hash_=""):
    (tmp_path / "r.html").write_text(page, encoding="utf-8")
    dom = chromium("--dump-dom", f"file://{tmp_path}/r.html{hash_}")
    return dom, cells(dom)


@pytest.mark.slow
def test_a_browser_starts_with_what_the_page_says(page, tmp_path):
    dom, found = shown(page, tmp_path)
    assert found == cells(page)
    controls = re.search(r'<fieldset id="controls".*?>', dom).group()
    assert "hidden" not in controls  # the script has run, as the policy allows
    assert "hidden" in re.search(r'<fieldset id="controls".*?>', page).group()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::trust_router.JudgeWarning")
@pytest.mark.parametrize(("failure", "volume"), [(2.5, 750), (20.0, 123456), (0.0, 0.5), (5.0, 31)])
def test_elsewhere_it_says_what_decisions_and_savings_say(
    page, posterior, tmp_path, failure, volume
):
    _, found = shown(page, tmp_path, f"#failure={failure}&volume={volume}")
    agree(found, expected(posterior, replace(COSTS, failure=failure), volume))


@pytest.mark.slow
def test_what_is_no_volume_leaves_the_one_that_was_stated(page, tmp_path):
    for wrong in ("-4", "many", "1e99"):
        _, found = shown(page, tmp_path, f"#volume={wrong}")
        assert found == cells(page), wrong


AMOUNTS = [0, 1e-12, 0.00999, 0.0125, 0.125, 0.9995, 1, 2.345, 99.94, 99.95, 99.96, 999.5, 1000]
AMOUNTS += [1234.5, 12345678, 999499.9, 1.5e9, -0.03125, -2.5e-17, -1234.5, 8.125, 1e12]


@pytest.mark.slow
def test_a_browser_writes_amounts_as_the_page_does(tmp_path):
    """The script's own function, run on amounts at which rounding is easily told wrong."""
    body = re.search(r"const rounded = .*?\n  \};", script(), re.S).group()
    (tmp_path / "a.html").write_text(
        f"<p id=p></p><script>{body}\n"
        f"p.textContent = {json.dumps(AMOUNTS)}.map(rounded).join(' ')</script>",
        encoding="utf-8",
    )
    dom = chromium("--dump-dom", f"file://{tmp_path}/a.html")
    written = re.search(r'<p id="p">(.*?)</p>', dom).group(1)
    assert written.split(" ") == [rounded(amount) for amount in AMOUNTS]
