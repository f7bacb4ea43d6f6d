"""Tables as CSV: names as they are, or safe for spreadsheets; written whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.full_disk import full_disk

from trust_router.cli.tables import as_csv, write_csv

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\uff1d1",
    "-",
    "=cmd|'x'!A0",
]
PLAIN = ["t1", "a=b", "1-2", "", "'=1", "x@y", "é"]


def test_names_stay_as_they_are_unless_they_are_to_be_safe(tmp_path):
    table = pd.DataFrame({"ticket": FORMULAS + PLAIN, "need": np.linspace(-1, 1, 18)})
    path = tmp_path / "t.csv"
    for safe, expected in (
        (False, FORMULAS + PLAIN),
        (True, [f"'{name}" for name in FORMULAS] + PLAIN),
    ):
        path.write_bytes(as_csv(table, safe=safe).encode())
        read = pd.read_csv(path, keep_default_na=False, dtype={"ticket": str}, lineterminator="\n")
        assert [name.replace("\r\n", "\n") for name in read["ticket"]] == expected
        assert read["need"].iloc[0] == -1  # numbers are no formulas


def test_numbers_have_the_digits_that_are_asked_for():
    table = pd.DataFrame({"x": [1 / 3]})
    assert as_csv(table) == "x\n0.333333\n"
    assert as_csv(table, 2) == "x\n0.33\n"
    assert as_csv(table, None) == f"x\n{1 / 3}\n"


def test_a_table_is_written_whole_or_not_at_all(tmp_path):
    table, path = pd.DataFrame({"x": range(1000)}), tmp_path / "t.csv"
    write_csv(table.head(2), path)
    path.chmod(0o640)
    with full_disk(), pytest.raises(OSError, match="cannot be written"):
        write_csv(table, path)
    assert path.read_text() == "x\n0\n1\n"
    (tmp_path / "link").symlink_to("t.csv")
    write_csv(table.head(1), tmp_path / "link")
    assert path.read_text() == "x\n0\n"
    assert path.stat().st_mode & 0o777 == 0o640
