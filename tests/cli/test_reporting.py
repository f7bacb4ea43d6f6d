"""The command `report`."""

from __future__ import annotations


def test_report_of_the_closed_form(trust_router, tmp_path):
    out = tmp_path / "r.html"
    code, _, err = trust_router("report", "--exact", "--out", out)
    assert code == 0
    assert f"wrote {out}" in err
    assert "trust-router report --exact --out" in out.read_text(encoding="utf-8")


def test_amounts_are_those_of_the_volume_that_is_stated(trust_router, tmp_path):
    out = tmp_path / "r.html"
    assert trust_router("report", "--exact", "--volume", "2000", "--out", out)[0] == 0
    page = out.read_text(encoding="utf-8")
    assert "2,000 tickets a month, as stated." in page
    assert "That saves 3,230 USD a month" in page  # 53.9 % of 2,000 times 3 USD


def test_what_is_no_volume_is_refused_before_anything_is_read(trust_router, tmp_path):
    out = tmp_path / "r.html"
    code, _, err = trust_router("report", "--volume", "0", "--panel", "nowhere.toml", "--out", out)
    assert code != 0
    assert "`volume` must be a number of tickets a month, above 0" in err
    assert not out.exists()
