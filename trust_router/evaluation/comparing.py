"""Comparing fitted models by leave-one-out."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.checks import shown
from trust_router.evaluation.loo import TicketLoo, ticket_loo
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Router
from trust_router.inputs.rows import Rows
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["check_posteriors", "compare", "loss_difference"]


def compare(
    posteriors: Mapping[str, Posterior],
    *,
    beliefs: Beliefs | None = None,
    outcomes: Outcomes | None = None,
    allow_unconverged: bool = False,
) -> pd.DataFrame:
    """Rank fitted models by how well they foretell each ticket from all the others.

    Parameters
    ----------
    posteriors : mapping of str to Posterior
        Two or more, fitted to the same tickets; of any models, and with any panels.
    beliefs, outcomes : optional
        What they were fitted to, with the beliefs of all judges. Needed only where no panel seats
        all judges of the others, since then nothing else tells which ticket is which.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    pandas.DataFrame
        Best model first. ``loss`` is the log loss per ticket, each foretold from all others; the
        rest are ArviZ's columns, over tickets: ``elpd`` with standard error ``se``, ``elpd_diff``
        from the best model with ``dse``, ``p_worse``, the effective number of parameters ``p``,
        the stacking ``weight``, and ArviZ's remarks in ``diag_diff`` and ``diag_elpd``. ``bad_k``
        counts tickets for which importance sampling failed; if there are any, a warning says so.

    Raises
    ------
    ValueError
        If models were not fitted to the same tickets, or tickets cannot be told apart.

    Notes
    -----
    One ticket is left out at a time, not one row of merged tickets, see `trust_router.ticket_loo`;
    so models that merge tickets differently are comparable. A difference of a few units of ``dse``
    or less than 4 in ``elpd`` says little [1]_.

    References
    ----------
    .. [1] T. Sivula et al., "Uncertainty in Bayesian leave-one-out cross-validation based model
       comparison", arXiv 2008.10296.

    Examples
    --------
    >>> pool = fit(panel, beliefs, outcomes, random_seed=1)  # doctest: +SKIP
    >>> rates = fit(panel, beliefs, outcomes, model="rates", random_seed=1)  # doctest: +SKIP
    >>> compare({"pool": pool, "rates": rates})[["loss", "elpd_diff", "dse"]]  # doctest: +SKIP
    """
    import arviz as az

    check_posteriors(posteriors, allow_unconverged)
    loos = _leave_out(posteriors)
    values = _by_ticket(posteriors, loos, beliefs, outcomes)
    data = {name: _elpd_data(loo, values[name]) for name, loo in loos.items()}
    table: pd.DataFrame = az.compare(data, round_to="none")
    table.index.name = "model"
    table.insert(1, "loss", [loos[name].loss for name in table.index])
    table["bad_k"] = [loos[name].bad for name in table.index]
    for name in table.index[table["bad_k"] > 0]:
        loo = loos[name]
        warnings.warn(
            f"leave-one-out of {name!r} is unreliable: Pareto k exceeds {loo.good_k:.2f} for "
            f"{loo.bad} of {loo.tickets.sum()} tickets; compare on held-out tickets instead",
            stacklevel=2,
        )
    return table


def loss_difference(one: Posterior, other: Posterior) -> tuple[float, float]:
    """Mean and standard error over tickets of the leave-one-out loss of ``other`` minus ``one``."""
    posteriors = {"one": one, "other": other}
    loos = _leave_out(posteriors)
    values = _by_ticket(posteriors, loos, None, None)
    difference = values["one"][0] - values["other"][0]
    return float(difference.mean()), float(difference.std() / np.sqrt(len(difference)))


def check_posteriors(posteriors: Mapping[str, Posterior], allow_unconverged: bool) -> None:
    """Refuse what does not map two or more names to posteriors that may be used."""
    if not isinstance(posteriors, Mapping) or len(posteriors) < 2:
        raise ValueError(
            "`posteriors` must map two or more names to fitted models; got "
            f"{shown(list(posteriors) if isinstance(posteriors, Mapping) else posteriors)}"
        )
    for name, posterior in posteriors.items():
        check_posterior(posterior, allow_unconverged, name)


def _leave_out(posteriors: Mapping[str, Posterior]) -> dict[str, TicketLoo]:
    return {
        str(name): ticket_loo(posterior, allow_unconverged=True)
        for name, posterior in posteriors.items()
    }


def _elpd_data(loo: TicketLoo, values: tuple[Array, Array]) -> Any:
    from arviz_stats.utils import ELPDDataLOO

    elpd, pareto_k = (xr.DataArray(each, dims="ticket") for each in values)
    return ELPDDataLOO(
        elpd=loo.total,
        se=float(np.sqrt(elpd.size) * elpd.values.std()),
        p=float(np.nansum(loo.tickets * loo.p)),
        n_samples=loo.draws,
        n_data_points=elpd.size,
        scale="log",
        warning=loo.bad > 0,
        good_k=loo.good_k,
        elpd_i=elpd,
        pareto_k=pareto_k,
    )


def _by_ticket(
    posteriors: Mapping[str, Posterior],
    loos: Mapping[str, TicketLoo],
    beliefs: Beliefs | None,
    outcomes: Outcomes | None,
) -> dict[str, tuple[Array, Array]]:
    """Values of elpd and Pareto k of single tickets, in the same order for all models."""
    finest = _finest(posteriors, beliefs, outcomes)
    tickets = np.stack([finest.trials - finest.needs, finest.needs], axis=-1)
    row, outcome = (np.repeat(at.ravel(), tickets.ravel()) for at in np.indices(tickets.shape))
    result = {}
    for name, loo in loos.items():
        place = _place(finest, loo.rows)
        if place is None or not _same_counts(place, finest, loo.rows):
            raise ValueError(
                "models must have been fitted to the same tickets with the same beliefs and "
                f"categories; those of {name!r} are others than those of "
                f"{next(n for n in loos if n != name)!r}"
            )
        at = (place[row], outcome)
        result[name] = (loo.elpd[at], loo.pareto_k[at])
    return result


def _finest(
    posteriors: Mapping[str, Posterior], beliefs: Beliefs | None, outcomes: Outcomes | None
) -> Rows:
    """Rows that tell all tickets apart which any of the models tells apart."""
    if (beliefs is None) != (outcomes is None):
        raise ValueError("`beliefs` and `outcomes` must be given together")
    judges = {
        judge.name: replace(judge, by_ticket=True)
        for posterior in posteriors.values()
        for judge in posterior.panel.judges
    }
    if beliefs is not None and outcomes is not None:
        seated = dict.fromkeys(judges, 1 / len(judges))
        everyone = Panel([Router("everyone", seated)], judges.values())
        return match(everyone, beliefs, outcomes).known()
    rows = [posterior.rows for posterior in posteriors.values()]
    by_ticket = [each for each in rows if each.about == "ticket"]
    speakers = {judge for each in by_ticket for judge in each.judges}
    for each in by_ticket or rows:
        if speakers <= set(each.judges):
            return each.known()
    raise ValueError(
        "no panel seats all judges of the others, so tickets cannot be told apart; give `beliefs` "
        "and `outcomes`, with the beliefs of all judges"
    )


def _place(rows: Rows, target: Rows) -> NDArray[np.intp] | None:
    """Row of ``target`` for each of ``rows``; None if one has no counterpart."""
    judges = target.judges if target.about == "ticket" else ()
    if not set(judges) <= set(rows.judges):
        return None
    known = {key: i for i, key in enumerate(_keys(target, judges))}
    place = np.array([known.get(key, -1) for key in _keys(rows, judges)], dtype=np.intp)
    return None if (place < 0).any() else place


def _keys(rows: Rows, judges: tuple[str, ...]) -> list[tuple[str, bytes]]:
    at = [rows.judges.index(judge) for judge in judges]
    shapes = np.nan_to_num(np.concatenate([rows.alpha[:, at], rows.beta[:, at]], axis=1), nan=-1.0)
    return [(name, shape.tobytes()) for name, shape in zip(rows.names, shapes, strict=True)]


def _same_counts(place: NDArray[np.intp], rows: Rows, target: Rows) -> bool:
    return all(
        np.array_equal(np.bincount(place, ours, minlength=len(target)), theirs)
        for ours, theirs in ((rows.trials, target.trials), (rows.needs, target.needs))
    )
