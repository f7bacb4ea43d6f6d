"""What a later table changes is counted, and names of two tables become one list."""

from __future__ import annotations

from trust_router.inputs.changes import Changes, placed


def test_changes_are_said_in_one_line():
    assert str(Changes(12_000, 3, 40)) == "12,000 added, 3 corrected, 40 the same"


def test_names_keep_their_places_and_new_ones_follow():
    names, at = placed(["b", "a"], ["c", "a", "c"])
    assert names == ("b", "a", "c")
    assert at.tolist() == [2, 1, 2]
    assert placed([], [])[0] == ()
