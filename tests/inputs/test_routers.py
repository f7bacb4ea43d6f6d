"""Judges and routers cannot be invalid, and say what is wrong with what they are given."""

from __future__ import annotations

import pytest

from trust_router.basics.beta import Beta
from trust_router.inputs.routers import Judge, Router


def test_weights_rounded_in_the_seventh_digit_are_made_to_sum_to_one():
    router = Router("a", {"x": 0.3333333, "y": 0.3333333, "z": 0.3333333})
    assert sum(router.judges.values()) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Judge(" "), "judge must have a non-empty name; got ' '"),
        (lambda: Judge("h", (3, 9)), r"belief of judge 'h' must be a Beta; got \(3, 9\)"),
        (lambda: Judge("h", None, {"c": 3}), "judge 'h' in category 'c' must be a Beta; got 3"),
        (lambda: Judge("h", None, {"": Beta(1, 1)}), "category.*judge 'h'"),
        (lambda: Judge("h", None, {7: Beta(1, 1)}), "category.*judge 'h'"),
        (lambda: Judge("h", None, None), "`category_beliefs` of judge 'h' must map .*; got None"),
        (lambda: Judge("h\0"), r"judge must have a name without control .*; got 'h\\x00'"),
        (lambda: Judge("h", None, {"c\x1b": Beta(1, 1)}), "category.*judge 'h'.*without control"),
        (lambda: Router("a\x7f", {"h": 1}), "router must have a name without control"),
        (lambda: Router("a", {"h\ud800": 1}), "router 'a' must have a name without control"),
        (lambda: Router("a", {"h": 1}, nickname="\0"), "`nickname` of router 'a' must not hold"),
        (lambda: Router(3, {"h": 1}), "router must have a non-empty name; got 3"),
        (lambda: Router("a", ["h"]), r"`judges` of router 'a' must map judges.*got \['h'\]"),
    ],
)
def test_an_invalid_declaration_in_python_is_refused(build, message):
    with pytest.raises((ValueError, TypeError), match=message):
        build()
