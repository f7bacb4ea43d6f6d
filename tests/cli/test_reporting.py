"""The command `report`."""

from __future__ import annotations


def test_report_of_the_closed_form(trust_router, tmp_path):
    out = tmp_path / "r.html"
    code, _, err = trust_router("report", "--exact", "--out", out)
    assert code == 0
    assert f"wrote {out}" in err
    assert "trust-router report --exact --out" in out.read_text(encoding="utf-8")
