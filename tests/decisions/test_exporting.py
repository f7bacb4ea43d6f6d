"""Exports are written whole, for others to read, and hold no more than they say."""

from __future__ import annotations

import json

import pytest
from support.decided import COSTS
from support.exported import pool

import trust_router as tr
from trust_router.decisions.constant import worse_than_constant

COST = COSTS["seed"]


def test_a_reader_in_any_language_finds_decisions_by_category(tmp_path, three):
    path = tr.decisions.export(three, COST, tmp_path / "e.json")
    held = json.loads(path.read_text(), parse_constant=pytest.fail)  # NaN is no JSON
    table = tr.decide_all(three, COST)
    for name, row in table.iterrows():
        assert held["decisions"][name]["action"] == row["action"]
        assert held["decisions"][name]["need"] == row["need"]
    assert held["tickets"] is None
    assert path.stat().st_size < 3000


def test_tickets_are_not_named(tmp_path):
    text = tr.decisions.export(pool(), COST, tmp_path / "e.json").read_text()
    held = json.loads(text, parse_constant=pytest.fail)
    assert len(held["tickets"]["draws"]["gain"]) == 700  # every second of 1,400
    assert '"t1"' not in text


def test_what_cannot_be_exported_is_refused_and_an_older_file_stays(tmp_path, three):
    path = tr.decisions.export(three, COST, tmp_path / "e.json")
    before = path.read_bytes()
    with pytest.raises(TypeError, match="`costs` must be Costs"):
        tr.decisions.export(three, path, COST)
    with pytest.raises(TypeError, match="`posterior` must be a Posterior"):
        tr.decisions.export(COST, three, path)
    with pytest.raises(FileNotFoundError, match="no folder"):
        tr.decisions.export(three, COST, tmp_path / "none" / "e.json")
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["e.json"]


def test_a_file_of_two_thousand_rows_stays_a_few_megabytes(tmp_path):
    path = tr.decisions.export(pool(number=4000), COST, tmp_path / "e.json")
    assert path.stat().st_size < 3e6
    held = tr.decisions.read_export(path)
    assert len(held.tickets.rows) > 1500


def test_an_export_warns_of_decisions_that_are_worse_than_always_the_same(tmp_path):
    posterior, said = pool(seed=2), []
    for price in (0.3, 0.525):
        cost = tr.Costs(price, 1.0)
        path = tr.decisions.export(posterior, cost, tmp_path / "e.json")
        said.append(json.loads(path.read_text())["warning"])
        assert said[-1] == worse_than_constant(posterior.foretold, cost, by_category=True)
    assert said[0] == ""
    assert said[1].startswith("Deciding by category would have cost 1.054 USD a ticket")
