"""The command `export`: what is written decides as the commands do."""

from __future__ import annotations

import json

import trust_router as tr


def test_the_closed_form_is_exported(trust_router, tmp_path):
    out = tmp_path / "e.json"
    code, shown, err = trust_router("export", "--out", out)
    assert (code, shown) == (0, "")
    assert f"wrote {out}" in err
    decided = json.loads(trust_router("route", "--json")[1])["decision"]
    assert tr.decisions.read_export(out).decide("transfer failed").need == decided["need"]


def test_a_saved_posterior_is_exported_and_needs_costs(
    trust_router, saved_pool, ticket_files, tmp_path
):
    out = tmp_path / "e.json"
    given = ("export", "--posterior", saved_pool, "--out", out)
    code, _, err = trust_router(*given)
    assert code == 2
    assert "no costs are stated" in err
    code, _, err = trust_router(*given, "--costs", ticket_files / "panel.toml")
    assert code == 0, err
    assert 0 < tr.decisions.read_export(out).decide_ticket({"good": 0.4}).need < 1
