"""What joins lose is counted, said in words, and kept."""

from __future__ import annotations

import json

import pytest

import trust_router as tr
from trust_router.inputs.matches import Matches
from trust_router.inputs.observed import Observed


def test_words_say_what_was_lost_and_only_that():
    whole = Matches("ticket", 3, 3, 3, 0, 0, 0)
    assert str(whole) == "3 of 3 outcomes have a belief"
    assert whole.complete
    some = Matches("ticket", 300, 10, 2600, 2590, 290, 1)
    assert str(some) == (
        "10 of 300 outcomes have a belief; 290 have none; 2,590 tickets with beliefs have no "
        "outcome; on 290 tickets no judge speaks; 1 category without any outcome"
    )
    one = Matches("category", 5, 4, 3, 1, 0, 1)
    assert str(one) == (
        "4 of 5 outcomes have a belief; 1 has none; 1 category with beliefs has no outcome"
    )
    assert not one.complete
    assert not some.complete


@pytest.mark.parametrize(
    ("matched", "few"), [(0, True), (4, True), (5, False), (6, False), (10, False)]
)
def test_less_than_half_is_few(matched, few):
    assert Matches("ticket", 10, matched, 10, 0, 0, 0).few is few


def test_counts_survive_as_plain_data():
    some = Matches("ticket", 300, 10, 600, 590, 290, 1)
    assert Matches.from_dict(some.to_dict()) == some
    assert Matches.from_dict(None) is None
    seen = Matches("ticket", 300, 300, 300, 0, 0, 0, Observed(400, 100))
    assert Matches.from_dict(json.loads(json.dumps(seen.to_dict()))) == seen
    before = {name: n for name, n in seen.to_dict().items() if name != "observed"}
    assert Matches.from_dict(before) == Matches("ticket", 300, 300, 300, 0, 0, 0)


def test_tickets_that_nobody_observed_are_told():
    some = Matches("ticket", 4, 4, 35, 0, 0, 0, Observed(35, 31))
    assert not some.complete
    assert str(some) == (
        "4 of 4 outcomes have a belief; observed 11.4% of 35 tickets; 31 that only the complex "
        "model answered have no outcome"
    )
    assert Matches("ticket", 4, 4, 4, 0, 0, 0, Observed(4, 0)).complete


def test_a_page_says_what_nobody_observed(tmp_path):
    panel = tr.Panel([tr.Router("r", {"x": 1})])
    beliefs = tr.Beliefs(["a"], ["x"], [[1]], [[3]])
    with pytest.warns(UserWarning, match="the complex model alone answered 31 tickets"):
        posterior = tr.solve(panel, beliefs, tr.Outcomes(["a"], [4], [1], [31], untried=[31]))
    page = tr.write_report(posterior, tmp_path / "r.html").read_text(encoding="utf-8")
    assert "observed 11.4% of 35 tickets; 31 that only the complex model answered" in page
    assert "observed 11.4% of 35 tickets" in repr(posterior)
    assert posterior.provenance["matching"]["observed"] == {"tickets": 35, "untried": 31}


def test_a_result_says_what_its_join_lost_before_and_after_saving(tmp_path):
    panel = tr.Panel([tr.Router("r", {"x": 1})])
    beliefs = tr.Beliefs(["a", "b", "other"], ["x"], [[1], [2], [3]], [[3], [2], [1]])
    posterior = tr.solve(panel, beliefs, tr.Outcomes(["a", "b"], [4, 0], [1, 0]))
    loaded = tr.load(posterior.save(tmp_path / "p.nc"))
    for held in (posterior, loaded):
        assert held.provenance["matching"]["without_outcome"] == 2
        assert held.rows.matches == Matches("category", 4, 4, 3, 2, 0, 1, Observed(4))
        assert "4 of 4 outcomes have a belief; 2 categories with beliefs have no" in repr(held)
    page = tr.write_report(loaded, tmp_path / "r.html").read_text(encoding="utf-8")
    assert (
        "<p>4 of 4 outcomes have a belief; 2 categories with beliefs have no outcome.</p>" in page
    )
