"""Blocks cover every row once, in order, and hold no more values than may be held at once."""

from __future__ import annotations

import pytest

from trust_router.basics.arrays import blocks


@pytest.mark.parametrize(
    ("rows", "values", "at_once"), [(10, 3, 7), (1, 9, 4), (6, 0, 3), (0, 1, 1)]
)
def test_blocks_cover_every_row_once(rows, values, at_once):
    parts = list(blocks(rows, values, at_once))
    assert [row for part in parts for row in range(part.start, part.stop)] == list(range(rows))
    assert all(
        part.stop - part.start == 1 or (part.stop - part.start) * values <= at_once
        for part in parts
    )
