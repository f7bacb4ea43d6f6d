"""A page carries what it can be verified by, and a damaged one is refused in a sentence."""

from __future__ import annotations

import json
from html import escape

import pytest
from support.pretended import COUNTS, SEATS, STATED

import trust_router as tr
from trust_router.show.reports.numbers import numbers_of
from trust_router.show.reports.record import read_record

COSTS = tr.Costs(simple=0.03, complex=3.0, failure=5.0)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    return tr.write_report(tr.solve(SEATS, STATED, COUNTS), path, costs=COSTS)


def test_what_was_written_is_read(page):
    posterior, held = tr.solve(SEATS, STATED, COUNTS), read_record(page)
    assert held.costs == COSTS
    assert held.numbers == numbers_of(posterior, COSTS)
    assert held.provenance == posterior.provenance


def test_hostile_names_do_not_leave_the_attribute(tmp_path):
    name = "\"></div><script>alert('x')</script>"
    stated = tr.Beliefs([name], STATED.judges, STATED.alpha[:1], STATED.beta[:1])
    posterior = tr.solve(SEATS, stated, tr.Outcomes([name], [5], [2]))
    path = tr.write_report(posterior, tmp_path / "r.html")
    assert "<script>alert" not in path.read_text(encoding="utf-8")
    assert any(name in each.name for each in read_record(path).numbers)


def damaged(tmp_path, change):
    held = {
        "format": 1,
        "provenance": {"model": "seed", "method": "exact", "input_hash": "0"},
        "costs": None,
        "numbers": [],
    }
    path = tmp_path / "damaged.html"
    text = escape(json.dumps(held | change))
    path.write_text(f'<div id="trust-router-record" data-record="{text}"></div>')
    return path


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": 2}, "has format 2; this version of trust_router reads 1"),
        ({"costs": {"simple": "much"}}, "is damaged"),
        ({"costs": {"cheap": 1}}, "is damaged"),
        ({"numbers": [["x", "y", "z"]]}, "is damaged"),
        ({"numbers": 3}, "is damaged"),
        ({"provenance": []}, "has format 1"),
    ],
)
def test_a_damaged_record_is_refused(tmp_path, change, reason):
    with pytest.raises(ValueError, match=reason):
        read_record(damaged(tmp_path, change))


def test_another_page_and_no_page_are_refused(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<p>hello")
    with pytest.raises(ValueError, match=r"page\.html carries nothing to verify it by"):
        read_record(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"page\.html carries nothing to verify it by"):
        read_record(path)
    with pytest.raises(FileNotFoundError, match=r"there is no report"):
        read_record(tmp_path / "absent.html")
