"""Tables that stay in their engine: what is said of them is an expression, and a join is lazy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import narwhals as nw

from trust_router.basics.checks import shown
from trust_router.inputs.reading.databases import relation
from trust_router.inputs.reading.places import Place

__all__ = ["beside", "key_of", "lazy_frame", "values_of"]

# Stands in for a missing score in keys, since engines differ in whether two missing ones are alike.
_NOTHING = -1.7e308


def lazy_frame(source: Any) -> nw.LazyFrame[Any]:
    """Give a source as a lazy frame; queries and files are read by DuckDB, when they are asked.

    Raises
    ------
    TypeError
        If it is no frame.
    """
    if isinstance(source, (str, Path)):
        return _lazy(_relation(source))
    try:
        known = nw.from_native(source)
    except TypeError:
        raise TypeError(
            "the source must be a lazy frame (of Polars, DuckDB, PySpark, Ibis or another library "
            f"that Narwhals knows), a query, or the path of a file; got {shown(source)}"
        ) from None
    return _lazy(known)


def _lazy(frame: Any) -> nw.LazyFrame[Any]:
    known = frame if isinstance(frame, nw.LazyFrame) else nw.from_native(frame, pass_through=True)
    lazy: nw.LazyFrame[Any] = known.lazy()
    return lazy


def _relation(source: str | Path) -> Any:
    place = Place.of(source)
    if place.kind in ("query", "duckdb"):
        return relation(place)
    if place.kind == "file" and place.path is not None:
        name = str(place.path).replace("'", "''")
        if name.lower().endswith((".parquet", ".csv", ".csv.gz", ".tsv", ".jsonl", ".ndjson")):
            return relation(Place("query", table=f"SELECT * FROM '{name}'"))  # noqa: S608
    raise ValueError(
        f"{place.name} cannot be counted where it lies; a query, a DuckDB file, Parquet, CSV and "
        "JSON Lines can, and frames of Polars, DuckDB, PySpark and Ibis"
    )


def key_of(name: str, kind: nw.dtypes.DType | type[nw.dtypes.DType]) -> nw.Expr:
    """Give an expression of a column that is never missing: numbers, or else text."""
    column = nw.col(name)
    if kind.is_numeric() or kind == nw.Boolean:
        number = column.cast(nw.Float64)
        return (
            nw.when(~number.is_nan()).then(number).otherwise(nw.lit(_NOTHING)).fill_null(_NOTHING)
        )
    return column.cast(nw.String).fill_null("")


def values_of(keys: Sequence[Any]) -> list[Any]:
    """Give what stood in a column of keys."""
    return [None if value in (_NOTHING, "") else value for value in keys]


def beside(frame: nw.LazyFrame[Any], table: Any, keys: list[str]) -> nw.LazyFrame[Any]:
    """Join a small PyArrow table to a lazy frame, in the frame's own engine, by columns of both."""
    return frame.join(_moved(frame, table, keys), on=keys, how="left")


def _moved(frame: nw.LazyFrame[Any], table_of_decisions: Any, keys: list[str]) -> nw.LazyFrame[Any]:
    """Bring a small table into the engine of a frame."""
    kind, native = frame.implementation, frame.to_native()
    small = nw.from_native(table_of_decisions, eager_only=True)
    if kind.is_duckdb():  # it finds the table by its name, in the connection of the relation
        return _lazy(native.query("_tickets", "SELECT * FROM table_of_decisions"))
    if kind.is_pyspark():
        return _lazy(small.lazy("pyspark", session=native.sparkSession))
    if kind.is_polars() or kind.is_ibis():
        return _lazy(small.lazy(kind))
    held = nw.from_dict(table_of_decisions.to_pydict(), backend=kind)
    if kind.is_pyarrow():  # it knows two kinds of text
        types = {key: native.schema.field(key).type for key in keys}
        return _lazy(_cast(held.to_native(), types))
    return _lazy(held)


def _cast(table: Any, types: dict[str, Any]) -> Any:
    for place, name in enumerate(table.column_names):
        if name in types:
            table = table.set_column(place, name, table.column(name).cast(types[name]))
    return table
