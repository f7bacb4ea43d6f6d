"""Predictions: the need of single tickets, with its uncertainty."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array, Counts
from trust_router.basics.checks import listed
from trust_router.basics.draws import NeedDraws
from trust_router.basics.shown import Shown
from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.counted import CountedBeliefs
from trust_router.inputs.panel import Panel
from trust_router.inputs.predicted import rows_to_predict
from trust_router.inputs.rows import Rows
from trust_router.learning.past import Foretold

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Predicting", "Prediction", "predict"]

_PLURAL = {"category": "categories", "ticket": "tickets"}


class Predicting(Protocol):
    """What it takes to predict: a panel, what was fitted, and need of other rows."""

    @property
    def panel(self) -> Panel:
        """The panel that was asked."""

    @property
    def rows(self) -> Rows:
        """Beliefs and outcomes that were fitted."""

    @property
    def chains(self) -> int:
        """How many chains were drawn."""

    def need_draws(self, rows: Rows, draws: int) -> Array:
        """Need of rows under some draws, shape (sample, row)."""


@dataclass(frozen=True, eq=False)
class Prediction(Shown):
    """Need of tickets (or categories) under each draw of a posterior.

    Attributes
    ----------
    tickets : tuple of str
        Identifiers; of categories if beliefs were about them.
    category : tuple of str
        Category of each ticket, as given.
    need : NeedDraws, batch (row,)
        Of the distinct rows: tickets that look alike share one.
    row : ndarray of int, shape (ticket,)
        Row of each ticket.
    unseen : ndarray of bool, shape (ticket,)
        Whether the category was not among those fitted: predicted from the population.
    speaking : ndarray of int, shape (ticket,)
        How many judges state a belief.
    converged : bool
        Whether the draws that it was made of may be trusted.
    past : Foretold or None
        How tickets with an outcome are foretold from all others.
    number : ndarray of int, shape (ticket,), or None
        How many tickets each stands for, where they were counted; None: for itself.
    """

    tickets: tuple[str, ...]
    category: tuple[str, ...]
    need: NeedDraws
    row: NDArray[np.intp]
    unseen: NDArray[np.bool_]
    speaking: NDArray[np.intp]
    converged: bool = True
    past: Foretold | None = field(default=None, repr=False)
    number: Counts | None = None

    @property
    def mean(self) -> Array:
        """Predictive probability that each ticket needs the complex model, shape (ticket,)."""
        return self.need.mean[self.row]

    def table(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> pd.DataFrame:
        """Tabulate the predictions.

        Returns
        -------
        pandas.DataFrame
            Index ticket; columns ``category``, ``need`` (posterior mean, the predictive
            probability), ``sd``, ``lower``, ``upper`` (how far it is known), ``judges`` (how many
            spoke) and ``unseen`` (category not fitted: predicted from the population).
        """
        import pandas as pd

        lower, upper = self.need.interval(ci_prob, ci_kind)
        columns = {
            "category": list(self.category),
            "need": self.mean,
            "sd": self.need.sd[self.row],
            "lower": lower[self.row],
            "upper": upper[self.row],
            "judges": self.speaking,
            "unseen": self.unseen,
        }
        return pd.DataFrame(columns, index=pd.Index(self.tickets, name="ticket"))

    def __repr__(self) -> str:
        each = np.ones(len(self.tickets), dtype=int) if self.number is None else self.number
        unseen, number = int(each[self.unseen].sum()), int(each.sum())
        rest = f", {unseen} of unseen categories" if unseen else ""
        mean = float((self.mean * each).sum() / max(number, 1)) if number else np.nan
        return f"Prediction({number} tickets, mean need {mean:.1%}{rest})"


def predict(
    source: Predicting, beliefs: Beliefs, draws: int, converged: bool, past: Foretold | None
) -> Prediction:
    """Predict the need of what beliefs are about; see `Posterior.predict`."""
    if beliefs.about != source.rows.about:
        raise ValueError(
            f"the model was fitted to beliefs about {_PLURAL[source.rows.about]}; "
            f"got beliefs about {_PLURAL[beliefs.about]}"
        )
    rows, inverse = rows_to_predict(source.panel, beliefs, source.rows.categories)
    _say_absent(rows, len(beliefs))
    unseen = (rows.category < 0)[inverse]
    if unseen.all():
        _question(beliefs, source.rows.categories)
    return Prediction(
        tickets=beliefs.labels,
        category=beliefs.category,
        need=NeedDraws(source.need_draws(rows, draws), source.chains),
        row=inverse,
        unseen=unseen,
        speaking=(~np.isnan(rows.alpha)).sum(axis=1)[inverse],
        converged=converged,
        past=past,
        number=beliefs.number if isinstance(beliefs, CountedBeliefs) else None,
    )


def _say_absent(rows: Rows, tickets: int) -> None:
    """Say which judges of the panel say nothing in a whole table; of a single ticket they may."""
    silent = np.isnan(rows.alpha).all(axis=0)
    absent = [judge for judge, lost in zip(rows.judges, silent, strict=True) if lost]
    if absent and tickets > 1:
        one = len(absent) == 1
        warnings.warn(
            f"{len(absent)} of {len(rows.judges)} judges of the panel {'says' if one else 'say'} "
            f"nothing of any of {tickets:,} tickets, so that need is predicted without "
            f"{'it' if one else 'them'}: {listed(absent)}; is a column absent, or misnamed?",
            UserWarning,
            stacklevel=4,
        )


def _question(beliefs: Beliefs, known: tuple[str, ...]) -> None:
    """Say that not one of several tickets is of a category that was fitted.

    A single one may well be new, and where only one category was fitted nothing is lost.
    """
    if len(known) < 2 or len(beliefs) < 2:
        return
    stated = next((str(name) for name in beliefs.category if name), None)
    what = "has a category" if stated is None else "is of a category that was fitted"
    theirs = "" if stated is None else f", and the tickets {stated!r}"
    warnings.warn(
        f"none of {len(beliefs):,} {_PLURAL[beliefs.about]} {what}, so their need is that of a "
        f"category never seen; the fit knows {listed(known)}{theirs}; categories in a table of "
        "their own are joined with `categories` (`--categories FILE`)",
        UserWarning,
        stacklevel=4,
    )
