"""Amounts keep the digits that matter, and names disturb nothing around them."""

from __future__ import annotations

import math

import pytest

from trust_router.basics.words import isolated, many, money, plain

ALEF = "\N{HEBREW LETTER ALEF}"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (1234567.891, "1,234,567.89"),
        (59.436, "59.44"),
        (1, "1.00"),
        (0.9999, "1.00"),
        (0.5, "0.50"),
        (0.03, "0.03"),
        (0.371254, "0.371"),
        (0.004, "0.004"),
        (0.0003, "0.0003"),
        (0.00030049, "0.0003"),
        (-0.00123456, "-0.00123"),
        (1.5e-9, "about 0"),
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (math.nan, "\N{EN DASH}"),
        (math.inf, "\N{EN DASH}"),
    ],
)
def test_amounts_have_two_decimals_and_small_ones_three_digits(amount, written):
    assert money(amount) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a  b\n c\t", "a b c"),
        ("\u202eabc\u202c", "abc"),
        ("a\u2066b\u2069\u200e\u200f\x1b", "ab"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
    ],
)
def test_names_are_one_line_of_seen_characters(name, written):
    assert plain(name) == written


def test_only_text_from_right_to_left_is_isolated():
    assert isolated("refund 💸 退款") == "refund 💸 退款"
    assert isolated(ALEF) == f"\u2068{ALEF}\u2069"


def test_one_is_no_plural():
    assert [many(n, "score") for n in (0, 1, 12_000)] == ["0 scores", "1 score", "12,000 scores"]
