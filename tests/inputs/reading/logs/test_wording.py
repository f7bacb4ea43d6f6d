"""Numbers are written as people write them."""

from __future__ import annotations

from trust_router.inputs.reading.logs.wording import plain_number


def test_a_number_has_no_idle_digits():
    assert [plain_number(n) for n in (5.0, 0.1 + 0.2, 1e-7)] == ["5", "0.3", "1e-07"]
