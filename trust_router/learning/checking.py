"""Checks of a loaded result: the rules that hold when one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.keyed import UNTRIED, Keyed
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import RECOVERED
from trust_router.learning.noise import RATES
from trust_router.learning.past import outcomes_of

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["check_result", "check_rows"]

_ROUNDING = 1e-6


def check_result(posterior: Posterior) -> None:
    """Refuse a result that no fit could have given.

    Raises
    ------
    KeyError, ValueError
        If something is absent, of the wrong shape, or out of its range.
    """
    panel, rows = posterior.panel, posterior.rows
    if "trust_router" not in posterior.provenance:
        raise ValueError("its provenance names no version")
    _ = posterior.options
    check_rows(panel, rows)
    name = "posterior" if posterior.has_draws else "closed_form"
    group = posterior.data[name].to_dataset()
    if posterior.has_draws:
        _ = posterior.data["sample_stats"]
    if "base" in posterior.data.children:
        _check_base(posterior)
    updates = posterior.provenance.get("updates", [])
    if not isinstance(updates, list) or not all(isinstance(each, dict) for each in updates):
        raise ValueError("its updates are no list of what was brought in")
    for dim, labels in (
        ("router", panel.router_names),
        ("seat", panel.seats.labels),
        ("category", rows.categories),
    ):
        if dim in group.dims and tuple(group[dim].values.tolist()) != labels:
            raise ValueError(f"its {dim} labels are in another order, or others")
    cells = len(rows.categories)
    for name, columns in (("trust_mean", panel.routers), ("seat_posterior", panel.seats.labels)):
        values, expected = getattr(posterior, name), (cells, len(columns))
        if values.shape != expected:
            raise ValueError(f"{name} has shape {values.shape} instead of {expected}")
        _check_shares(name, values)
    if "need" in group:
        _check_range("need", group["need"].values)


def check_rows(panel: Panel, rows: Rows) -> None:
    """Refuse rows that no panel's beliefs and outcomes could have given.

    Raises
    ------
    ValueError
        If judges are not the panel's, a value is no belief, or counts cannot be.
    """
    if rows.judges != panel.judge_names:
        raise ValueError(f"its judges are {rows.judges} and the panel's {panel.judge_names}")
    names = [f"row {i}" for i in range(len(rows))]
    Beliefs(names, rows.judges, rows.alpha, rows.beta, about="ticket")
    lengths = {len(x) for x in (rows.category, rows.alpha, rows.trials, rows.needs, rows.number)}
    if len(lengths) > 1:
        raise ValueError("its rows are not equally long")
    inside = (rows.needs >= 0) & (rows.needs <= rows.trials) & (rows.trials <= rows.number)
    if not inside.all():
        raise ValueError(f"its counts of row {int(np.argmin(inside))} cannot be")
    tickets = rows.tickets
    if tickets is not None and len(tickets):
        lengths = {len(x) for x in (tickets.key, tickets.row, tickets.outcome, tickets.logged)}
        inside = (tickets.row >= 0) & (tickets.row < len(rows))
        inside &= np.isin(tickets.outcome, (UNTRIED, -1, 0, 1))
        inside &= ~tickets.checked | ((tickets.outcome >= 0) & np.isin(tickets.logged, (-1, 0, 1)))
        if len(lengths) > 1 or not inside.all():
            raise ValueError("its tickets stand in no row")
        _check_tickets(rows, tickets)
    found = rows.found
    if rows.checked is not None and rows.checked.shape != (len(rows), 2, 3):
        raise ValueError("its checked outcomes are not those of its rows")
    if ((found > outcomes_of(rows)) | (found < 0)).any():
        raise ValueError("more outcomes are checked than there are")
    if len(rows) and not (-1 <= rows.category.min() <= rows.category.max() < len(rows.categories)):
        raise ValueError("a row is of no category")
    if rows.period is not None and not (
        len(rows.period) == len(rows)
        and ((rows.period >= -1) & (rows.period < len(rows.periods))).all()
    ):
        raise ValueError("a row is of no period")


def _check_tickets(rows: Rows, tickets: Keyed) -> None:
    """Refuse tickets that are known by name and of which there are more than are counted."""
    known = [np.bincount(tickets.row, each, minlength=len(rows)) for each in tickets.counts]
    trials, needs, number = known
    left = [rows.needs - needs, rows.trials - rows.needs - (trials - needs)]
    left.append(rows.number - rows.trials - (number - trials))
    if np.min(left) < 0:
        raise ValueError("its tickets are more than its counts")


def _check_base(posterior: Posterior) -> None:
    """Refuse what no update could start from."""
    base = posterior.data["base"].to_dataset()
    free = set(posterior.data["posterior"].to_dataset().data_vars) - RECOVERED
    if "scale" in base:  # a pool's posterior holds more that follows from them
        vector = posterior.options.vector(posterior.panel, posterior.rows)
        free = set() if vector is None else {*vector.normals}
        free |= set() if posterior.noise is None else {*RATES}
    lacking = (free | {"log_density"}) - set(base)
    if lacking or ("scale" in base) != ("shift" in base):
        raise ValueError("its draws of the last fit are not whole")
    wrong = [name for name, values in base.data_vars.items() if not np.isfinite(values).all()]
    if wrong:
        raise ValueError(f"{wrong[0]} of the last fit holds what is no number")


def _check_range(name: str, values: Array) -> None:
    wrong = ~(np.isnan(values) | ((values >= -_ROUNDING) & (values <= 1 + _ROUNDING)))
    if wrong.any():
        raise ValueError(f"{name} is {values[wrong][0]:g} and should lie between 0 and 1")


def _check_shares(name: str, values: Array) -> None:
    """Refuse what are no shares of a whole, along the last axis."""
    if np.isnan(values).any():
        raise ValueError(f"{name} holds NaN")
    _check_range(name, values)
    if (np.abs(values.sum(axis=-1) - 1) > _ROUNDING).any():
        raise ValueError(f"{name} does not sum to 1")
