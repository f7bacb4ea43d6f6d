"""What is not known of held-out tickets is filled in as documented."""

from __future__ import annotations

import numpy as np

from trust_router.evaluation.held_out import HeldOut

OUTCOME = np.array([1, 0, 1])


def test_an_outcome_tells_the_simple_answer_and_the_complex_one_is_taken_to_be_right():
    held_out = HeldOut.from_outcome(OUTCOME)
    assert held_out.simple_quality.tolist() == [0, 1, 0]
    assert held_out.complex_quality.tolist() == [1, 1, 1]
    known = HeldOut.from_outcome(OUTCOME, np.array([0.2, 0.9, 0.1]), np.array([1, 0.5, 1]))
    assert known.simple_quality.tolist() == [0.2, 0.9, 0.1]
    assert known.complex_quality.tolist() == [1, 0.5, 1]


def test_ties_are_broken_at_random_and_the_same_way_again():
    ties = [HeldOut.from_outcome(OUTCOME, random_seed=seed).ties.tolist() for seed in (1, 1, 2)]
    assert ties[0] == ties[1] != ties[2]


def test_some_tickets_are_kept_with_all_that_is_known_of_them():
    every = HeldOut.from_outcome(OUTCOME, np.array([0.2, 0.9, 0.1]))
    some = every.take(np.array([2, 0]))
    assert some.outcome.tolist() == [1, 1]
    assert some.simple_quality.tolist() == [0.1, 0.2]
    assert some.ties.tolist() == [every.ties[2], every.ties[0]]


def test_every_ticket_counts_once_unless_told_otherwise():
    held_out = HeldOut.from_outcome(OUTCOME)
    assert held_out.counted().tolist() == [[1, 1, 1]]
    weights = held_out.counted(np.array([[2, 0, 1]]))
    assert weights.tolist() == [[2, 0, 1]]
    assert weights.dtype == float
