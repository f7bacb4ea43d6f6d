"""Values that show themselves: a line or a small table in a terminal, a table in a notebook.

A result says in its fields, or in its `table`, what it holds; how that looks is said here, once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from trust_router.basics.characters import escaped

__all__ = ["Shown", "Table", "framed", "written"]

_NONE = "\N{EN DASH}"
_MOST_ROWS = 12  # of a table that are shown
_MOST_NAMES = 4  # of a list that are written out
_WIDTH = 120  # characters of a line in a terminal
_LONGEST = 60  # characters of a text in a cell
_DIGITS = 4  # significant, of numbers without a Monte Carlo error
_LEAST, _MOST = 1e-4, 1e15  # smaller and larger numbers are written as powers of ten


@dataclass(frozen=True)
class Table:
    """Cells as they are read.

    Attributes
    ----------
    columns : tuple of str
    rows : tuple of tuple of str
    hidden : int
        How many more rows there are.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    hidden: int = 0

    @property
    def rest(self) -> str:
        """What is said of rows that are not shown."""
        return f"... and {self.hidden:,} more" if self.hidden else ""

    @property
    def texts(self) -> tuple[bool, ...]:
        """Which columns are read from the left: all but those of numbers."""
        number = re.compile(rf"[-+]?\d[\d,.e+-]*%?$|{_NONE}?$")
        return tuple(
            not all(number.match(cell) for cell in column)
            for column in zip(*self.rows, strict=True)
        )

    def __str__(self) -> str:
        lines = [[escaped(cell) for cell in line] for line in (self.columns, *self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        placed = [str.ljust if text else str.rjust for text in self.texts or (True,) * len(widths)]
        aligned = [
            "  ".join(put(c, w) for put, c, w in zip(placed, line, widths, strict=True)).rstrip()
            for line in lines
            if any(line)
        ]
        return "\n".join([*aligned, self.rest] if self.hidden else aligned)


class Shown:
    """Base of results: readable in a terminal, and a small table in a notebook.

    A class with a method `table` shows its first rows, another one its fields; one that knows
    better overrides `_shown` or `_headline`, or writes its own ``__repr__``. As base of a dataclass
    it needs ``repr=False``.
    """

    def _shown(self) -> Table | None:
        """Give the table below the line; None where the fields say it all."""
        table = getattr(self, "table", None)
        return framed(table()) if callable(table) else None

    def _headline(self) -> str:
        """Give the line above the table: the name, and the fields that are single values."""
        told = [f"{key}={_quoted(value)}" for key, value in _told(self) if _is_single(value)]
        return f"{type(self).__name__}({', '.join(told)})"

    def _errors(self) -> Mapping[str, float]:
        """Give Monte Carlo errors of fields, where there are any."""
        errors = getattr(self, "mcse", None)
        return errors if isinstance(errors, Mapping) else {}

    def __repr__(self) -> str:
        table = self._shown()
        if table is not None:
            return f"{self._headline()}\n{table}"
        told, name = _told(self), type(self).__name__
        line = f"{name}({', '.join(f'{key}={_quoted(value)}' for key, value in told)})"
        if len(line) <= _WIDTH:
            return line
        return f"{name}\n{_listed(told, self._errors())}"

    def _repr_html_(self) -> str:
        from trust_router.basics.html import render

        table, own = self._shown(), type(self).__repr__ is not Shown.__repr__
        head, *notes = (repr(self) if own else self._headline()).split("\n")
        if table is None and not own:
            head, table = type(self).__name__, _listed(_fields(self), self._errors())
        return render("trust_router.basics", "shown.html.j2", head=head, notes=notes, table=table)


def framed(frame: Any) -> Table:
    """Give the first rows of a pandas frame as they are read.

    A number with a Monte Carlo error, that is ``mean`` beside ``mcse``, or ``x`` beside ``x_mcse``,
    is rounded to it.
    """
    head = frame.iloc[:_MOST_ROWS]
    columns = {_named(name): head[name].tolist() for name in head.columns}
    cells = []
    counted = frame.index.nlevels == 1 and type(frame.index).__name__ == "RangeIndex"
    for level, name in enumerate([] if counted else frame.index.names):
        cells.append((_named(name), map(written, head.index.get_level_values(level).tolist())))
    for name, values in columns.items():
        errors = columns.get(f"{name}_mcse", columns.get("mcse") if name == "mean" else None)
        cells.append((name, map(written, values, errors or [None] * len(values))))
    names, texts = zip(*cells, strict=True)
    return Table(names, tuple(zip(*texts, strict=True)), len(frame) - len(head))


def written(value: Any, error: float | None = None) -> str:
    """Write a value as it is read; a number with a Monte Carlo error to the digits that it has.

    Examples
    --------
    >>> [written(value) for value in (0.342006, 12345.678, 3, True, None, "billing")]
    ['0.342', '12,346', '3', 'yes', '–', 'billing']
    >>> written(0.342006, error=0.0421)
    '0.34'
    >>> written(tuple("abcdef"))
    'a, b, c, d and 2 more'
    """
    if getattr(value, "ndim", None) == 0:
        value = value.item()
    match value:
        case None:
            return _NONE
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return _number(value, error)
        case str():
            return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 3]}..."
        case Mapping():
            return _some([f"{key}: {written(held)}" for key, held in value.items()])
        case tuple() | list() | frozenset():
            return _some([written(each) for each in value])
    if hasattr(value, "shape"):
        return _array(value)
    text = repr(value).split("\n")[0]
    return text if len(text) <= _LONGEST else type(value).__name__


