"""Wide tables of beliefs, a column for each judge, made into arrays; and scores without a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trust_router.basics.checks import check_names, check_rows_once, listed, number
from trust_router.defaults import CONCENTRATION
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.reading.chosen import Chosen
from trust_router.inputs.reading.empty import NoRowsError
from trust_router.inputs.reading.frames import frame_table, mapped_table
from trust_router.inputs.reading.naming import labels, text_labels
from trust_router.inputs.reading.scales import Scales, shapes_of, stated_need
from trust_router.inputs.reading.tables import named_columns
from trust_router.inputs.texts import Table

__all__ = ["WIDE", "checked_concentration", "from_wide", "scores_to_beliefs"]

WIDE = ("ticket", "category")


def scores_to_beliefs(
    scores: Any,
    *,
    scale: Any = None,
    high_means: Any = None,
    tickets: Sequence[Any] | None = None,
    category: Sequence[Any] | None = None,
    concentration: float | None = None,
) -> Beliefs:
    """Make beliefs about tickets of scores that are no probabilities of need.

    Parameters
    ----------
    scores : mapping of str to sequence, or data frame
        The scores of each judge, by its name: numbers, or texts as ``"85%"``, ``"8/10"``,
        ``"[[4]]"`` or ``"Score: 4"``; missing ones are missing beliefs.
    scale : pair of float, {"probability", "percent", "log odds"}, or mapping, optional
        The lowest and the highest score, as ``(1, 5)``; ``"log odds"`` for any number. Of all
        judges, or by judge; of one judge also the probability of need that each value means, as
        ``{"verdict": {"pass": 0.1, "fail": 0.9}}``. Default: 0 to 1.
    high_means : {"need", "resolved"} or mapping
        Whether a high score says that the complex model is needed, or that the simple one resolves
        the ticket, as quality, or how sure it is of its own answer, does. Of all, or by judge.
    tickets : sequence, optional
        Their identifiers; default: ``"1"``, ``"2"`` and so on.
    category : sequence, optional
        Of each ticket; none is needed.
    concentration : float, optional
        Weight of a score in pseudo-observations; by default 10.

    Raises
    ------
    TypeError
        If ``scores`` have no columns.
    ValueError
        If scale or meaning are not stated or are none, or a score is none, with its row.

    Notes
    -----
    A score stands for the part of the way from the low to the high end, log odds for their
    probability; the end that means no need is 0. 0.01 and 0.99 are the outermost beliefs.

    Models that calibrate judges (the pool, by default) learn from outcomes what scores are worth:
    for them it matters that scores rank tickets, and little how they are spread.

    Examples
    --------
    >>> quality = {"haiku": [5, 3, None], "own confidence": ["95%", "40%", "70%"]}
    >>> beliefs = scores_to_beliefs(quality, scale={"haiku": (1, 5)}, high_means="resolved")
    >>> beliefs
    Beliefs(3 tickets, 2 judges, 1 belief missing)
    >>> beliefs.mean[:2].round(2).tolist()
    [[0.01, 0.05], [0.5, 0.6]]
    """
    scales, weight = Scales.of(scale, high_means), checked_concentration(concentration)
    table = mapped_table(scores) if isinstance(scores, Mapping) else frame_table(scores)
    judges = list(table)
    if not judges:
        raise ValueError("`scores` must be those of at least one judge, by its name")
    check_names("scores", "judge", judges)
    if high_means is None and any(scales.judged(judge).words is None for judge in judges):
        raise ValueError(
            "`high_means` must say whether a high score means 'need' (of the complex model) or "
            "'resolved' (by the simple one)"
        )
    held = {judge: table[judge]() for judge in judges}
    number_of = len(held[judges[0]])
    given = [str(i) for i in range(1, number_of + 1)] if tickets is None else list(tickets)
    for name, values in (("tickets", given), ("category", category)):
        if values is not None and len(values) != number_of:
            raise ValueError(
                f"`{name}` must be one for each of {number_of} tickets; got {len(values)}"
            )
    return _beliefs(
        labels(given, "ticket", "tickets"),
        None if category is None else text_labels(list(category), "category", "category"),
        held,
        scales,
        CONCENTRATION if weight is None else weight,
    )


def checked_concentration(concentration: float | None) -> float | None:
    """Refuse a concentration that is not positive."""
    if concentration is not None and not number("concentration", concentration) > 0:
        raise ValueError(f"`concentration` must be positive; got {concentration:g}")
    return concentration


def from_wide(
    table: Table,
    columns: Mapping[str, str],
    chosen: Chosen | None,
    scales: Scales,
    concentration: float,
) -> Beliefs:
    """Read a wide table: one row for each ticket."""
    names = named_columns(list(table), WIDE, columns, {"category"})
    others = [c for c in table if c not in names.values()]
    if not others:
        raise ValueError(f"there is no column of a judge; columns are {listed(table)}")
    if chosen is None:
        raise ValueError(
            "judges must be named, for a wide table does not say which columns are theirs: say "
            f"`judges=panel`, or `judges=[...]`; the other columns are {listed(others)}"
        )
    judges = chosen.among(others, "column")
    tickets = labels(table[names["ticket"]](), "ticket", names["ticket"])
    if not tickets:
        raise NoRowsError("there are no rows; beliefs need at least one ticket")
    check_rows_once(tickets, lambda ticket: f"ticket {ticket!r}")
    category = (
        text_labels(table[names["category"]](), "category", names["category"])
        if "category" in names
        else None
    )
    held = {judge: table[judge]() for judge in judges}
    return _beliefs(tickets, category, held, scales, concentration)


def _beliefs(
    tickets: list[str],
    category: list[str] | None,
    scores: Mapping[str, list[Any]],
    scales: Scales,
    concentration: float,
) -> Beliefs:
    scales.check(scores)
    given = [stated_need(values, judge, scales.judged(judge)) for judge, values in scores.items()]
    shapes = shapes_of(np.stack(given, axis=-1), concentration)
    return Beliefs(tickets, list(scores), *shapes, about="ticket", category=category)
