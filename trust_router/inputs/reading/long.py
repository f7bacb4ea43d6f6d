"""Long tables of beliefs, one row for each, made into arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.beta import SHAPE_LIMITS
from trust_router.basics.checks import check_rows_once, listed
from trust_router.defaults import CONCENTRATION, PROBABILITY_FLOOR
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.reading.chosen import Chosen
from trust_router.inputs.reading.empty import NoRowsError
from trust_router.inputs.reading.naming import labels, text_labels
from trust_router.inputs.reading.scales import Scales, shapes_of, stated_need
from trust_router.inputs.reading.tables import numbers
from trust_router.inputs.texts import Table

__all__ = ["COLUMNS", "from_long"]

_FORMS = (("alpha", "beta"), ("mean", "concentration"), ("probability", "concentration"))
COLUMNS = ("ticket", "category", "judge", "probability", "mean", "concentration", "alpha", "beta")


def from_long(
    table: Table,
    columns: Mapping[str, str],
    chosen: Chosen | None,
    scales: Scales,
    concentration: float | None,
) -> Beliefs:
    """Read a long table: one row for each belief."""
    present = [c for c in ("ticket", "category") if columns.get(c, c) in table]
    if not present:
        raise ValueError(f"there is no column 'ticket' or 'category'; columns are {listed(table)}")
    form = _form(table, columns, present, scales, concentration)
    judge = labels(table[columns.get("judge", "judge")](), "judge", columns.get("judge", "judge"))
    if not judge:
        raise NoRowsError("there are no rows; beliefs need at least one")
    key = {}
    for c in present:
        name = columns.get(c, c)
        key[c] = text_labels(table[name](), c, name)
    ticket = key.get("ticket", [""] * len(judge))
    category = key.get("category", [""] * len(judge))
    names = list(dict.fromkeys(judge)) if chosen is None else chosen.among(judge, "row")
    rows = np.flatnonzero(np.isin(judge, names))
    for i in rows.tolist():
        if not ticket[i] and not category[i]:
            raise ValueError(f"row {i + 1} names neither a ticket nor a category")
    keys = [(ticket[i], "" if ticket[i] else category[i], judge[i]) for i in rows.tolist()]
    scales.check(names)
    alpha, beta = form(rows, [judge[i] for i in rows.tolist()])
    check_rows_once(keys, _belief_named, (rows + 1).tolist())
    position = {name: i for i, name in enumerate(names)}
    at_judge = np.array([position[judge[i]] for i in rows.tolist()])
    return _pivot(ticket, category, _Stated(names, rows, at_judge, alpha, beta))


class _Stated(NamedTuple):
    """Beliefs that are read: judges, and of each belief its row, its judge and its shapes."""

    judges: list[str]
    rows: NDArray[np.intp]
    at_judge: NDArray[np.intp]
    alpha: Array
    beta: Array


def _pivot(ticket: list[str], category: list[str], stated: _Stated) -> Beliefs:
    names, rows, at_judge, alpha, beta = stated
    single = np.array([bool(ticket[i]) for i in rows.tolist()])
    about_whole, about_one = np.flatnonzero(~single), np.flatnonzero(single)
    of_whole = [category[i] for i in rows[about_whole].tolist()]
    whole = list(dict.fromkeys(of_whole))
    position = {c: i for i, c in enumerate(whole)}
    wide = np.full((2, len(whole), len(names)), np.nan)
    at = [position[c] for c in of_whole]
    wide[:, at, at_judge[about_whole]] = alpha[about_whole], beta[about_whole]
    if not single.any():
        absent = np.argwhere(np.isnan(wide[0]))
        if len(absent):
            c, j = absent[0]
            raise ValueError(f"judge {names[j]!r} states nothing about category {whole[c]!r}")
        return Beliefs(whole, names, *wide)
    known = _categories(ticket, category)  # also of tickets that only other judges know
    shapes = np.full((2, len(known), len(names)), np.nan)
    if whole:  # what a judge says of a category stands in where it has no row on the ticket
        covered = np.array([position.get(c, -1) for c in known.values()])
        shapes[:, covered >= 0] = wide[:, covered[covered >= 0]]
    at_ticket = {t: i for i, t in enumerate(known)}
    at = [at_ticket[ticket[i]] for i in rows[about_one].tolist()]
    shapes[:, at, at_judge[about_one]] = alpha[about_one], beta[about_one]
    return Beliefs(list(known), names, *shapes, about="ticket", category=list(known.values()))


def _categories(ticket: list[str], category: list[str]) -> dict[str, str]:
    """Give the category of each ticket, blank where none is stated."""
    known: dict[str, str] = {}
    for row, (t, c) in enumerate(zip(ticket, category, strict=True), start=1):
        if not t:
            continue
        before = known.setdefault(t, c)
        if before and c and before != c:
            raise ValueError(
                f"ticket {t!r} has the categories {before!r} and {c!r}, the latter in "
                f"row {row}; a ticket has one"
            )
        known[t] = before or c
    return known


def _form(
    table: Table,
    columns: Mapping[str, str],
    present: Sequence[str],
    scales: Scales,
    concentration: float | None,
) -> Callable[[NDArray[np.intp], list[str]], tuple[Array, Array]]:
    """Find how beliefs are stated; gives what reads the shapes of some rows."""
    name = {key: columns.get(key, key) for key in COLUMNS}
    forms = [form for form in _FORMS if name[form[0]] in table]
    if len(forms) != 1:
        raise ValueError(
            "a long table must have the columns alpha and beta, or mean and concentration, or "
            f"probability (and concentration); columns are {listed(table)}"
        )
    first, second = (name[key] for key in forms[0])
    if second not in table and (forms[0][0] != "probability" or "concentration" in columns):
        raise ValueError(f"there is no column {second!r} beside {first!r}")
    for key in columns:
        if columns[key] and key not in ("judge", *present, *forms[0]):
            raise ValueError(
                f"`columns` maps {key!r} to {columns[key]!r}, which would not be read beside "
                f"{first!r}; columns are {listed(table)}"
            )
    said = {"concentration": concentration is not None, "scale": scales.stated}
    for argument, stated in said.items():
        if stated and forms[0][0] != "probability":
            raise ValueError(
                f"`{argument}` would not be used: the table states {forms[0][0]} and {forms[0][1]}"
            )
    if forms[0][0] == "alpha":
        return partial(_stated_shapes, table, first, second)
    default = (concentration or CONCENTRATION) if forms[0][0] == "probability" else np.nan
    return partial(_shapes_of_means, table, first, second, (scales, default))


def _stated_shapes(
    table: Table, first: str, second: str, rows: NDArray[np.intp], _judge: list[str]
) -> tuple[Array, Array]:
    alpha, beta = (numbers(table[key](), key, SHAPE_LIMITS, rows) for key in (first, second))
    return alpha, beta


def _shapes_of_means(
    table: Table,
    first: str,
    second: str,
    meaning: tuple[Scales, float],
    rows: NDArray[np.intp],
    judge: list[str],
) -> tuple[Array, Array]:
    scales, default = meaning
    values, mean = table[first](), np.empty(len(rows))
    whose = np.array(judge, dtype=object)
    for name in dict.fromkeys(judge):
        own = np.flatnonzero(whose == name)
        mean[own] = stated_need(values, first, scales.judged(name), rows[own])
    nu: Array | float = default
    if second in table:
        limits = (SHAPE_LIMITS[0] / PROBABILITY_FLOOR, SHAPE_LIMITS[1])
        nu = numbers(table[second](), second, limits, rows)
        nu = np.where(np.isnan(nu), default, nu)
    return shapes_of(mean, nu)


def _belief_named(key: tuple[str, str, str]) -> str:
    ticket, category, judge = key
    about = f"ticket {ticket!r}" if ticket else f"category {category!r}"
    return f"the belief of judge {judge!r} about {about}"
