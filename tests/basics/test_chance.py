"""Chance of a name is the same in every process."""

from __future__ import annotations

from trust_router.basics.chance import generator_of


def test_a_name_has_the_same_numbers_in_every_process():
    # hash() would differ from process to process; these numbers were written down once.
    drawn = generator_of("effect", "billing").integers(1_000_000, size=3)
    assert drawn.tolist() == [
        437977,
        203672,
        83534,
    ]


def test_names_are_told_apart():
    seen = [
        generator_of(*names).random()
        for names in [("a",), ("b",), ("a", ""), ("", "a"), ("ab", "c"), ("a", "bc"), ("a", 1)]
    ]
    assert len(set(seen)) == len(seen)
