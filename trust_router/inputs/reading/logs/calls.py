"""Calls of models: who answered a ticket and what it cost, of logs that hold no score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.checks import listed
from trust_router.basics.frozen import Frozen
from trust_router.basics.instants import Instants
from trust_router.basics.shown import Shown
from trust_router.basics.words import many
from trust_router.inputs.reading.logs.fields import field, first_field, is_blank
from trust_router.inputs.reading.logs.moments import moments
from trust_router.inputs.reading.logs.wording import plain_number
from trust_router.inputs.reading.naming import text_labels
from trust_router.inputs.reading.tables import column_map, numbers, read_source
from trust_router.inputs.texts import Table

__all__ = ["Calls", "langfuse_observations", "litellm"]

_COLUMNS = ("ticket", "model", "cost", "time")
_LITELLM = {
    "ticket": ("session_id", "request_id"),
    "model": ("model_group", "model"),
    "cost": ("spend",),
    "time": ("startTime",),
}
_LANGFUSE = {
    "ticket": ("trace_id",),
    "model": ("provided_model_name",),
    "cost": ("total_cost",),
    "time": ("start_time",),
}


@dataclass(frozen=True, eq=False)
class Calls(Shown, Frozen):
    """Calls of language models, each with the ticket that it was made for.

    They say who answered a ticket and what that cost, and hold no score: `Answered` brings them
    together with the export of a tool that does.

    Attributes
    ----------
    title : str
        Of what they are.
    ticket, model : tuple of str, shape (call,)
    cost : ndarray of float, shape (call,)
        In the currency of the log; NaN where it is not stated.
    time : ndarray of datetime64, shape (call,)
    unnamed : int
        Calls without a model or a ticket, which were left out: steps that call none, mostly.
    """

    title: str
    ticket: tuple[str, ...]
    model: tuple[str, ...]
    cost: Array
    time: Instants
    unnamed: int

    def __repr__(self) -> str:
        models, count = np.unique(np.array(self.model, dtype=object), return_counts=True)
        said = [
            f"{name} {n:,}" for name, n in sorted(zip(models, count, strict=True), key=_by_count)
        ]
        left = f"; {_unnamed(self.unnamed)}" if self.unnamed else ""
        return (
            f"Calls({self.title}: {many(len(self.ticket), 'call')} for "
            f"{many(len(set(self.ticket)), 'ticket')}, cost "
            f"{plain_number(float(np.nansum(self.cost)))}; {listed(said)}{left})"
        )

    @property
    def beliefs(self) -> NoReturn:
        """Nothing: these logs hold no score."""
        raise ValueError(self.no_scores)

    @property
    def outcomes(self) -> NoReturn:
        """Nothing: these logs hold no feedback."""
        raise ValueError(self.no_scores)

    @property
    def no_scores(self) -> str:
        """What to do, for these logs alone are not enough."""
        return (
            f"{self.title} hold models and costs, and neither scores nor feedback; read those from "
            "the tool that keeps them, and give these beside them: "
            "tr.logs.langfuse(..., answered=tr.logs.Answered(simple=..., complex=..., calls=...))"
        )


def litellm(source: Any, *, columns: Mapping[str, str] | None = None) -> Calls:
    """Read LiteLLM's spend logs: which model was called for a ticket, and what it cost.

    Parameters
    ----------
    source : path or data frame
        The table ``LiteLLM_SpendLogs``, or what ``/spend/logs`` answers, as a file or frame.
    columns : mapping of str to str, optional
        Names of the columns of ``ticket``, ``model``, ``cost`` and ``time``, where they are not
        ``session_id`` (or ``request_id`` where that is blank in all rows), ``model_group`` (or
        ``model``), ``spend`` and ``startTime``.

    Raises
    ------
    ValueError
        If a column is absent, or there are no calls.

    References
    ----------
    LiteLLM, "Spend Tracking", https://docs.litellm.ai/docs/proxy/cost_tracking, and the model
    ``LiteLLM_SpendLogs`` of its ``schema.prisma``.

    Examples
    --------
    >>> import pandas as pd
    >>> spend = pd.DataFrame(
    ...     {
    ...         "request_id": ["r1", "r2"],
    ...         "session_id": ["t1", "t2"],
    ...         "model": ["gpt-4o-mini", "gpt-4.1"],
    ...         "spend": [0.0004, 0.012],
    ...         "startTime": ["2026-03-02T09:00:00Z", "2026-03-02T09:05:00Z"],
    ...     }
    ... )
    >>> litellm(spend)
    Calls(LiteLLM's spend logs: 2 calls for 2 tickets, cost 0.0124; gpt-4.1 1, gpt-4o-mini 1)
    """
    return _read(source, columns, _LITELLM, "LiteLLM's spend logs")


def langfuse_observations(source: Any, *, columns: Mapping[str, str] | None = None) -> Calls:
    """Read Langfuse's observations: which model was called for a trace, and what it cost.

    Parameters
    ----------
    source : path or data frame
        Of the folder ``observations_v2/`` (or ``observations/``) of a blob storage export.
    columns : mapping of str to str, optional
        Names of the columns of ``ticket``, ``model``, ``cost`` and ``time``, where they are not
        ``trace_id``, ``provided_model_name``, ``total_cost`` and ``start_time``.

    Raises
    ------
    ValueError
        If a column is absent, or there are no calls.

    References
    ----------
    Langfuse, "Blob storage export field reference",
    https://langfuse.com/docs/api-and-data-platform/features/blob-storage-export-fields

    Examples
    --------
    >>> import pandas as pd
    >>> spans = pd.DataFrame(
    ...     {"trace_id": ["t1", "t1"], "provided_model_name": ["", "gpt-4.1"], "total_cost": [0, 1]}
    ... )
    >>> langfuse_observations(spans)
    Calls(Langfuse's observations: 1 call for 1 ticket, cost 1; gpt-4.1 1; 1 call names no model)
    """
    return _read(source, columns, _LANGFUSE, "Langfuse's observations")


def _read(
    source: Any,
    columns: Mapping[str, str] | None,
    places: Mapping[str, tuple[str, ...]],
    title: str,
) -> Calls:
    mapped = column_map(columns, _COLUMNS)
    wanted = [*mapped.values(), *(name for names in places.values() for name in names)]
    return read_source(source, "calls", partial(_calls, mapped, places, title), wanted)


def _calls(
    columns: Mapping[str, str], places: Mapping[str, tuple[str, ...]], title: str, table: Table
) -> Calls:
    held: dict[str, tuple[str, list[Any]]] = {}
    for name in _COLUMNS:
        paths = (columns[name],) if name in columns else places[name]
        found = first_field(table, paths)
        if found is None and (name in columns or name in ("ticket", "model")):
            raise ValueError(
                f"there is no column {' or '.join(map(repr, paths))} for the {name} of a call; "
                f"columns are {listed(table)}"
            )
        if found is not None:
            held[name] = found
    if "model" not in columns and len(places["model"]) > 1:
        held["model"] = (held["model"][0], _filled(table, places["model"], held["model"][1]))
    texts = {
        name: text_labels([None if is_blank(v) else v for v in held[name][1]], name, held[name][0])
        for name in ("ticket", "model")
    }
    rows = len(texts["ticket"])
    kept = [bool(t and m) for t, m in zip(texts["ticket"], texts["model"], strict=True)]
    at = np.flatnonzero(kept)
    if not len(at):
        raise ValueError("there are no calls that name a ticket and a model")
    cost = (
        numbers(held["cost"][1], held["cost"][0], (0, 1e9))
        if "cost" in held
        else np.full(rows, np.nan)
    )
    return Calls(
        title,
        tuple(texts["ticket"][i] for i in at.tolist()),
        tuple(texts["model"][i] for i in at.tolist()),
        cost[at],
        moments(held.get("time"), rows)[at],
        rows - len(at),
    )


def _filled(table: Table, paths: tuple[str, ...], values: list[Any]) -> list[Any]:
    """Take the name of a model from another column where the first is blank."""
    for path in paths:
        others = field(table, path)
        if others is not None:
            values = [o if is_blank(v) else v for v, o in zip(values, others, strict=True)]
    return values


def _unnamed(number: int) -> str:
    return f"{many(number, 'call')} name{'s' * (number == 1)} no model"


def _by_count(each: tuple[str, int]) -> tuple[int, str]:
    return -each[1], each[0]
