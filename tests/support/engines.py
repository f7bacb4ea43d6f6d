"""One table in every engine that keeps it, and back."""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache

import narwhals as nw
import polars as pl
import pytest

ENGINES = [
    "polars",
    "duckdb",
    "ibis",
    "pandas",
    "pyarrow",
    pytest.param("pyspark", marks=[pytest.mark.warehouse, pytest.mark.slow]),
]


@cache
def spark():
    """A Spark of this machine; a test is skipped with the reason where there can be none."""
    pyspark = pytest.importorskip("pyspark.sql", reason="PySpark is not installed: make warehouse")
    java = os.environ.get("JAVA_HOME") or shutil.which("java")
    if not java:
        pytest.skip("PySpark needs Java 17 or newer, and there is no `java` on this machine")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = pyspark.SparkSession.builder.master("local[2]")
    for key, value in {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2"}.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def held(engine: str, frame: pl.DataFrame):
    """Give a frame to an engine; lazily, if it can."""
    if engine == "polars":
        return frame.lazy()
    if engine == "duckdb":  # a connection of its own, as users have
        return pytest.importorskip("duckdb").connect().from_arrow(frame.to_arrow())
    if engine == "ibis":
        return pytest.importorskip("ibis").memtable(frame.to_arrow())
    if engine == "pandas":
        return frame.to_pandas()
    if engine == "pyarrow":
        return frame.to_arrow()
    return spark().createDataFrame(frame.to_arrow())


def collected(native) -> pl.DataFrame:
    """Bring what an engine holds into memory."""
    known = nw.from_native(native)
    known = known.collect() if isinstance(known, nw.LazyFrame) else known
    frame = pl.from_arrow(known.to_arrow())
    assert isinstance(frame, pl.DataFrame)
    return frame
