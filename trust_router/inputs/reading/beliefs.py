"""Tables of beliefs, long or wide, made into arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.beta import SHAPE_LIMITS
from trust_router.basics.checks import check_rows_once, listed, number
from trust_router.defaults import CONCENTRATION, PROBABILITY_FLOOR
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.tables import (
    labels,
    named_columns,
    numbers,
    read_source,
    text_labels,
)
from trust_router.inputs.texts import Table

__all__ = ["read_beliefs"]

_FORMS = (("alpha", "beta"), ("mean", "concentration"), ("probability", "concentration"))
_KEYS = ("ticket", "category", "judge", "probability", "mean", "concentration", "alpha", "beta")


def read_beliefs(
    source: Any,
    *,
    columns: Mapping[str, str] | None = None,
    judges: Sequence[str] | Panel | None = None,
    concentration: float = CONCENTRATION,
) -> Beliefs:
    """Read beliefs from a file or a data frame, long or wide.

    Parameters
    ----------
    source : path or data frame
        File ending in ``.csv``, ``.csv.gz``, ``.jsonl``, ``.ndjson`` or ``.parquet``, or a frame of
        pandas, Polars, PyArrow or another library that Narwhals knows.
        *Long*, with a column ``judge``: one row for each belief, with ``ticket`` or ``category`` or
        both, and ``alpha, beta``, or ``mean, concentration``, or ``probability`` (and
        ``concentration``). A row without a ticket is what the judge believes about the whole
        category; it stands in for tickets of that category on which the judge has no row.
        *Wide*, without that column: one row for each ticket, with ``ticket``, optionally
        ``category``, and a column of probabilities for each judge.
    columns : mapping of str to str, optional
        Names of the columns where they differ, as ``{"ticket": "id"}``.
    judges : sequence of str or Panel, optional
        Wide only: which columns are judges; of a panel those of its judges that have one. By
        default all but ``ticket``, ``category``, ``outcome``.
    concentration : float
        Of probabilities stated without one.

    Returns
    -------
    Beliefs
        About tickets; about categories if the table knows only those.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If ``source`` is neither a path nor a data frame.
    ValueError
        If the file is empty or cannot be parsed, a column is absent, a (ticket, judge) stands
        twice, or a value is no belief. Rows are counted from 1, without header and blank lines.

    Notes
    -----
    A missing value is a missing belief. Probabilities below 0.01 count as 0.01, those above 0.99 as
    0.99: no judge can be so sure that a single ticket outweighs all others.
    """
    return read_source(
        source, "beliefs", lambda table: _from_table(table, columns or {}, judges, concentration)
    )


def _from_table(
    table: Table,
    columns: Mapping[str, str],
    judges: Sequence[str] | Panel | None,
    concentration: float,
) -> Beliefs:
    if not number("concentration", concentration) > 0:
        raise ValueError(f"`concentration` must be positive; got {concentration:g}")
    for key in columns:
        if key not in _KEYS:
            raise ValueError(f"`columns` may map {listed(_KEYS)}; got {key!r}")
    if columns.get("judge", "judge") in table:
        return _from_long(table, columns, concentration)
    return _from_wide(table, columns, judges, concentration)


def _from_wide(
    table: Table,
    columns: Mapping[str, str],
    judges: Sequence[str] | Panel | None,
    concentration: float,
) -> Beliefs:
    own = {k: v for k, v in columns.items() if k in ("ticket", "category")}
    names = named_columns(list(table), ("ticket", "category"), own, {"category"})
    if isinstance(judges, Panel):
        judges = [name for name in judges.judge_names if name in table] or None
    if judges is None:
        judges = [c for c in table if c not in (*names.values(), "outcome")]
    for judge in judges:
        if judge not in table:
            raise ValueError(
                f"there is no column {judge!r} of a judge; columns are {listed(table)}"
            )
    if not judges:
        raise ValueError(f"there is no column of a judge; columns are {listed(table)}")
    tickets = labels(table[names["ticket"]](), "ticket", names["ticket"])
    if not tickets:
        raise ValueError("there are no rows; beliefs need at least one ticket")
    check_rows_once(tickets, lambda ticket: f"ticket {ticket!r}")
    given = [numbers(table[judge](), judge, (0, 1)) for judge in judges]
    mean = np.stack(given, axis=-1).clip(PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR)
    category = (
        text_labels(table[names["category"]](), "category", names["category"])
        if "category" in names
        else None
    )
    return Beliefs(
        tickets,
        judges,
        mean * concentration,
        (1 - mean) * concentration,
        about="ticket",
        category=category,
    )


def _from_long(table: Table, columns: Mapping[str, str], concentration: float) -> Beliefs:
    present = [c for c in ("ticket", "category") if columns.get(c, c) in table]
    if not present:
        raise ValueError(f"there is no column 'ticket' or 'category'; columns are {listed(table)}")
    judge = labels(table[columns.get("judge", "judge")](), "judge", columns.get("judge", "judge"))
    if not judge:
        raise ValueError("there are no rows; beliefs need at least one")
    key = {}
    for c in present:
        name = columns.get(c, c)
        key[c] = text_labels(table[name](), c, name)
    ticket = key.get("ticket", [""] * len(judge))
    category = key.get("category", [""] * len(judge))
    for row, (t, c) in enumerate(zip(ticket, category, strict=True), start=1):
        if not t and not c:
            raise ValueError(f"row {row} names neither a ticket nor a category")
    alpha, beta = _shapes(table, columns, concentration)
    keys = [(t, "" if t else c, j) for t, c, j in zip(ticket, category, judge, strict=True)]
    check_rows_once(keys, _belief_named)
    names = list(dict.fromkeys(judge))
    at_judge = np.array([{n: i for i, n in enumerate(names)}[j] for j in judge])
    return _pivot(ticket, category, (names, at_judge), alpha, beta)


def _pivot(
    ticket: list[str],
    category: list[str],
    judges: tuple[list[str], NDArray[np.intp]],
    alpha: Array,
    beta: Array,
) -> Beliefs:
    names, at_judge = judges
    single = np.array([bool(t) for t in ticket])
    whole = list(dict.fromkeys(c for c, s in zip(category, single, strict=True) if not s))
    position = {c: i for i, c in enumerate(whole)}
    wide = np.full((2, len(whole), len(names)), np.nan)
    rows = np.flatnonzero(~single)
    wide[:, [position[category[i]] for i in rows], at_judge[rows]] = alpha[rows], beta[rows]
    if not single.any():
        absent = np.argwhere(np.isnan(wide[0]))
        if len(absent):
            c, j = absent[0]
            raise ValueError(f"judge {names[j]!r} states nothing about category {whole[c]!r}")
        return Beliefs(whole, names, *wide)
    of_ticket: dict[str, str] = {}
    for row, (t, c) in enumerate(zip(ticket, category, strict=True), start=1):
        if t and c and of_ticket.setdefault(t, c) != c:
            raise ValueError(
                f"ticket {t!r} has the categories {of_ticket[t]!r} and {c!r}, the latter in "
                f"row {row}; a ticket has one"
            )
    tickets = list(dict.fromkeys(t for t in ticket if t))
    known = [of_ticket.get(t, "") for t in tickets]
    shapes = np.full((2, len(tickets), len(names)), np.nan)
    if whole:  # what a judge says of a category stands in where it has no row on the ticket
        covered = np.array([position.get(c, -1) for c in known])
        shapes[:, covered >= 0] = wide[:, covered[covered >= 0]]
    at_ticket = {t: i for i, t in enumerate(tickets)}
    rows = np.flatnonzero(single)
    shapes[:, [at_ticket[ticket[i]] for i in rows], at_judge[rows]] = alpha[rows], beta[rows]
    return Beliefs(tickets, names, *shapes, about="ticket", category=known)


def _shapes(table: Table, columns: Mapping[str, str], concentration: float) -> tuple[Array, Array]:
    name = {key: columns.get(key, key) for key in _KEYS}
    forms = [form for form in _FORMS if name[form[0]] in table]
    if len(forms) != 1:
        raise ValueError(
            "a long table must have the columns alpha and beta, or mean and concentration, or "
            f"probability (and concentration); columns are {listed(table)}"
        )
    first, second = (name[key] for key in forms[0])
    if second not in table and first != name["probability"]:
        raise ValueError(f"there is no column {second!r} beside {first!r}")
    top = SHAPE_LIMITS[1]
    if forms[0][0] == "alpha":
        alpha, beta = (numbers(table[key](), key, SHAPE_LIMITS) for key in (first, second))
        return alpha, beta
    mean = numbers(table[first](), first, (0, 1))
    mean = mean.clip(PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR)
    nu: Array | float = concentration
    if second in table:
        nu = numbers(table[second](), second, (SHAPE_LIMITS[0] / PROBABILITY_FLOOR, top))
        nu = np.where(np.isnan(nu) & (first == name["probability"]), concentration, nu)
    return np.asarray(mean * nu), np.asarray((1 - mean) * nu)


def _belief_named(key: tuple[str, str, str]) -> str:
    ticket, category, judge = key
    about = f"ticket {ticket!r}" if ticket else f"category {category!r}"
    return f"the belief of judge {judge!r} about {about}"
