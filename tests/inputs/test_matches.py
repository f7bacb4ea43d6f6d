"""What joins lose is counted, said in words, and kept."""

from __future__ import annotations

import pytest

import trust_router as tr
from trust_router.inputs.matches import Matches


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


def test_a_result_says_what_its_join_lost_before_and_after_saving(tmp_path):
    panel = tr.Panel([tr.Router("r", {"x": 1})])
    beliefs = tr.Beliefs(["a", "b", "other"], ["x"], [[1], [2], [3]], [[3], [2], [1]])
    posterior = tr.solve(panel, beliefs, tr.Outcomes(["a", "b"], [4, 0], [1, 0]))
    loaded = tr.load(posterior.save(tmp_path / "p.nc"))
    for held in (posterior, loaded):
        assert held.provenance["matching"]["without_outcome"] == 2
        assert held.rows.matches == Matches("category", 4, 4, 3, 2, 0, 1)
        assert "4 of 4 outcomes have a belief; 2 categories with beliefs have no" in repr(held)
    page = tr.write_report(loaded, tmp_path / "r.html").read_text(encoding="utf-8")
    assert (
        "<p>4 of 4 outcomes have a belief; 2 categories with beliefs have no outcome.</p>" in page
    )
