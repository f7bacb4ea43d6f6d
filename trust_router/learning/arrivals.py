"""What an update may bring into a posterior, checked and matched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from trust_router.basics.checks import listed, shown
from trust_router.defaults import ONE_CATEGORY
from trust_router.inputs.beliefs import Beliefs, stated_beliefs
from trust_router.inputs.counted import CountedBeliefs
from trust_router.inputs.expected import expect
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.inputs.said import said
from trust_router.inputs.selection import warn_of_selection
from trust_router.inputs.ticket_log import TicketLog
from trust_router.learning.posterior import Posterior
from trust_router.learning.settings import Refits, check_run

__all__ = ["Refit", "check_update", "later_rows"]

Refit = Literal["never", "auto"]


def check_update(
    posterior: Posterior,
    beliefs: Beliefs | None,
    outcomes: Outcomes | None,
    refit: Refit | Refits,
    random_seed: int | None,
) -> None:
    """Say what no update can take before anything is computed; as `trust_router.learning.updating`.

    Raises
    ------
    TypeError
        If tables are not ours.
    ValueError
        If nothing is given, ``refit`` is unknown or of another panel, ``random_seed`` is none,
        or tickets could not be known again.
    """
    if beliefs is None and outcomes is None:
        raise ValueError("an update takes `beliefs`, `outcomes`, or both; got neither")
    if beliefs is not None:
        expect(beliefs, Beliefs, "beliefs")
    if outcomes is not None:
        expect(outcomes, Outcomes, "outcomes")
    known = isinstance(refit, str) and refit in get_args(Refit)
    if not known and not callable(getattr(refit, "fit_rows", None)):
        raise ValueError(f"`refit` must be 'never', 'auto' or a CompiledModel; got {shown(refit)}")
    compiled_for = getattr(refit, "panel", posterior.panel)
    if isinstance(compiled_for, Panel) and compiled_for.to_dict() != posterior.panel.to_dict():
        raise ValueError("`refit` is compiled for another panel than that of the posterior")
    check_run("warn", random_seed)
    rows = posterior.rows
    if isinstance(beliefs, CountedBeliefs):
        raise ValueError(
            "an update knows tickets again, and counted ones have no names; count all of them "
            "and fit again"
        )
    checked = 0 if rows.tickets is None else int(rows.tickets.checked.sum())
    if (rows.about == "ticket" and rows.tickets is None) or checked < rows.found.sum():
        raise ValueError(
            "the tickets of the posterior cannot be known again, for they were counted, or it was "
            "saved by an earlier version; those that come twice would count twice: fit again"
        )


def _check_categories(new: Sequence[str], known: Sequence[str]) -> None:
    """Refuse outcomes of tickets without a category, where the posterior has several kinds."""
    if ONE_CATEGORY in new and ONE_CATEGORY not in known:
        raise ValueError(
            f"outcomes must say of which category their tickets are, and these do not; the "
            f"posterior knows {listed(known)}. Add a column `category`, or a table of categories "
            "(`read_outcomes(..., categories=)`, --categories FILE)"
        )


def later_rows(posterior: Posterior, beliefs: Beliefs | None, outcomes: Outcomes | None) -> Rows:
    """Match what is new with itself; what belongs to tickets of earlier is joined afterwards.

    Raises
    ------
    ValueError
        If beliefs are of another kind, or cannot be matched, or tickets have no category where
        those of the posterior have some.

    Warns
    -----
    UserWarning
        If beliefs are about categories and only some tickets of one were tried.
    """
    panel, about = posterior.panel, posterior.rows.about
    if beliefs is None:
        names = () if outcomes is None else outcomes.categories
        beliefs = _of_no_ticket(posterior) if about == "ticket" else _stated(posterior, names)
    if beliefs.about != about:
        raise ValueError(
            f"`beliefs` must be about a {about}, as those of the posterior; got some about a "
            f"{beliefs.about}"
        )
    if outcomes is None:
        names = tuple(dict.fromkeys(c for c in beliefs.category if c)) or posterior.rows.categories
        none = np.zeros(len(names), dtype=np.int64)
        outcomes = Outcomes(names, none, none, log=TicketLog((), [], []))
    if about == "category":
        warn_of_selection(outcomes, stacklevel=5)
    clock = posterior.options.clock()
    rows = match(panel, beliefs, outcomes, warn=False, partly=True, clock=clock)
    _check_categories(rows.categories, posterior.rows.categories)
    return rows


def _stated(posterior: Posterior, categories: Sequence[str]) -> Beliefs:
    """Give beliefs about categories as before; of new ones the panel's, if all so far are."""
    held, panel = posterior.beliefs, posterior.panel
    both = list(dict.fromkeys([*held.labels, *categories]))
    if len(both) == len(held):
        return held
    try:
        stated = stated_beliefs(panel, both, panel.judge_names)
    except ValueError:  # the panel states none of one of them
        return held
    before = stated.select(held.labels, held.judges)
    same = np.allclose([before.alpha, before.beta], [held.alpha, held.beta])
    return stated if same else held


def _of_no_ticket(posterior: Posterior) -> Beliefs:
    """Give an empty table of the judges that spoke in a table so far.

    The others say of each ticket what the panel states about its category, and do so of new ones.
    """
    panel, rows = posterior.panel, posterior.rows

    def empty(judges: list[str]) -> Beliefs:
        nothing = np.empty((0, len(judges)))
        return Beliefs((), judges, nothing, nothing, about="ticket")

    silent = empty([judge.name for judge in panel.judges if not judge.speaks])
    nowhere = np.full(len(rows), -1)
    stated = np.stack(said(panel, silent, rows.names, nowhere, must_speak=False))
    same = np.isclose(stated, [rows.alpha, rows.beta], equal_nan=True).all(axis=(0, 1))
    speaks = np.array([judge.speaks for judge in panel.judges])
    return empty(np.array(panel.judge_names)[~(same & speaks)].tolist())