def _number(value: float, error: float | None) -> str:
    size = abs(value)
    if not math.isfinite(value):
        return _NONE if math.isnan(value) else str(value)
    if value and not _LEAST <= size < _MOST:
        return f"{value:.2g}"
    known = error if error and math.isfinite(error) else 0.0
    least = max(known, size * 10.0 ** (1 - _DIGITS))
    decimals = max(0, -math.floor(math.log10(least))) if least else 0
    text = f"{value:,.{decimals}f}"
    return text if known or not decimals else text.rstrip("0").rstrip(".")


def _array(value: Any) -> str:
    """Write an array of a few numbers, and of a larger one its shape."""
    if getattr(value, "ndim", 0) == 1 and len(value) <= _MOST_NAMES:
        return ", ".join(map(written, value.tolist()))
    return f"{' x '.join(f'{size:,}' for size in value.shape)} values"


def _some(texts: list[str]) -> str:
    more = len(texts) - _MOST_NAMES
    shown = ", ".join(texts[:_MOST_NAMES])
    return f"{shown} and {more:,} more" if more > 0 else shown or _NONE


def _named(name: Any) -> str:
    """Write the name of a column or a field."""
    parts = name if isinstance(name, tuple) else (name,)
    return " ".join("" if part is None else str(part).replace("_", " ") for part in parts)


def _fields(value: Any) -> list[tuple[str, Any]]:
    return [
        (each.name, getattr(value, each.name))
        for each in fields(value)
        if each.repr and not each.name.startswith("_")
    ]


def _told(value: Any) -> list[tuple[str, Any]]:
    """Give the fields that say something: those that are not as they are by default."""
    usual = {each.name: each.default for each in fields(value) if each.default is not MISSING}
    usual |= {f.name: f.default_factory() for f in fields(value) if callable(f.default_factory)}
    return [
        (name, held)
        for name, held in _fields(value)
        if not (
            name in usual and (held is usual[name] or (_is_single(held) and held == usual[name]))
        )
    ]


def _is_usual(held: Any, usual: Any) -> bool:
    simple = _is_single(held) or (isinstance(held, (tuple, Mapping)) and not held)
    return held is usual or (simple and bool(held == usual))


def _is_single(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def _quoted(value: Any) -> str:
    """Write a value inside a line, where texts and lists have to end."""
    if isinstance(value, str):
        return repr(written(value))
    if isinstance(value, (bool, type(None))):
        return repr(value)
    single = _is_single(value) or isinstance(value, Shown)
    return written(value) if single else f"<{written(value)}>"


def _listed(told: list[tuple[str, Any]], errors: Mapping[str, float]) -> Table:
    rows = [(_named(name), written(value, errors.get(name))) for name, value in told]
    return Table(("", ""), tuple(rows))
