"""Blocks cover every row once, in order, and hold no more values than may be held at once."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from trust_router.basics.arrays import blocks, floats


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


def test_what_is_masked_is_missing():
    masked = np.ma.array([[1, 2], [3, 4]], mask=[[0, 1], [0, 0]])
    np.testing.assert_array_equal(floats(masked), [[1, np.nan], [3, 4]])
    np.testing.assert_array_equal(floats([masked[0], masked[1]]), [[1, np.nan], [3, 4]])


@pytest.mark.parametrize(
    "values",
    [
        np.array(["2020-01-01"], dtype="datetime64[D]"),
        np.array([3], dtype="timedelta64[D]"),
        np.array([1 + 0j]),
        np.ma.array([1 + 2j]),
        [np.complex128(1)],
        np.array([1 + 2j, None], dtype=object),
        np.array([np.datetime64("2020-01-01")], dtype=object),
        ["3"],
        [b"3"],
        np.array(["3", 4], dtype=object),
        [{}],
    ],
    ids=repr,
)
def test_what_numpy_would_make_numbers_of_is_refused(values):
    with pytest.raises(TypeError):
        floats(values)


def test_numbers_of_any_kind_are_copied():
    given = np.array([1.0, 2.0])
    copy = floats(given)
    copy[0] = 9
    assert given.tolist() == [1, 2]
    assert floats([True, Decimal("0.5"), np.float32(2)]).tolist() == [1, 0.5, 2]
    assert np.isnan(floats([None, 1]))[0]
