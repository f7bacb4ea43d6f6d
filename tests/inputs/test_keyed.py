"""Tickets are known again by a hash, which tells nobody their names."""

from __future__ import annotations

import numpy as np

from trust_router.inputs.keyed import Keyed


def test_a_name_has_the_same_key_whenever_and_beside_whatever_it_is_hashed():
    held = Keyed.of(["a", "b", "ä"], [0, 0, 1], [1, 0, -1])
    assert len(set(held.key.tolist())) == 3
    np.testing.assert_array_equal(Keyed.of(["ä"], [0], [0]).key, held.key[2:])
    # Files hold keys: another machine, or version, must find the same ones.
    assert held.key[0] == 3405396810240292928


def test_tickets_count_as_trials_needs_and_one_each():
    counts = Keyed.of(["a", "b", "c"], [0, 0, 1], [1, 0, -1]).counts
    np.testing.assert_array_equal(counts, [[1, 1, 0], [1, 0, 0], [1, 1, 1]])


def test_checked_tickets_are_counted_by_what_was_found_and_what_had_been_logged():
    held = Keyed.of(["a", "b", "c", "d"], [0, 1, 1, 0], [1, 0, 1, 1], [0, 0, -1, -3])
    assert held.checked.tolist() == [True, True, True, False]
    assert held.said.tolist() == [0, 0, -1, 1]
    found = held.found(2)
    assert (found.sum(), found[0, 1, 0], found[1, 0, 0], found[1, 1, 2]) == (3, 1, 1, 1)


def test_rows_that_move_take_their_tickets_along():
    held = Keyed.of(["a", "b", "c"], [0, 2, 1], [1, 0, -1])
    np.testing.assert_array_equal(held.moved(np.array([5, 6, 7])).row, [5, 7, 6])
    assert held.take([1]).row.tolist() == [2]
