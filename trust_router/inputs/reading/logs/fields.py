"""Fields of exports: columns by their names, and what stands inside of objects and lists."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from trust_router.basics.checks import is_missing
from trust_router.inputs.texts import Table

__all__ = ["field", "first_field", "is_blank", "unfolded"]

_BLANK = {"", "nan", "none", "null", "n/a", "<na>", "nat"}


def field(table: Table, path: str) -> list[Any] | None:
    """Give what stands under a name, or inside of an object; None where there is no such thing.

    Examples
    --------
    >>> field({"source": lambda: [{"type": "app"}, None]}, "source.type")
    ['app', None]
    """
    if path in table:
        return table[path]()
    for head, rest in _splits(path):
        if head in table:
            found = [_inside(value, rest) for value in table[head]()]
            if any(value is not None for value in found):
                return found
    return None


def first_field(table: Table, paths: Sequence[str]) -> tuple[str, list[Any]] | None:
    """Give the first of some fields that is there and is not blank in all rows."""
    blank = None
    for path in paths:
        values = field(table, path)
        if values is not None and not all(map(is_blank, values)):
            return path, values
        if values is not None and blank is None:
            blank = path, values
    return blank


def is_blank(value: Any) -> bool:
    """Tell whether a cell holds nothing, or a word for it."""
    if isinstance(value, str):
        return value.strip().casefold() in _BLANK
    return is_missing(value)


def unfolded(table: Table, path: str) -> Table:
    """Give one row for each entry of the lists in a column, beside the columns of its row.

    Of nested lists the path names each: ``resourceLogs.scopeLogs.logRecords``.

    Examples
    --------
    >>> log = {"id": lambda: ["a"], "scores": lambda: [[{"name": "x"}, {"name": "y"}]]}
    >>> held = unfolded(log, "scores")
    >>> held["id"](), held["name"]()
    (['a', 'a'], ['x', 'y'])
    """
    for name in path.split("."):
        if name not in table:
            return table
        table = _one_each(table, name)
    return table


def _one_each(table: Table, name: str) -> Table:
    at: list[int] = []
    entries: list[Mapping[str, Any]] = []
    for row, value in enumerate(table[name]()):
        held = _parsed(value)
        if is_missing(held) or (isinstance(held, str) and is_blank(held)):
            continue
        if not isinstance(held, (list, tuple, np.ndarray)):
            raise ValueError(
                f"column {name!r} must hold lists of objects; got {value!r:.60} in row {row + 1}"
            )
        for entry in held:
            if not isinstance(entry, Mapping):
                raise ValueError(
                    f"column {name!r} must hold lists of objects; got one of {entry!r:.60} in row "
                    f"{row + 1}"
                )
            at.append(row)
            entries.append(entry)
    columns: dict[str, Callable[[], list[Any]]] = {
        key: partial(_taken, values, at) for key, values in table.items() if key != name
    }
    for key in dict.fromkeys(key for entry in entries for key in entry):
        columns[str(key)] = partial(_of_key, entries, key)
    return columns


def _taken(values: Callable[[], list[Any]], at: Sequence[int]) -> list[Any]:
    held = values()
    return [held[row] for row in at]


def _of_key(entries: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    return [entry.get(key) for entry in entries]


def _splits(path: str) -> Iterator[tuple[str, str]]:
    """Give each way to part a path in two, the longest first part first: names hold dots too."""
    parts = path.split(".")
    for end in range(len(parts) - 1, 0, -1):
        yield ".".join(parts[:end]), ".".join(parts[end:])


def _inside(value: Any, path: str) -> Any:
    """Give what stands in an object under a path; None where there is nothing."""
    held = _parsed(value)
    if isinstance(held, (list, tuple, np.ndarray)):
        held = _attributes(held)
    if not isinstance(held, Mapping):
        return None
    if path in held:
        return held[path]
    for head, rest in _splits(path):
        if head in held:
            return _inside(held[head], rest)
    return None


def _parsed(value: Any) -> Any:
    """Read JSON that stands in a cell as text, as it does in CSV."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (RecursionError, ValueError):
            return value
    return value


def _attributes(entries: Iterable[Any]) -> dict[str, Any]:
    """Give OpenTelemetry's list of keys and values as an object."""
    found = {}
    for entry in entries:
        value = entry.get("value") if isinstance(entry, Mapping) and "key" in entry else None
        if isinstance(value, Mapping):
            found[str(entry["key"])] = next((v for v in value.values() if v is not None), None)
    return found
