"""Tables of beliefs: the door for long and wide ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from trust_router.basics.checks import listed
from trust_router.defaults import CONCENTRATION
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.categories import categories_of, read_categories
from trust_router.inputs.reading.chosen import Chosen
from trust_router.inputs.reading.long import COLUMNS, from_long
from trust_router.inputs.reading.scales import Scales
from trust_router.inputs.reading.tables import column_map, read_source
from trust_router.inputs.reading.wide import WIDE, checked_concentration, from_wide
from trust_router.inputs.texts import Table

__all__ = ["read_beliefs"]


def read_beliefs(
    source: Any,
    *,
    columns: Mapping[str, str | None] | None = None,
    judges: Sequence[str] | Panel | None = None,
    scale: Any = None,
    high_means: Any = None,
    concentration: float | None = None,
    categories: Any = None,
) -> Beliefs:
    """Read beliefs from a file, a database or a data frame, long or wide.

    Parameters
    ----------
    source : path, str, data frame, or list of dicts
        File of CSV, TSV, JSON, JSON Lines, Parquet or Excel, a database or a query, as
        `trust_router.inputs.reading.tables.read_table` takes them; a frame, eager or lazy, of
        pandas, Polars, PyArrow, DuckDB, Ibis, PySpark or another library that Narwhals knows.
        *Long*, with a column ``judge``: one row for each belief, with ``ticket`` or ``category`` or
        both, and ``alpha, beta``, or ``mean, concentration``, or ``probability`` (and
        ``concentration``). A row without a ticket is what the judge believes about the whole
        category; it stands in for tickets of that category on which the judge has no row.
        *Wide*, without that column: one row for each ticket, with ``ticket``, optionally
        ``category``, and a column of probabilities for each judge.
    columns : mapping of str to str, optional
        Names of the columns where they differ, as ``{"ticket": "id"}``; of those that are read.
        ``{"category": None}`` leaves categories alone.
    judges : sequence of str or Panel
        Whose beliefs are read, everything else is left alone; of a panel those of its judges that
        the table knows. A wide table does not say which columns are judges, so they must be named;
        of a long one all are read by default.
    scale, high_means : optional
        Of scores that are no probabilities of need: the lowest and the highest, as ``(1, 5)``, and
        whether a high one means ``"need"`` or ``"resolved"``; of all judges, or by judge. Of words
        what each means. As in `trust_router.scores_to_beliefs`.
    concentration : float, optional
        Of probabilities stated without one; by default 10. Refused where all shapes are stated.
    categories : path, data frame, or mapping of str to str, optional
        Category of each ticket, where another table says it: see
        `trust_router.inputs.read_categories`. It holds, whatever this table says.

    Returns
    -------
    Beliefs
        About tickets; about categories if the table knows only those.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If ``source`` is none of these.
    ValueError
        If the file is empty or cannot be parsed, a column is absent, nobody said which columns are
        judges, a (ticket, judge) stands twice, a value is no belief, or an argument would not be
        used. Rows are counted from 1, without header and blank lines.

    Notes
    -----
    A missing value is a missing belief. Texts such as ``"85%"`` and ``"8/10"`` are read as 0.85 and
    0.8. Probabilities below 0.01 count as 0.01, those above 0.99 as 0.99: no judge can be so sure
    that a single ticket outweighs all others.

    Examples
    --------
    >>> table = [{"ticket": "t1", "haiku": 4, "priority": 0.5}, {"ticket": "t2", "haiku": 1}]
    >>> read_beliefs(table, judges=["haiku"], scale=(1, 5), high_means="need").mean.tolist()
    [[0.75], [0.01]]
    """
    mapped = column_map(columns, COLUMNS, may_lack={"category"})
    scales = Scales.of(scale, high_means)
    weight = checked_concentration(concentration)
    chosen = Chosen.of(judges)
    wanted = [mapped.get(key, key) for key in COLUMNS]
    known = None if categories is None else read_categories(categories)
    beliefs = read_source(
        source,
        "beliefs",
        lambda table: _from_table(table, mapped, chosen, scales, weight),
        wanted,
        [*wanted, *(chosen.names if chosen else ())],
    )
    return beliefs if known is None else _joined(beliefs, known)


def _joined(beliefs: Beliefs, known: Mapping[str, str]) -> Beliefs:
    if beliefs.about != "ticket":
        raise ValueError("`categories` are those of tickets; got beliefs about categories")
    return replace(beliefs, category=categories_of(beliefs.labels, known, "beliefs"))


def _from_table(
    table: Table,
    columns: Mapping[str, str],
    chosen: Chosen | None,
    scales: Scales,
    concentration: float | None,
) -> Beliefs:
    if columns.get("judge", "judge") in table:
        return from_long(table, columns, chosen, scales, concentration)
    unused = [key for key in columns if key not in WIDE]
    if unused:
        why = (
            f"there is no column {columns['judge']!r} for `judge`"
            if "judge" in columns
            else "a wide table, without a column `judge`, has a column for each judge instead"
        )
        raise ValueError(
            f"`columns` maps {listed(unused)}, which would not be read: {why}; columns are "
            f"{listed(table)}"
        )
    weight = CONCENTRATION if concentration is None else concentration
    return from_wide(table, columns, chosen, scales, weight)
