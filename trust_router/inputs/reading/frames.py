"""Frames, eager and lazy, lists of records and mappings of columns as tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import narwhals as nw
import numpy as np

from trust_router.basics.characters import canonical
from trust_router.basics.checks import repeated, shown
from trust_router.inputs.texts import Table

__all__ = ["arrow_table", "column_table", "frame_table", "mapped_table", "record_table"]


def frame_table(frame: Any, wanted: Iterable[str] = (), only: Collection[str] = ()) -> Table:
    """Give the columns of a frame that Narwhals knows, or of a list of records.

    Parameters
    ----------
    frame : frame, or sequence of mappings
        Of pandas, Polars, PyArrow, DuckDB, Ibis, PySpark and others; or one mapping for each row.
    wanted : iterable of str
        Levels of a pandas index that are columns, too.
    only : collection of str
        Where these are all that is read, a lazy frame brings no other columns into memory.

    Raises
    ------
    TypeError
        If ``frame`` is none of these.
    ValueError
        If its columns are not unique; in PyArrow's, only once such a column is asked for.
    """
    if nw.dependencies.is_pyarrow_table(frame):
        return arrow_table(frame)
    if isinstance(frame, (list, tuple)) and all(isinstance(row, Mapping) for row in frame):
        return record_table(frame)
    if nw.dependencies.is_pandas_like_dataframe(frame):
        frame = _with_index(frame, set(wanted))
    try:
        known = nw.from_native(frame)
        if isinstance(known, nw.LazyFrame):
            return _lazy_table(known, set(only))
    except nw.exceptions.DuplicateError as error:
        raise ValueError(" ".join(str(error).split())) from None
    except TypeError:
        raise TypeError(
            "the source must be the path of a file, or a data frame of pandas, Polars, PyArrow "
            f"or another library that Narwhals knows, or a list of dicts; got {shown(frame)}"
        ) from None
    return _eager_table(known)


def _eager_table(data: nw.DataFrame[Any]) -> Table:
    def values(place: int) -> list[Any]:
        column = data[:, place]
        return _of_width(column.to_list(), column.dtype == nw.Float32)

    return column_table(data.columns, values)


def _lazy_table(frame: nw.LazyFrame[Any], only: set[str]) -> Table:
    """Bring a lazy frame in, at once: an engine may order its rows anew each time it is asked."""
    names = frame.collect_schema().names()
    read = [name for name in names if not only or canonical(name) in only] or names[:1]

    @cache
    def collected() -> Table:
        data = frame.select(read).collect()
        native = data.to_native()
        arrow = nw.dependencies.is_pyarrow_table(native)
        return arrow_table(native) if arrow else _eager_table(data)

    def values(place: int) -> list[Any]:
        return collected()[canonical(names[place])]()

    return column_table(names, values)


def _with_index(frame: Any, wanted: set[str]) -> Any:
    """Make columns of the levels of an index that are wanted by name."""
    names = [canonical(str(name)) for name in frame.columns]
    if len(set(names)) < len(names):
        twice = repeated(names)
        raise ValueError(
            f"a frame must have unique column names; got {twice!r} {names.count(twice)} times"
        )
    levels = [name for name in frame.index.names if canonical(str(name)) in wanted - set(names)]
    return frame.reset_index(level=levels) if levels else frame


def mapped_table(columns: Mapping[Any, Any]) -> Table:
    """Give the columns of a mapping of their names to their values."""
    held: list[list[Any]] = []
    for name, values in columns.items():
        if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
            raise TypeError(
                f"a mapping must give the values of each column; got {shown(values)} for {name!r}"
            )
        held.append(values.tolist() if isinstance(values, np.ndarray) else list(values))
        if len(held[-1]) != len(held[0]):
            raise ValueError(
                f"columns must be of one length; {name!r} has {len(held[-1])} values, the first "
                f"one {len(held[0])}"
            )
    return column_table(list(columns), held.__getitem__)


def column_table(names: Sequence[Any], values: Callable[[int], list[Any]]) -> Table:
    """Give columns by the canonical form of their names; those that are read must be unique."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(canonical(str(name)), []).append(place)

    def column(name: str) -> list[Any]:
        if len(places[name]) > 1:
            raise ValueError(
                f"columns that are read must be unique; {name!r} stands {len(places[name])} times"
            )
        return values(places[name][0])

    return {name: partial(column, name) for name in places}


def arrow_table(data: Any) -> Table:
    """Give the columns of a PyArrow table."""

    def values(place: int) -> list[Any]:
        column = data.column(place)
        return _of_width(column.to_pylist(), str(column.type) == "float")

    return column_table(data.column_names, values)


def record_table(records: Sequence[Mapping[str, Any]]) -> Table:
    """Give the columns of records, of which each may lack some."""
    keys = list(dict.fromkeys(key for record in records for key in record))
    return column_table(keys, lambda place: [record.get(keys[place]) for record in records])


def _of_width(values: list[Any], single: bool) -> list[Any]:
    """Keep floats of 32 bits apart, which have lost digits that wider ones still have."""
    return [None if v is None else np.float32(v) for v in values] if single else values
