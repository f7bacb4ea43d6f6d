"""Counts and numbers are written as people write them."""

from __future__ import annotations

from trust_router.inputs.reading.logs.wording import many, plain_number


def test_one_is_no_plural():
    assert [many(n, "score") for n in (0, 1, 12_000)] == ["0 scores", "1 score", "12,000 scores"]


def test_a_number_has_no_idle_digits():
    assert [plain_number(n) for n in (5.0, 0.1 + 0.2, 1e-7)] == ["5", "0.3", "1e-07"]
