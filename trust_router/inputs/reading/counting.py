"""Tables that do not fit into memory: counted in their engine, decided by a join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from trust_router.basics.characters import canonical
from trust_router.basics.checks import listed
from trust_router.basics.shown import Shown
from trust_router.defaults import CONCENTRATION, ONE_CATEGORY
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.counted import CountedBeliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.answered import untried
from trust_router.inputs.reading.chosen import Chosen
from trust_router.inputs.reading.engines import beside, key_of, lazy_frame, values_of
from trust_router.inputs.reading.frames import column_table
from trust_router.inputs.reading.meaning import Meaning
from trust_router.inputs.reading.scales import Scales
from trust_router.inputs.reading.tables import column_map, named_columns
from trust_router.inputs.reading.wide import checked_concentration, from_wide
from trust_router.inputs.rows import positions
from trust_router.inputs.ticket_log import UNKNOWN

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CountedTickets", "count_tickets"]

_COLUMNS = ("ticket", "category", "outcome", "answered_by")
_NUMBER = "_number"


@dataclass(frozen=True, eq=False)
class CountedTickets(Shown):
    """The tickets of a table, counted by distinct row.

    Attributes
    ----------
    beliefs : CountedBeliefs
        For `trust_router.fit` and `Posterior.predict`; one label for each distinct row.
    outcomes : Outcomes or None
        For `trust_router.fit`; None if the table has no outcomes.
    """

    beliefs: CountedBeliefs
    outcomes: Outcomes | None
    _keys: Mapping[str, tuple[Any, ...]]
    _columns: Mapping[str, str]

    def __repr__(self) -> str:
        return f"CountedTickets({self.beliefs!r})"

    def join(self, source: Any, table: pd.DataFrame) -> Any:
        """Give each ticket of the table what was found for its row; nothing is computed yet.

        Parameters
        ----------
        source : lazy frame, query, or path
            The table that was counted.
        table : pandas.DataFrame
            By row, as `trust_router.decide_tickets` or `Prediction.table` give it; columns that the
            source has as well must be left out, but for ``category``.

        Returns
        -------
        lazy frame
            Of the library of the source (DuckDB for queries and paths): its columns, and those of
            the table.
        """
        import pyarrow as pa

        frame = lazy_frame(source)
        schema = frame.collect_schema()
        added = table.drop(columns="category", errors="ignore")
        twice = [name for name in added.columns if name in schema.names()]
        if twice:
            raise ValueError(
                f"the source has the columns {listed(twice)} already; take only others, as "
                '`decisions[["action"]]`'
            )
        lost = set(self._columns.values()) - set(schema.names())
        if lost:
            raise ValueError(
                f"the source lacks the columns {listed(sorted(lost))} that were counted"
            )
        held = {name: list(values) for name, values in self._keys.items()}
        ordered = added.reindex(list(self.beliefs.labels))
        small = pa.table(held | {str(name): ordered[name].to_numpy() for name in ordered})
        keys = [key_of(own, schema[own]).alias(key) for key, own in self._columns.items()]
        joined = beside(frame.with_columns(*keys), small, list(self._columns)).drop(*self._columns)
        return joined.to_native()


def count_tickets(
    source: Any,
    *,
    judges: Sequence[str] | Panel,
    columns: Mapping[str, str | None] | None = None,
    need: Any = None,
    resolved: Any = None,
    scale: Any = None,
    high_means: Any = None,
    concentration: float | None = None,
) -> CountedTickets:
    """Count the tickets of a table that need not fit into memory, in its own engine.

    Parameters
    ----------
    source : lazy frame, query, or path
        Wide, one row a ticket: a column for each judge and, if they are there, ``category``,
        ``outcome``, ``answered_by`` and ``ticket``, which must be unique. A frame of Polars,
        DuckDB, PySpark, Ibis or another library that Narwhals knows; a query for DuckDB, as
        ``"SELECT * FROM 'tickets/*.parquet'"``; a DuckDB, Parquet, CSV or JSON Lines file.
    judges, columns, scale, high_means, concentration
        As in `trust_router.read_beliefs`.
    need, resolved
        As in `trust_router.read_outcomes`.

    Returns
    -------
    CountedTickets
        Its ``beliefs`` and ``outcomes`` are what `trust_router.fit` takes; its ``join`` brings
        decisions back.

    Raises
    ------
    TypeError
        If the source is none of these.
    ValueError
        As `trust_router.read_beliefs` and `trust_router.read_outcomes`; if a ticket is missing or
        stands twice; if outcomes were verified, which are of single tickets. Rows in messages are
        those of the distinct ones, in the order of their values.

    Notes
    -----
    One pass counts how often each combination of category, scores, outcome and who answered stands
    there; only these combinations come into memory. Nothing is lost by it: models learn from such
    counts alone. Times of tickets are not read.

    Examples
    --------
    >>> table = [{"haiku": 0.1, "outcome": 0}] * 3 + [{"haiku": 0.9, "outcome": 1}]
    >>> import pandas as pd
    >>> count_tickets(pd.DataFrame(table), judges=["haiku"], columns={"category": None}).beliefs
    CountedBeliefs(4 tickets in 2 distinct rows, 1 judge, 4 trials, 1 needs)
    """
    mapped = column_map(columns, _COLUMNS, may_lack=set(_COLUMNS))
    scales, weight = Scales.of(scale, high_means), checked_concentration(concentration)
    meaning, chosen = Meaning.of(need, resolved), Chosen.of(judges)
    if chosen is None:
        raise ValueError("`judges` must be a panel, or names of columns")
    frame = lazy_frame(source)
    theirs = {canonical(name): name for name in frame.collect_schema().names()}
    if "verified" in theirs:
        raise ValueError(
            "a column 'verified' is about single tickets, which are not told apart here; leave it "
            "out of the source, or read the table with `read_outcomes`"
        )
    names = named_columns(list(theirs), _COLUMNS, mapped, set(_COLUMNS))
    found = chosen.among([name for name in theirs if name not in names.values()], "column")
    if meaning.stated and "outcome" not in names:
        raise ValueError("`need` or `resolved` are stated, but the table has no outcomes")
    if "ticket" in names:
        _check_once(frame, theirs[names["ticket"]])
    keys = {f"_key_{i}": theirs[name] for i, name in enumerate(found)}
    if "category" in names:
        keys["_category"] = theirs[names["category"]]
    groups = _groups(frame, keys, {key: theirs[name] for key, name in names.items()})
    if not len(groups):
        raise ValueError("there are no rows; beliefs need at least one ticket")
    row = groups.groupby(list(keys), sort=False).ngroup().to_numpy()
    first = groups.drop_duplicates(list(keys))
    held = {key: tuple(first[key].tolist()) for key in keys}
    beliefs = _beliefs(held, found, names, scales, CONCENTRATION if weight is None else weight)
    number = groups[_NUMBER].to_numpy()
    if "outcome" not in names:
        return CountedTickets(CountedBeliefs(beliefs, np.bincount(row, number)), None, held, keys)
    codes, alone = _codes(groups, names, meaning)
    counts = [
        np.bincount(row, number * those, minlength=len(beliefs)).astype(np.int64)
        for those in (np.ones_like(row), codes != UNKNOWN, codes == 1, alone)
    ]
    return CountedTickets(
        CountedBeliefs(beliefs, *counts[:3]), _outcomes(beliefs, names, counts), held, keys
    )


def _check_once(frame: nw.LazyFrame[Any], ticket: str) -> None:
    """Refuse a table in which a ticket stands twice, or has no name."""
    column = nw.col(ticket)
    found = frame.select(
        nw.len().alias("rows"),
        column.n_unique().alias("tickets"),
        column.null_count().alias("missing"),
    ).collect()
    rows, tickets, missing = (int(found[name].item()) for name in ("rows", "tickets", "missing"))
    if missing:
        raise ValueError(f"ticket is missing in {missing:,} of {rows:,} rows (column {ticket!r})")
    if tickets < rows:
        raise ValueError(
            f"each ticket must stand in one row; {rows:,} rows hold {tickets:,} (column "
            f"{ticket!r}): keep the latest of each first"
        )


def _groups(
    frame: nw.LazyFrame[Any], keys: Mapping[str, str], names: Mapping[str, str]
) -> pd.DataFrame:
    """Count alike tickets in the engine, in an order that is the same in all engines."""
    schema = frame.collect_schema()
    told = [key for key in ("outcome", "answered_by") if key in names and "outcome" in names]
    # Kept apart: an expression inside of an aggregation is not heeded by every engine.
    shown = frame.select(
        *(key_of(own, schema[own]).alias(key) for key, own in keys.items()),
        *(nw.col(names[key]).alias(f"_{key}") for key in told),
    )
    found = shown.group_by(*keys, *(f"_{key}" for key in told)).agg(nw.len().alias(_NUMBER))
    groups = found.collect().to_pandas()
    groups[_NUMBER] = groups[_NUMBER].astype("int64")
    return groups.sort_values(list(keys), ignore_index=True)


def _beliefs(
    held: Mapping[str, tuple[Any, ...]],
    judges: Sequence[str],
    names: Mapping[str, str],
    scales: Scales,
    concentration: float,
) -> Beliefs:
    number = len(next(iter(held.values())))
    columns = {"_row": [str(i) for i in range(1, number + 1)]}
    columns |= {judge: values_of(held[f"_key_{i}"]) for i, judge in enumerate(judges)}
    if "category" in names:
        columns[names["category"]] = values_of(held["_category"])
    table = column_table(list(columns), list(columns.values()).__getitem__)
    mapped = {"ticket": "_row", "category": names.get("category", "")}
    beliefs = from_wide(table, mapped, Chosen(tuple(judges), all_there=True), scales, concentration)
    return beliefs if "category" in names else beliefs.with_category([ONE_CATEGORY] * number)


def _codes(
    groups: pd.DataFrame, names: Mapping[str, str], meaning: Meaning
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Give the outcome of each group, and whether the complex model alone answered its tickets."""
    number, name = groups[_NUMBER].to_numpy(), names["outcome"]
    values = groups["_outcome"].tolist()
    meaning = meaning.knowing(values, name)
    codes = meaning.codes(values, name)
    alone = np.zeros(len(codes), dtype=bool)
    if "answered_by" in names:
        said = groups["_answered_by"].tolist()
        alone = untried(said, names["answered_by"], codes, None, number)
        codes = np.where(alone, UNKNOWN, codes).astype(np.int8)
    meaning.question(codes, name, number)
    return codes, alone


def _outcomes(
    beliefs: Beliefs, names: Mapping[str, str], counts: Sequence[NDArray[np.int64]]
) -> Outcomes:
    if "" in beliefs.category:
        number = int(counts[0][[c == "" for c in beliefs.category]].sum())
        raise ValueError(
            f"category is missing in {number:,} rows (column {names['category']!r}); "
            '`columns={"category": None}` makes all tickets one category'
        )
    known = tuple(dict.fromkeys(beliefs.category))
    at = positions(beliefs.category, known)
    tickets, trials, needs, alone = (
        np.bincount(at, each, minlength=len(known)).astype(np.int64) for each in counts
    )
    return Outcomes(known, trials, needs, tickets - trials, untried=alone)
